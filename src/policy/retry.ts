/** Which failures are worth another try, how long to wait before it, and which end the run. */

/**
 * The file system may answer otherwise in a moment. ESTALE: a fresh lookup may find the file again.
 * NFS: a soft mount gives ETIMEDOUT (`softerr`) or what the network gave.
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
/** Perhaps no path can be written any more. */
const FATAL = new Set(['ENOSPC', 'EROFS', 'EDQUOT']);
/** ENOSPC: a file system that has much room may have none for the attributes of one file. */
const ATTRIBUTE_CALLS = ['setxattr ', 'removexattr '];

/** What is less is no room: file systems keep a few blocks back. */
const ROOM_BYTES = 1024 * 1024;

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;

/** What is known of the file system that a call failed on. */
export interface FailurePlace {
  readonly isRemote: boolean;
  readonly isEfs: boolean;
}

export function isTransient(code: string, { isRemote, isEfs }: FailurePlace): boolean {
  // A soft NFS mount gives EIO for a server that does not answer; a local disk gives it for a bad block.
  return TRANSIENT.has(code) || (isRemote && code === 'EIO') || (isEfs && isTooMuchInFlight(code));
}

/** EFS has no quotas: the client has more files open, or more locks, than EFS lets one have; or this process has. */
export function isTooMuchInFlight(code: string): boolean {
  return code === 'EDQUOT' || code === 'EMFILE';
}

/** Whether the file system must be asked if it takes no more at all, or only that path. */
export function mayBeFatal(
  { code, syscall }: { readonly code: string; readonly syscall: string },
  { isEfs }: Pick<FailurePlace, 'isEfs'>,
): boolean {
  if (!FATAL.has(code) || (isEfs && isTooMuchInFlight(code))) return false;
  return code === 'EROFS' || !ATTRIBUTE_CALLS.some((call) => syscall.startsWith(call));
}

/** @param freeInodes undefined: their number has no limit */
export function isFull(room: {
  readonly availableBytes: number;
  readonly freeInodes: number | undefined;
}): boolean {
  return room.availableBytes < ROOM_BYTES || room.freeInodes === 0;
}

/** Doubles from try to try. @param random from 0 to 1, so that many workers do not come back at once */
export function waitBeforeRetryMs(code: string, tries: number, random: number): number {
  // A fresh lookup is all it takes, if anything helps.
  if (code === 'ESTALE' && tries === 1) return 0;
  const fullMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
  return fullMs * (0.5 + random / 2);
}
