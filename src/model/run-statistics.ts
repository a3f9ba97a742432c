/** How a run went over time and over the tree: what only a written report tells. */
import type { Phase } from './task.ts';

export interface RunStatistics {
  /** In their order, without overlap; those of a long run are long, so that there are never many. */
  readonly timeSeries: readonly TimeSample[];
  /** The slowest first, the phases in their order; at most SLOWEST_LISTED of each. */
  readonly slowestDirectories: readonly DirectoryTime[];
  /** Of the source's files, the smallest first. */
  readonly fileSizes: readonly SizeClass[];
}

/** What was done in a stretch of a phase. */
export interface TimeSample {
  readonly phase: Phase;
  /** Since the work began. */
  readonly startMs: number;
  readonly elapsedMs: number;
  /** Files and all else that was listed, written, removed or compared. */
  readonly entries: number;
  /** Content that was copied or compared. */
  readonly bytes: number;
}

/** How long a phase worked in a directory, what is below it left out. */
export interface DirectoryTime {
  readonly phase: Phase;
  /** Relative to the roots, latin1. */
  readonly path: string;
  readonly elapsedMs: number;
}

/** Files that are no larger than this and larger than the class before it allows. */
export interface SizeClass {
  /** Not of the last one, which is open. */
  readonly largestBytes?: number;
  readonly files: number;
  readonly bytes: number;
}

export const SLOWEST_LISTED = 10;
