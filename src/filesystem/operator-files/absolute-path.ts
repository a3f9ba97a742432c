/** Makes a path absolute that the operator typed. */
import type { ByteString } from '../../model/byte-string.ts';
import { readlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Side, Task } from '../../model/task.ts';

/** @param path latin1, as the result */
export function absolutePath(path: ByteString): ByteString {
  // Not process.cwd(), which throws if that directory was removed.
  return resolve(readlinkSync('/proc/self/cwd', 'latin1'), path);
}

/** For output that is read outside the shell they were typed in, perhaps on another machine. */
export function absoluteRoots({ source, destination }: Pick<Task, Side>): Pick<Task, Side> {
  return { source: absolutePath(source), destination: absolutePath(destination) };
}
