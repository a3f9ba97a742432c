/** Which failures are worth another try, how long to wait before it, and which end the run. */

/** The file system may answer otherwise in a moment. ESTALE: a fresh lookup may find the file again. */
const TRANSIENT = new Set(['EAGAIN', 'EBUSY', 'EINTR', 'EMFILE', 'ENFILE', 'ESTALE', 'ETIMEDOUT']);
/** No path can be written any more. */
const FATAL = new Set(['ENOSPC', 'EROFS', 'EDQUOT']);

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;

/** A soft NFS mount gives EIO for a server that does not answer; a local disk gives it for a bad block. */
export function isTransient(code: string, isRemote: boolean): boolean {
  return TRANSIENT.has(code) || (isRemote && code === 'EIO');
}

export function isFatal(code: string): boolean {
  return FATAL.has(code);
}

/** Doubles from try to try. @param random from 0 to 1, so that many workers do not come back at once */
export function waitBeforeRetryMs(tries: number, random: number): number {
  const fullMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
  return fullMs * (0.5 + random / 2);
}
