/** A root as it reads from anywhere, for what outlives the shell it was typed in. */
import { readlinkSync } from 'node:fs';
import { resolve } from 'node:path';

/** @param path latin1, as the result */
export function absolutePath(path: string): string {
  // Not process.cwd(), which throws where that directory is no more.
  return resolve(readlinkSync('/proc/self/cwd', 'latin1'), path);
}
