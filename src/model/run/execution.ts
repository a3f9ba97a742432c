/** One run of a task, as kept in the history. Texts are latin1, one character per byte. */
import type { ByteString, Shown } from '../byte-string.ts';
import type { Coverage, Status } from './outcome.ts';
import type { PhaseTime } from './report.ts';
import type { VerifyMode } from '../settings.ts';
import type { Tally } from '../tally.ts';

/** The phase that a run has reached. */
export type Stage = 'Starting' | 'Preparing' | 'Syncing' | 'Verifying';

/** Conditions that affect a run's duration, besides the size of the trees. */
export interface Conditions {
  readonly kind: 'sync' | 'verify';
  readonly verify: VerifyMode;
  readonly checksum: boolean;
}

export interface Execution extends Conditions {
  /** The name of a task from a file, which then identifies it. */
  readonly name?: string;
  /** Absolute paths, which identify a task without a name. */
  readonly source: string;
  readonly destination: string;
  /** The machine that ran it, as several may share one history; older versions did not record it. */
  readonly host?: string;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly stage: Stage;
  readonly stageStartedAtMs: number;
  /** When the record was last updated; the counts are from then. */
  readonly updatedAtMs: number;
  readonly phases: readonly PhaseTime[];
  readonly tally: Tally;
  /** Undefined: the run is in progress, or ended without recording it. */
  readonly end?: ExecutionEnd;
}

export interface ExecutionEnd {
  readonly status: Status;
  readonly exitStatus: number;
  readonly elapsedMs: number;
  readonly problems: number;
  readonly differences: number;
  /** `--repair`: paths that were different, and are equal now. */
  readonly repaired?: number;
  /** How much of the source it has proven. Absent for a run without a report, and in older files. */
  readonly coverage?: Coverage;
  /** The run went through all phases, with or without errors. */
  readonly isComplete: boolean;
  /** Why it ended without a report. */
  readonly reason?: Shown;
}

/** A run as the history has it now. */
export interface FoundExecution {
  /** Of its file in the history. */
  readonly fileName: ByteString;
  readonly execution: Execution;
  readonly status: Stage | Status;
  readonly isRunning: boolean;
}
