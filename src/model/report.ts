/** What a run did and found: the last thing it says. */
import type { Problem } from './problem.ts';
import type { RunStatistics } from './run-statistics.ts';
import type { Tally } from './tally.ts';
import type { Outcome } from './outcome.ts';
import type { Phase, Task } from './task.ts';
import type { Verdict, VerdictClass } from './verdict.ts';

export interface PhaseTime {
  readonly phase: Phase;
  readonly elapsedMs: number;
}

export interface Report {
  readonly task: Task;
  readonly command: 'sync' | 'prepare' | 'verify';
  readonly outcome: Outcome;
  readonly startedAt: Date;
  readonly elapsedMs: number;
  readonly phases: readonly PhaseTime[];
  readonly tally: Tally;
  /** The first problems and verdicts, at most REPORT_LIST_LIMIT each; the counts are of all. */
  readonly problems: readonly Problem[];
  readonly problemCounts: Readonly<Record<Problem['class'], number>>;
  readonly verdicts: readonly Verdict[];
  readonly verdictCounts: Readonly<Partial<Record<VerdictClass, number>>>;
  /** Deletions were planned but `--max-delete` allows fewer: none was made. */
  readonly deleteLimitReached: boolean;
  /** Sentences that qualify the result: what could not be kept, how verification read. */
  readonly notes: readonly string[];
  /** Only with `settings.collectStatistics`. */
  readonly statistics?: RunStatistics;
}

export const REPORT_LIST_LIMIT = 10_000;
