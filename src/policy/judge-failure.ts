/**
 * Judges a failed call by its error: whether to retry it and when, whether it ends the run, whether the source
 * has changed, and whether a server squashes root.
 */
import type { ByteString } from '../model/byte-string.ts';
import { LocationError } from '../model/run/errors.ts';
import type { ProblemClass } from '../model/run/problem.ts';
import type { Side } from '../model/task.ts';

/**
 * A retry may succeed. ESTALE: a fresh lookup may find the file again. NFS: a soft mount gives ETIMEDOUT
 * (`softerr`) or the network's own error.
 */
const TRANSIENT = new Set([
  'EAGAIN',
  'EBUSY',
  'ECONNRESET',
  'EHOSTUNREACH',
  'EINTR',
  'EMFILE',
  'ENETDOWN',
  'ENETUNREACH',
  'ENFILE',
  'ENOMEM',
  'ESTALE',
  'ETIMEDOUT',
]);
/** Errors that may mean that nothing more can be written anywhere. */
const FATAL = new Set(['ENOSPC', 'EROFS', 'EDQUOT']);
/**
 * ENOSPC from these calls may mean no room for the attributes of one file, on a file system with much free
 * space.
 */
const ATTRIBUTE_CALLS = ['setxattr ', 'removexattr '];

/** Less than this counts as full: file systems keep a few blocks in reserve. */
const ROOM_BYTES = 1024 * 1024;

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;

/** The relevant facts about the file system that a call failed on. */
export interface RootKind {
  readonly isRemote: boolean;
  readonly isEfs: boolean;
}

export function isTransient(code: string, { isRemote, isEfs }: RootKind): boolean {
  // EIO means an unresponsive server on a soft NFS mount, but a bad block on a local disk.
  return TRANSIENT.has(code) || (isRemote && code === 'EIO') || (isEfs && isTooMuchInFlight(code));
}

/** EFS has no quotas: these mean that the client or this process has too many open files or locks. */
export function isTooMuchInFlight(code: string): boolean {
  return code === 'EDQUOT' || code === 'EMFILE';
}

/** Whether to ask the file system if it is full or read-only as a whole, or if only this path failed. */
export function mayBeFatal(
  { code, syscall }: { readonly code: string; readonly syscall: string },
  { isEfs }: Pick<RootKind, 'isEfs'>,
): boolean {
  if (!FATAL.has(code) || (isEfs && isTooMuchInFlight(code))) return false;
  return code === 'EROFS' || !ATTRIBUTE_CALLS.some((call) => syscall.startsWith(call));
}

/** @param freeInodes undefined if their number has no limit */
export function isFull(room: {
  readonly availableBytes: number;
  readonly freeInodes: number | undefined;
}): boolean {
  return room.availableBytes < ROOM_BYTES || room.freeInodes === 0;
}

/** Doubles with each try. @param random from 0 to 1, so that many workers do not retry at the same moment */
export function waitBeforeRetryMs(code: string, tries: number, random: number): number {
  // Only a fresh lookup can help, so there is no need to wait.
  if (code === 'ESTALE' && tries === 1) return 0;
  const fullMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
  return fullMs * (0.5 + random / 2);
}

/** ESTALE on NFS: the server no longer knows the file. */
const GONE = new Set(['ENOENT', 'ESTALE']);
/** The name, or one above it, is now another kind of entry: no directory, a link, a socket, a FIFO. */
const REPLACED = new Set(['ENOTDIR', 'ELOOP', 'EISDIR', 'ENXIO', 'ESPIPE']);

/** A failed call on the source: it may have changed since it was listed. */
export function classOfSourceFailure(code: string, syscall: string): ProblemClass {
  if (GONE.has(code)) return 'vanished';
  const isNoLinkNow = code === 'EINVAL' && syscall === 'readlinkat';
  // --copy-links: links that lead in a circle. Without it, statx never meets one.
  if (code === 'ELOOP' && syscall === 'statx') return 'failed';
  return REPLACED.has(code) || isNoLinkNow ? 'changed' : 'failed';
}

/** EPERM: reading somebody else's file, or changing its owner. */
const DENIALS = new Set(['EACCES', 'EPERM']);

/** No local file system denies root anything, but a server may. */
export function isDenial(code: string): boolean {
  return DENIALS.has(code);
}

/** One sentence for any number of paths. */
export function squashAdvice(side: Side): string {
  const finding = `the ${side} server does not give root full access: its export seems to squash root (root_squash, all_squash)`;
  const cure = 'export it to this machine with no_root_squash and mount it again';
  const onEfs =
    side === 'source'
      ? ''
      : '; on Amazon EFS, allow elasticfilesystem:ClientRootAccess and use no access point that enforces a user';
  return `${finding}; ${cure}${onEfs}`;
}

const UNWRITABLE = new Set<unknown>(['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'ENOSPC', 'EDQUOT']);

/**
 * The state directory is not known, not there and cannot be made, or cannot be written: another will do. Where it is
 * there but not this user's alone, none will: that is to be mended. @param stateDirectory empty if none is known
 */
export function isUnwritable(stateDirectory: ByteString, error: unknown): boolean {
  return error instanceof LocationError && (stateDirectory === '' || UNWRITABLE.has(error.code));
}
