/** What a call that failed on the source tells of it: the source may have moved on since it was listed. */
import type { ProblemClass } from '../model/problem.ts';

/** ESTALE on NFS: the server no longer knows the file. */
const GONE = new Set(['ENOENT', 'ESTALE']);
/** An entry of another kind has the name by now, or a name above it: no directory, a link, a socket, a FIFO. */
const REPLACED = new Set(['ENOTDIR', 'ELOOP', 'EISDIR', 'ENXIO', 'ESPIPE']);

export function classOfSourceFailure(code: string, syscall: string): ProblemClass {
  if (GONE.has(code)) return 'vanished';
  const isNoLinkNow = code === 'EINVAL' && syscall === 'readlinkat';
  return REPLACED.has(code) || isNoLinkNow ? 'changed' : 'failed';
}
