/** Files in which the kernel tells of this process: proc(5). */
import { readFileSync } from 'node:fs';
import { LocationError } from '../errors.ts';

/** latin1. @throws LocationError where this machine does not give it */
export function readProcFile(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    const cure = code === 'EMFILE' ? '; raise how many files this process may open (ulimit -n)' : '';
    throw new LocationError(`cannot read ${path}: ${message}${cure}`, { code, syscall: 'read', path, cause });
  }
}
