/** Tries on a root which times it keeps, and whether it takes changes at all. Leaves no trace. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Timestamp } from '../../model/entry.ts';
import { statName, statOpen } from '../entry-stat.ts';
import {
  AT_EMPTY_PATH,
  O_CLOEXEC,
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_PATH,
  O_WRONLY,
} from '../../linux/constants.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import type { Root } from '../root.ts';
import { takeTimespecs, releaseTimespecs } from '../../linux/times.ts';
import { EROFS } from '../../linux/system-error.ts';

export interface TimesProbe {
  readonly fileName: ByteString;
  readonly linkName: ByteString;
  readonly time: Timestamp;
}

/** Undefined: a call failed; the run's own calls will report why. */
export interface ProbedTimes {
  readonly file: Timestamp | undefined;
  readonly link: Timestamp | undefined;
}

/** Sets a time on a file and a symbolic link of its own, reads back the stored times, and removes both. */
export async function probeTimes(root: Root, probe: TimesProbe): Promise<ProbedTimes> {
  const before = new StatBuffer();
  const asked = await statOpen(root, before, 'server');
  const file = await probeName(root, probe.fileName, () => makeFile(root, probe));
  const link = await probeName(root, probe.linkName, () => makeLink(root, probe));
  if (asked >= 0) {
    const { atimeSec, atimeNsec, mtimeSec, mtimeNsec } = before;
    const atime = { sec: atimeSec, nsec: atimeNsec };
    // If this fails, the run sets the root's time itself or reports why not.
    await withTimes(atime, { sec: mtimeSec, nsec: mtimeNsec }, (times) =>
      root.linux.futimens(root.fd, times),
    );
  }
  return { file, link };
}

/**
 * NFS: only the server knows that its export is read-only, and reports it for a change. So this sets the
 * access time that the root already has.
 * @param stat of the root
 */
export async function refusesChanges(root: Root, stat: StatBuffer): Promise<boolean> {
  const atime = { sec: stat.atimeSec, nsec: stat.atimeNsec };
  const result = await withTimes(atime, undefined, (times) => root.linux.futimens(root.fd, times));
  return result === -EROFS;
}

/** @param make gives a negative number if a call failed */
async function probeName(
  root: Root,
  name: ByteString,
  make: () => Promise<number>,
): Promise<Timestamp | undefined> {
  const stat = new StatBuffer();
  const isMade = (await make()) >= 0;
  const isAsked = isMade && (await statName({ ...root, path: '' }, name, stat, 'server')) >= 0;
  // NFS: a creation reported as failed may have succeeded, with its reply lost.
  await root.linux.unlinkat(root.fd, name, 0);
  return isAsked ? { sec: stat.mtimeSec, nsec: stat.mtimeNsec } : undefined;
}

async function makeFile({ linux, fd: rootFd }: Root, { fileName, time }: TimesProbe): Promise<number> {
  const fd = await linux.openat(
    rootFd,
    fileName,
    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
    0o600,
  );
  if (fd < 0) return fd;
  const written = await linux.pwrite(fd, Buffer.from('x'), 1, 0);
  const set = await withTimes(time, time, (times) => linux.futimens(fd, times));
  return Math.min(written, set, await linux.close(fd));
}

async function makeLink({ linux, fd: rootFd }: Root, { linkName, time }: TimesProbe): Promise<number> {
  const made = await linux.symlinkat('x', rootFd, linkName);
  const fd = made < 0 ? made : await linux.openat(rootFd, linkName, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
  if (fd < 0) return fd;
  const set = await withTimes(time, time, (times) => linux.utimensat(fd, '', times, AT_EMPTY_PATH));
  // An O_PATH descriptor has nothing to flush, so errors of close are ignored.
  await linux.close(fd);
  return set;
}

async function withTimes(
  atime: Timestamp,
  mtime: Timestamp | undefined,
  set: (times: Buffer) => number | Promise<number>,
): Promise<number> {
  const times = takeTimespecs(atime, mtime);
  const result = await set(times);
  releaseTimespecs(times);
  return result;
}
