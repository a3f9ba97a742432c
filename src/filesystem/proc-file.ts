/** Files in which the kernel tells of this process: proc(5). */
import { readFileSync } from 'node:fs';
import { LocationError } from '../errors.ts';

/** latin1. @throws LocationError where this machine does not give it */
export function readProcFile(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    throw new LocationError(`cannot read ${path}: ${message}`, { code, syscall: 'read', path, cause });
  }
}
