/**
 * Probes what this user may do in the roots: makes a test file, reads back its metadata and removes it without
 * a trace; looks for an entry that only its owner may read, and reads it.
 */
import type { ByteString } from '../model/byte-string.ts';
import { statName, statOpen } from '../filesystem/entry-stat.ts';
import {
  O_CLOEXEC,
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
} from '../linux/constants.ts';
import { StatBuffer } from '../linux/stat-buffer.ts';
import { EISDIR, EROFS, SystemError } from '../linux/system-error.ts';
import { type Timestamp, isDirectory, isFile, type Entry, permissionsOf } from '../model/entry.ts';
import { childPath, type OpenDirectory, type Root } from '../filesystem/root.ts';
import { takeTimespecs, releaseTimespecs } from '../linux/times.ts';
import { listDirectory } from '../filesystem/list-directory.ts';
import { withDirectory } from '../filesystem/open-directory.ts';

export interface WritingProbe {
  /** In words, the first call that failed: "cannot create a file: Permission denied". */
  readonly failure: string | undefined;
  /** The server accepts no changes. */
  readonly isReadOnly?: boolean;
  readonly uid: number;
  readonly gid: number;
  /** Undefined: changing its owner to `strangerUid` worked, or was not tried. */
  readonly chownFailure: string | undefined;
  readonly keepsNanoseconds: boolean;
}

export interface ProbeRequest {
  readonly name: ByteString;
  /** The user to give the test file to. */
  readonly strangerUid: number | undefined;
}

const NOTHING = { uid: -1, gid: -1, chownFailure: undefined, keepsNanoseconds: false };
const TIME = { sec: 1_000_000_000, nsec: 123_456_789 };
const UNCHANGED = 0xffffffff;

export async function probeWriting(root: Root, request: ProbeRequest): Promise<WritingProbe> {
  const before = new StatBuffer();
  const asked = await statOpen(root, before, 'server');
  const probe = await probeWithFile(root, request);
  // Restore the root's time, so that a verified copy stays verified. A user who may not set it is not its
  // owner, and the next sync cannot set it either.
  if (asked >= 0) await setTime(root, root.fd, { sec: before.mtimeSec, nsec: before.mtimeNsec });
  return probe;
}

async function probeWithFile(root: Root, { name, strangerUid }: ProbeRequest): Promise<WritingProbe> {
  const { linux } = root;
  const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const fd = await linux.openat(root.fd, name, flags, 0o600);
  if (fd < 0) {
    // NFS: a creation reported as failed may have succeeded, with its reply lost.
    await linux.unlinkat(root.fd, name, 0);
    return { ...NOTHING, failure: `cannot create a file: ${errnoText(fd)}`, isReadOnly: fd === -EROFS };
  }
  const steps = new Steps();
  const stat = new StatBuffer();
  steps.note('read its metadata', await statOpen({ linux, fd }, stat, 'server'));
  const { uid, gid } = stat;
  const chowned = strangerUid === undefined ? 0 : await linux.fchown(fd, strangerUid, UNCHANGED);
  const bytes = Buffer.from('x');
  steps.note('write to it', await linux.pwrite(fd, bytes, bytes.length, 0));
  steps.note('set its times', await setTime(root, fd, TIME));
  steps.note('flush it', await linux.fsync(fd));
  steps.note('read its metadata', await statOpen({ linux, fd }, stat, 'server'));
  steps.note('close it', await linux.close(fd));
  steps.note('remove it', await linux.unlinkat(root.fd, name, 0));
  const chownFailure = chowned < 0 ? errnoText(chowned) : undefined;
  return { failure: steps.failure, uid, gid, chownFailure, keepsNanoseconds: stat.mtimeNsec === TIME.nsec };
}

async function setTime({ linux }: Root, fd: number, time: Timestamp): Promise<number> {
  const times = takeTimespecs(undefined, time);
  const result = await linux.futimens(fd, times);
  releaseTimespecs(times);
  return result;
}

/** Later steps run even after a failure, so that the file is removed. Reports the first failure. */
class Steps {
  failure: string | undefined;

  note(attempt: string, result: number): void {
    if (result < 0) this.failure ??= `cannot ${attempt}: ${errnoText(result)}`;
  }
}

function errnoText(result: number): string {
  return new SystemError(result, '', '').reason;
}

/** Looks for an entry that only its owner may read, and checks whether this user can read it anyway. */
export interface PrivateEntry {
  readonly path: ByteString;
  /** Why it cannot be opened; undefined if it can. */
  readonly failure: string | undefined;
}

/** A quick look, not a scan: home and key directories are usually near the top. */
const MOST_DIRECTORIES = 200;
const MOST_NAMES = 50;

/** Breadth first, a part of each directory. Undefined if none was found. */
export async function findPrivateEntry(root: Root, ownUid: number): Promise<PrivateEntry | undefined> {
  const waiting = [''];
  for (let count = 0; count < MOST_DIRECTORIES; count++) {
    const path = waiting.shift();
    if (path === undefined) return undefined;
    try {
      const found = await withDirectory(root, path, (directory) => lookIn(directory, ownUid, waiting));
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      // Its mode lets others read it, and yet this user may not: as useful as a private entry.
      if (error.code === 'EACCES') return { path, failure: error.reason };
    }
  }
  return undefined;
}

async function lookIn(
  directory: OpenDirectory,
  ownUid: number,
  waiting: string[],
): Promise<PrivateEntry | undefined> {
  const { directories, others } = await listDirectory(directory);
  const stat = new StatBuffer();
  for (const name of [...others.slice(0, MOST_NAMES), ...directories.slice(0, MOST_NAMES)]) {
    if ((await statName(directory, name, stat)) < 0) continue;
    const path = childPath(directory.path, name);
    if (isPrivate(stat, ownUid)) return { path, failure: await openingFailure(directory, name) };
    if (isDirectory(stat)) waiting.push(path);
  }
  return undefined;
}

function isPrivate(entry: Entry, ownUid: number): boolean {
  if (entry.uid === ownUid || !(isFile(entry) || isDirectory(entry))) return false;
  return (permissionsOf(entry) & 0o044) === 0;
}

async function openingFailure({ linux, fd }: OpenDirectory, name: ByteString): Promise<string | undefined> {
  const opened = await linux.openat(fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
  if (opened < 0) return new SystemError(opened, 'openat', name).reason;
  // NFS: the client may still trust a permission that the server has withdrawn; a read asks the server.
  const byte = Buffer.alloc(1);
  const read = await linux.pread(opened, byte, byte.length, 0);
  await linux.close(opened);
  return read < 0 && read !== -EISDIR ? new SystemError(read, 'pread', name).reason : undefined;
}
