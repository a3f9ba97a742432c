/** The result of a run, and how much it proves. Exit status, messages, pages, history and hooks only render it. */
import type { LeftAloneCause } from '../tally.ts';

/** Why a run that completed its phases left something undone. */
export type IncompleteReason =
  /** A call failed for some paths, or they could not be read again. */
  | 'failed'
  /** There are more deletions than `--max-delete` allows: none was made. */
  | 'delete limit'
  /** Source paths disappeared during the run. */
  | 'vanished'
  /** Source files changed during the run. */
  | 'changed';

/** Why a run ended early: one reason per error class, and `bug` for anything else that was thrown. */
export type ErrorReason = 'usage' | 'location' | 'fatal' | 'timed out' | 'busy' | 'bug';

/** What asked a run to stop: a signal or an abort, or `--stop-after` and `--stop-at`. */
export type InterruptionReason = 'signal' | 'time limit';

export type Outcome =
  | { readonly status: 'Success' }
  | { readonly status: 'Incomplete'; readonly reason: IncompleteReason; readonly paths: number }
  | { readonly status: 'Verification failure'; readonly paths: number }
  | { readonly status: 'Error'; readonly reason: ErrorReason }
  | { readonly status: 'Interrupted'; readonly reason: InterruptionReason };

export type Status = Outcome['status'];

/**
 * How much of the source a run has proven to be at the destination: the meaning of its "Success".
 * - `everything`: each entry of the source, with its content, owner, group, mode and mtime
 * - `asked for`: less than everything, as the options ask
 * - `nothing`: nothing was verified, or no file of a source that has files or may have some
 */
export type Scope = 'everything' | 'asked for' | 'nothing';

/** Which files had their content compared: every file in the run, only transferred files, or none. */
export type ComparedContent = 'all' | 'transferred' | 'none';

export const METADATA_NAMES = [
  'owner',
  'group',
  'mode',
  'mtime',
  'timesWithinWindow',
  'directoryTimes',
  'linkTimes',
  'atime',
  'xattr',
  'acl',
] as const;
export type MetadataName = (typeof METADATA_NAMES)[number];

export interface Coverage {
  readonly scope: Scope;
  readonly content: ComparedContent;
  /** Counts from Verifying if it compared whole trees, else from Preparing. */
  readonly leftAlone: Readonly<Record<LeftAloneCause, number>>;
  /** How many paths `--files-from` lists, or 1 with `-R`; nobody has counted the rest. */
  readonly listedPaths?: number;
  /** Neither preserved nor compared. */
  readonly uncompared: readonly MetadataName[];
  /** Entries whose owner or group differs from the source's, and which this process may not set. */
  readonly otherOwners: number;
}
