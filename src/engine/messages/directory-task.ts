/** A directory to walk, as sent between isolates. */
import type { ByteString } from '../../model/byte-string.ts';
import { lastName, parentPath } from '../../filesystem/root.ts';

/**
 * Among new names that fold to one: the first is made like the rest of the directory, a later one may find
 * its name taken.
 */
export type Rank = 'first' | 'later';

export interface DirectoryTask {
  /** Relative to the roots, latin1. */
  readonly path: ByteString;
  /**
   * - `both`: directories on both sides
   * - `source`: the destination has none yet
   * - `destination`: extraneous
   */
  readonly sides: 'both' | 'source' | 'destination';
  /** Extraneous: a non-directory replaces it, or a directory above it. */
  readonly makesWay: boolean;
  /**
   * Nothing extraneous is deleted here: a source directory above could not be listed completely, or a
   * destination directory above is outside with `--one-file-system`.
   */
  readonly keepsExtraneous?: boolean;
  /** Extraneous: the device of the destination's parent directory. */
  readonly deviceAbove?: number;
  /** It is replaced itself: rsync does not list its deletion. */
  readonly isReplaced?: boolean;
  /** How many directories above it are removed after it. */
  readonly removedAbove?: number;
  /** It is new at the destination, which may treat its name and another name as one. */
  readonly rank?: Rank;
  /** Verifying: the missing directory that it is, or is below. */
  readonly missingFrom?: ByteString;
  /** Only this name in it: a file large enough to be its own task, or one that was listed as a directory. */
  readonly only?: string;
}

/** The path turned out not to be a directory, so it becomes a name in its parent directory. */
export function asNameIn({ path, missingFrom }: Pick<DirectoryTask, 'path' | 'missingFrom'>): DirectoryTask {
  return {
    path: parentPath(path),
    sides: 'both',
    makesWay: false,
    only: lastName(path),
    ...(missingFrom !== undefined && { missingFrom }),
  };
}

export const ROOT_TASK: DirectoryTask = { path: '', sides: 'both', makesWay: false };
