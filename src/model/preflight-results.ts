/** What preflight finds before anything is written: by its checks, and by a scan of the source. */
import type { ByteString, Shown } from './byte-string.ts';
import type { Side } from './task.ts';

export interface UnopenedRoot {
  readonly side: Side | undefined;
  readonly path: ByteString | undefined;
  readonly code: string | undefined;
}

/** The result of one check. */
export interface Check {
  readonly result: 'OK' | 'WARNING' | 'FAIL';
  /** The thing that was checked, such as `destination: mount`. */
  readonly subject: string;
  /** The finding and its consequence, as text; names in it are already made displayable. */
  readonly finding: string;
  /** How to fix it. */
  readonly cure?: string;
  /** How many paths it is about, where it is about paths, and the first of them. */
  readonly found?: Remarks;
  /** The roots cannot be opened: which one, and the error's path and code, as far as known. */
  readonly unopened?: UnopenedRoot;
}

export type ObstacleKind =
  | 'name'
  | 'link target'
  | 'file size'
  | 'directory depth'
  | 'device'
  | 'hard links'
  | 'extended attributes'
  | 'acl';

/** An entry of the source that the destination cannot hold unchanged. */
export interface Obstacle {
  readonly kind: ObstacleKind;
  /** Relative to the source, latin1. */
  readonly path: ByteString;
  /** The entry's value, and the destination's limit. */
  readonly detail: Shown;
  /** The error that a sync would get, such as ENAMETOOLONG; empty if that depends on the server. */
  readonly code: string;
  /**
   * How a sync handles it.
   * - `fails`: the path is not copied, and reported
   * - `incomplete`: content and other metadata are copied, and the missing part is reported
   * - `split`: it becomes several files with the same content
   */
  readonly effect: 'fails' | 'incomplete' | 'split';
}

/** A path, and what was found there. */
export interface Example {
  /** Relative to the source, latin1. */
  readonly path: ByteString;
  readonly detail: Shown;
}

/** How many paths there are, and the first few that were found. */
export interface Remarks {
  readonly count: number;
  readonly examples: readonly Example[];
}

export const MOST_EXAMPLES = 3;

/**
 * What a sync copies as it is, but what may mean something else at the destination, or change meanwhile.
 * - `absolute links`, `outward links`: symbolic links whose target is absolute, or leads out of the source
 * - `alike names`: names of one directory that differ only by case or Unicode normal form
 * - `locked files`: files that somebody holds a lock on for writing, as far as this machine knows
 * - `open files`: files that a process of this machine has open for writing
 */
export type RemarkKind = (typeof REMARK_KINDS)[number];
export const REMARK_KINDS = [
  'absolute links',
  'outward links',
  'alike names',
  'locked files',
  'open files',
] as const;

/** How much takes part. A file of several names counts once where all of them take part. */
export interface Extent {
  readonly entries: number;
  readonly inodes: number;
  /** Of all files, with holes. */
  readonly sizeBytes: number;
  readonly nameBytes: number;
}

export interface DestinationSpace {
  /** To users other than root. */
  readonly availableBytes: number;
  /** Undefined: there is no fixed number of inodes. */
  readonly freeInodes: number | undefined;
}

export interface SpoolRoom {
  readonly directory: ByteString;
  /** If every entry is new. */
  readonly neededBytes: number;
  readonly availableBytes: number;
}

/** How long a run will take. */
export interface RunEstimate {
  readonly elapsedMs: number;
  /** `history`: like earlier runs of this task; `assumed`: a first copy, by the scan's pace and assumptions. */
  readonly basis: 'history' | 'assumed';
  /** How many runs it rests on. */
  readonly runs: number;
  /** How long the scan took. */
  readonly scanMs: number;
}

/** Where there is no destination yet: what it will be. `efs`: Amazon EFS. */
export type AssumedDestination = 'efs';

/** The result of scanning a whole source. */
export interface ScanTotals {
  /** Undefined: there is a destination. */
  readonly assumed: AssumedDestination | undefined;
  readonly entries: number;
  readonly obstacles: Readonly<Record<Obstacle['effect'], number>>;
  /** False: it is unknown which names, hard links and attributes the destination accepts. */
  readonly areLimitsKnown: boolean;
  /** Paths that could not be read; they went to the reporter. */
  readonly problems: number;
  /** Attributes are to be preserved, but it is unknown whether the destination has room for each. */
  readonly areAttributesUnchecked: boolean;
  readonly extent: Extent;
  readonly remarks: Readonly<Record<RemarkKind, Remarks>>;
  /** Processes whose open files this user may not see. */
  readonly hiddenProcesses: number;
  /** Undefined: the destination does not say, or what it says means nothing, as on Amazon EFS. */
  readonly space: DestinationSpace | undefined;
  readonly spool: SpoolRoom;
  readonly estimate: RunEstimate;
}
