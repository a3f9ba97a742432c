/** Reports of runs that never were, for what is said about them. */
import { DEFAULT_SETTINGS } from '../../src/model/default-settings.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Report } from '../../src/model/report.ts';
import { COUNTER_NAMES, type CounterName, type Tally } from '../../src/model/tally.ts';
import type { Task } from '../../src/model/task.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { outcomeOfRun } from '../../src/policy/outcome.ts';

export const TASK: Task = {
  source: '/mnt/nfs',
  destination: '/mnt/efs',
  settings: { ...DEFAULT_SETTINGS, stateDirectory: '/state', spoolDirectory: '/tmp' },
};

export function tallyOf(counts: Partial<Record<CounterName, number>> = {}): Tally {
  return Object.fromEntries(COUNTER_NAMES.map((name) => [name, counts[name] ?? 0])) as Tally;
}

export type ReportParts = Partial<Omit<Report, 'tally'>> & {
  readonly tally?: Partial<Tally>;
  readonly isInterrupted?: boolean;
};

/** A run that did nothing and had no trouble, but for what is given. */
export function reportOf({ isInterrupted = false, ...parts }: ReportParts = {}): Report {
  const found = {
    problemCounts: { failed: 0, vanished: 0, changed: 0 },
    verdictCounts: {},
    deleteLimitReached: false,
    ...parts,
    tally: tallyOf(parts.tally),
  };
  return {
    task: TASK,
    command: 'sync',
    outcome: outcomeOfRun(found, isInterrupted),
    startedAt: new Date(0),
    elapsedMs: 12_345,
    phases: [],
    problems: [],
    verdicts: [],
    notes: [],
    ...found,
  };
}

export const PROBLEM: Problem = {
  class: 'failed',
  phase: 'syncing',
  side: 'source',
  path: 'd/f',
  attempt: 'read',
  code: 'EACCES',
  reason: 'Permission denied',
};

export const VERDICT: Verdict = {
  class: 'content mismatch',
  path: 'd/f',
  differences: 16,
  detail: 'xxh64 1 is not 2',
  sourceDigest: '1',
  destinationDigest: '2',
};
