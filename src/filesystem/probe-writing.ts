/** Makes one file in a root, asks what became of it, and removes it without a trace. */
import { statOpen } from './entry-stat.ts';
import { O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } from './linux/constants.ts';
import { StatBuffer } from './linux/stat-buffer.ts';
import { SystemError } from './linux/system-error.ts';
import type { Timestamp } from '../model/wanted-metadata.ts';
import type { Root } from './root.ts';
import { releaseTimespecs, takeTimespecs } from './timespec.ts';

export interface WritingProbe {
  /** In words, the first call that failed: "cannot make a file: Permission denied". */
  readonly failure: string | undefined;
  readonly uid: number;
  readonly gid: number;
  /** Undefined: giving it to `strangerUid` worked, or was not tried. */
  readonly chownFailure: string | undefined;
  readonly keepsNanoseconds: boolean;
}

export interface ProbeRequest {
  readonly name: string;
  /** Whom to give the file to, once it is made. */
  readonly strangerUid: number | undefined;
}

const NOTHING = { uid: -1, gid: -1, chownFailure: undefined, keepsNanoseconds: false };
const TIME = { sec: 1_000_000_000, nsec: 123_456_789 };
const UNCHANGED = 0xffffffff;

export async function probeWriting(root: Root, request: ProbeRequest): Promise<WritingProbe> {
  const before = new StatBuffer();
  const asked = await statOpen(root, before, 'server');
  const probe = await probeWithFile(root, request);
  // A copy that was verified stays verified: the root's time is part of it. Who may not set it is not its owner, and
  // the next sync leaves it as it is, too.
  if (asked >= 0) await setTime(root, root.fd, { sec: before.mtimeSec, nsec: before.mtimeNsec });
  return probe;
}

async function probeWithFile(root: Root, { name, strangerUid }: ProbeRequest): Promise<WritingProbe> {
  const { linux } = root;
  const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const fd = await linux.openat(root.fd, name, flags, 0o600);
  if (fd < 0) {
    // NFS: what is reported as failed may have been done, its reply lost.
    await linux.unlinkat(root.fd, name, 0);
    return { ...NOTHING, failure: `cannot make a file: ${reasonOf(fd)}` };
  }
  const steps = new Steps();
  const stat = new StatBuffer();
  steps.note('ask for its metadata', await statOpen({ linux, fd }, stat, 'server'));
  const { uid, gid } = stat;
  const chowned = strangerUid === undefined ? 0 : await linux.fchown(fd, strangerUid, UNCHANGED);
  const bytes = Buffer.from('x');
  steps.note('write to it', await linux.pwrite(fd, bytes, bytes.length, 0));
  steps.note('set its times', await setTime(root, fd, TIME));
  steps.note('flush it', await linux.fsync(fd));
  steps.note('ask for its metadata', await statOpen({ linux, fd }, stat, 'server'));
  steps.note('close it', await linux.close(fd));
  steps.note('remove it', await linux.unlinkat(root.fd, name, 0));
  const chownFailure = chowned < 0 ? reasonOf(chowned) : undefined;
  return { failure: steps.failure, uid, gid, chownFailure, keepsNanoseconds: stat.mtimeNsec === TIME.nsec };
}

async function setTime({ linux }: Root, fd: number, time: Timestamp): Promise<number> {
  const times = takeTimespecs(undefined, time);
  const result = await linux.futimens(fd, times);
  releaseTimespecs(times);
  return result;
}

/** All are taken, so that the file goes whatever fails; the first failure is the one to tell. */
class Steps {
  failure: string | undefined;

  note(attempt: string, result: number): void {
    if (result < 0) this.failure ??= `cannot ${attempt}: ${reasonOf(result)}`;
  }
}

function reasonOf(result: number): string {
  return new SystemError(result, '', '').reason;
}
