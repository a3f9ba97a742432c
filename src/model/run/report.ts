/** Everything a run did and found: its final output. */
import type { ByteString, Shown } from '../byte-string.ts';
import type { Below, Verdict, VerdictClass } from './verdict.ts';
import type { ListedChange } from '../change.ts';
import type { Coverage, Outcome } from './outcome.ts';
import type { Problem } from './problem.ts';
import type { Provenance } from './provenance.ts';
import type { RunStatistics } from './run-statistics.ts';
import type { Tally } from '../tally.ts';
import type { Phase, Side, Task } from '../task.ts';

export interface PhaseTime {
  readonly phase: Phase;
  readonly elapsedMs: number;
}

export interface Report {
  readonly task: Task;
  readonly command: 'sync' | 'prepare' | 'verify';
  readonly outcome: Outcome;
  readonly provenance: Provenance;
  readonly coverage: Coverage;
  readonly startedAt: Date;
  readonly elapsedMs: number;
  readonly phases: readonly PhaseTime[];
  readonly tally: Tally;
  /** The first problems and verdicts, at most REPORT_LIST_LIMIT each; the counts include all. */
  readonly problems: readonly Problem[];
  readonly problemCounts: Readonly<Record<Problem['class'], number>>;
  readonly verdicts: readonly Verdict[];
  readonly verdictCounts: Readonly<Partial<Record<VerdictClass, number>>>;
  /** `--repair`: what was different and is equal now; the first of them, and how many there are. */
  readonly repairs?: readonly Verdict[];
  readonly repairCounts?: Readonly<Partial<Record<VerdictClass, number>>>;
  /** Totals over all missing directories. */
  readonly missingBelow: Below;
  /** More deletions were planned than `--max-delete` allows: none was made. */
  readonly deleteLimitReached: boolean;
  /** Sentences that qualify the result: which metadata could not be kept, how verification read. */
  readonly notes: readonly string[];
  /** The file that lists paths to try again, for `--files-from`. */
  readonly retryList?: ByteString;
  /** For a dry run with `settings.listChanges`: the first 100 changes, deletions first. */
  readonly changes?: readonly ListedChange[];
  /** For a dry run with `settings.countRuleMatches`: in no order. */
  readonly filterRules?: readonly RuleReport[];
  /** Only with `settings.collectStatistics`. */
  readonly statistics?: RunStatistics;
}

/** What a filter rule decided. */
export interface RuleReport {
  /** With its file and line, or as an option. */
  readonly rule: Shown;
  readonly hasMatched: boolean;
  /**
   * Names that it was the first to match: of the source's, and of what only the destination has. Undefined: they were
   * not counted.
   */
  readonly names?: Readonly<Record<Side, number>>;
}

export const REPORT_LIST_LIMIT = 10_000;

/**
 * A group of hard links that the destination cannot hold as one file: it has several with the same content.
 */
export interface SplitLinks {
  /** The group's first name, latin1, relative to the roots. */
  readonly path: ByteString;
  readonly names: number;
  readonly files: number;
  /**
   * How many names the destination allows per file; undefined: the location of the names prevents linking.
   */
  readonly limit?: number;
}
