/** Makes a path absolute that the operator typed. */
import type { ByteString } from '../../model/byte-string.ts';
import { readlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Side, Task } from '../../model/task.ts';

/** For comparing and showing: `link/..` becomes nothing. @param path latin1, as the result */
export function absolutePath(path: ByteString): ByteString {
  return resolve(workingDirectory(), path);
}

/** For opening: `..` stays, since what it leads to depends on links. */
export function fromWorkingDirectory(path: ByteString): ByteString {
  if (path.startsWith('/')) return path;
  return below(workingDirectory(), path);
}

/** A path that a file names, which counts from the file's directory. */
export function besideFile(file: ByteString, path: ByteString): ByteString {
  return fromWorkingDirectory(path.startsWith('/') ? path : below(dirname(file), path));
}

/** @param path relative */
function below(directory: ByteString, path: ByteString): ByteString {
  const name = path.replace(/^(\.\/+)+/, '');
  return name === '.' || name === '' ? directory : `${directory}/${name}`;
}

/** Not process.cwd(), which throws if that directory was removed. */
function workingDirectory(): ByteString {
  return readlinkSync('/proc/self/cwd', 'latin1');
}

/** For output that is read outside the shell they were typed in, perhaps on another machine. */
export function absoluteRoots({ source, destination }: Pick<Task, Side>): Pick<Task, Side> {
  return { source: absolutePath(source), destination: absolutePath(destination) };
}
