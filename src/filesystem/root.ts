/** An opened root directory, with the calls to use below it. Descriptors are valid in every worker. */
import type { Side } from '../model/task.ts';
import type { Linux } from './linux/call-table.ts';

export interface Root {
  readonly linux: Linux;
  readonly fd: number;
}

/** A directory below a root, held open. */
export interface OpenDirectory {
  readonly linux: Linux;
  readonly fd: number;
  /** Relative to the root, latin1; empty for the root itself. */
  readonly path: string;
}

/** A file below a root, held open for reading or writing. */
export interface OpenFile {
  readonly linux: Linux;
  readonly fd: number;
  /** Relative to the root, latin1. */
  readonly path: string;
  /** Where the files of both sides are read alike: to name the one that failed. */
  readonly side?: Side;
}

export function childPath(directoryPath: string, name: string): string {
  return directoryPath === '' ? name : `${directoryPath}/${name}`;
}

export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
