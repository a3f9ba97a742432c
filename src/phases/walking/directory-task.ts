/** A directory to walk, as it travels between isolates. */

export interface DirectoryTask {
  /** Relative to the roots, latin1. */
  readonly path: string;
  /**
   * - `both`: directories on both sides
   * - `source`: the destination has none yet
   * - `destination`: extraneous
   */
  readonly sides: 'both' | 'source' | 'destination';
  /** Extraneous, and something that is no directory takes its place. */
  readonly makesWay: boolean;
  /** Only this name in it: a file large enough to be a task of its own. */
  readonly only?: string;
}

export const ROOT_TASK: DirectoryTask = { path: '', sides: 'both', makesWay: false };
