/** Files that a run itself writes or is controlled by. If they lie in a tree, the sync leaves them out. */
import type { ByteString } from '../byte-string.ts';
import type { Identity } from '../entry.ts';

/**
 * - `appended`: a log, which may be renamed during the run
 * - `replaced`: written under a temporary name beside it first
 * - `fixed`: neither
 */
export type RunFileUse = 'appended' | 'replaced' | 'fixed';

export interface NamedRunFile {
  /** Its name in reports: `--log-file`. */
  readonly what: string;
  /** As the operator named it, latin1. */
  readonly path: ByteString;
  readonly use: RunFileUse;
}

export interface RunFile {
  readonly what: string;
  readonly use: RunFileUse;
  /** The directory where it is, or will be. */
  readonly directory: Identity;
  readonly name: ByteString;
  /** The file of that name when the run began. */
  readonly found: Identity | undefined;
}

/** Plain data that is sent to the workers. */
export interface RunFiles {
  readonly files: readonly RunFile[];
  /** Directories that contain one at any depth. */
  readonly above: readonly Identity[];
}

/** A path that was left out of the run. */
export interface SparedPath {
  readonly side: 'source' | 'destination';
  /** Relative to the root, latin1. */
  readonly path: ByteString;
  /**
   * The run file's `what`; undefined: an NFS client's placeholder for a removed file that a process has open, or
   * `partOf` tells.
   */
  readonly what: string | undefined;
  /** A directory that the file system has for itself. */
  readonly partOf?: 'snapshots' | 'file system';
}
