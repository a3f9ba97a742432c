/**
 * flock(2) for history files. It is not among the noted calls: otherwise writing the history would look like
 * progress of a stuck sync.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { LOCK_EX, LOCK_NB, LOCK_SH } from '../../linux/constants.ts';
import { loadLibrary, type ForeignFunction } from '../../linux/library.ts';
import { check, EAGAIN } from '../../linux/system-error.ts';

let flock: ForeignFunction | undefined;

/** False if another process holds the lock. @param path only for the error @throws SystemError */
export function tryToLock(fd: number, kind: 'shared' | 'exclusive', path: ByteString): boolean {
  const { declare, errno } = loadLibrary();
  flock ??= declare('flock', 'int', ['int', 'int']);
  const operation = kind === 'shared' ? LOCK_SH : LOCK_EX;
  const result = (flock(fd, operation | LOCK_NB) as number) < 0 ? -errno() : 0;
  if (result === -EAGAIN) return false;
  check(result, 'flock', path);
  return true;
}
