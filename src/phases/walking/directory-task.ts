/** A directory to walk, as it travels between isolates. */
import { lastName, parentPath } from '../../filesystem/root.ts';

/** Of names still to be made that fold to one: the first is made like the rest of the directory, the others may find theirs taken. */
export type Rank = 'first' | 'later';

export interface DirectoryTask {
  /** Relative to the roots, latin1. */
  readonly path: string;
  /**
   * - `both`: directories on both sides
   * - `source`: the destination has none yet
   * - `destination`: extraneous
   */
  readonly sides: 'both' | 'source' | 'destination';
  /** Extraneous: something that is no directory takes its place, or that of a directory above. */
  readonly makesWay: boolean;
  /**
   * A source directory above could not be listed completely, or one of the destination is outside with
   * `--one-file-system`: nothing extraneous is deleted here either.
   */
  readonly keepsExtraneous?: boolean;
  /** Extraneous: the device of the destination's directory above it. */
  readonly deviceAbove?: number;
  /** It is the one whose place is taken: rsync does not list its deletion. */
  readonly isReplaced?: boolean;
  /** It is not at the destination yet, which may take its name for another one that it folds to. */
  readonly rank?: Rank;
  /** Only this name in it: a file large enough to be a task of its own, or one that was listed as a directory. */
  readonly only?: string;
}

/** It turned out to be no directory: a name of the directory above, then. */
export function asNameIn({ path }: Pick<DirectoryTask, 'path'>): DirectoryTask {
  return { path: parentPath(path), sides: 'both', makesWay: false, only: lastName(path) };
}

export const ROOT_TASK: DirectoryTask = { path: '', sides: 'both', makesWay: false };
