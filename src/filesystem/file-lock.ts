/** flock(2) beside a sync. It is not among the noted calls: that a history is kept must not pass for a sync that moves. */
import { LOCK_EX, LOCK_NB, LOCK_SH } from './linux/constants.ts';
import { loadLibrary, type ForeignFunction } from './linux/library.ts';
import { check, EAGAIN } from './linux/system-error.ts';

let flock: ForeignFunction | undefined;

/** False: another holds it. @param path for the error alone @throws SystemError */
export function tryToLock(fd: number, kind: 'shared' | 'exclusive', path: string): boolean {
  const { declare, errno } = loadLibrary();
  flock ??= declare('flock', 'int', ['int', 'int']);
  const operation = kind === 'shared' ? LOCK_SH : LOCK_EX;
  const result = (flock(fd, operation | LOCK_NB) as number) < 0 ? -errno() : 0;
  if (result === -EAGAIN) return false;
  check(result, 'flock', path);
  return true;
}
