/** How a run's work spread over time and over the tree: only written reports contain this. */
import type { ByteString } from '../byte-string.ts';
import type { Phase } from '../task.ts';

export interface RunStatistics {
  /** In order, without overlap. Samples of a long run are longer, so that there are never many. */
  readonly timeSeries: readonly TimeSample[];
  /** Slowest first within each phase, phases in order; at most SLOWEST_LISTED per phase. */
  readonly slowestDirectories: readonly DirectoryTime[];
  /** For the source's files, smallest first. */
  readonly fileSizes: readonly SizeClass[];
}

/** Work done in one interval of a phase. */
export interface TimeSample {
  readonly phase: Phase;
  /** Since the work began. */
  readonly startMs: number;
  readonly elapsedMs: number;
  /** Files and other entries that were listed, written, removed or compared. */
  readonly entries: number;
  /** Content that was copied or compared. */
  readonly bytes: number;
}

/** How long a phase worked in a directory, without its subdirectories. */
export interface DirectoryTime {
  readonly phase: Phase;
  /** Relative to the roots, latin1. */
  readonly path: ByteString;
  readonly elapsedMs: number;
}

/** Files up to this size, and larger than the previous class allows. */
export interface SizeClass {
  /** Absent for the last class, which has no limit. */
  readonly largestBytes?: number;
  readonly files: number;
  readonly bytes: number;
}

export const SLOWEST_LISTED = 10;
