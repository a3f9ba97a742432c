/** One run of a task as its history keeps it. Texts are latin1, one character a byte. */
import type { Status } from './outcome.ts';
import type { PhaseTime } from './report.ts';
import type { VerifyMode } from './settings.ts';
import type { Tally } from './tally.ts';

/** How far a run has come. */
export type Stage = 'Starting' | 'Preparing' | 'Syncing' | 'Verifying';

/** What decides how long a run takes, besides the size of the trees. */
export interface Conditions {
  readonly kind: 'sync' | 'verify';
  readonly verify: VerifyMode;
  readonly checksum: boolean;
}

export interface Execution extends Conditions {
  /** Of the task, where it has a file: that is what tells it from others then. */
  readonly name?: string;
  /** Absolute paths: what tells tasks without a name apart. */
  readonly source: string;
  readonly destination: string;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly stage: Stage;
  readonly stageStartedAtMs: number;
  /** When it was told last: the counts are of then. */
  readonly updatedAtMs: number;
  readonly phases: readonly PhaseTime[];
  readonly tally: Tally;
  /** Undefined: it is under way, or something ended it before it could tell. */
  readonly end?: ExecutionEnd;
}

export interface ExecutionEnd {
  readonly status: Status;
  readonly exitStatus: number;
  readonly elapsedMs: number;
  readonly problems: number;
  readonly differences: number;
  /** All phases were gone through, however they went. */
  readonly isComplete: boolean;
  /** Why it ended without a report. */
  readonly reason?: string;
}

/** As the history has it now. */
export interface FoundExecution {
  readonly execution: Execution;
  readonly status: Stage | Status;
  readonly isRunning: boolean;
}
