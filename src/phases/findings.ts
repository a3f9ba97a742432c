/** What a unit of work has to say besides its result: problems, and changes to list. */
import { SystemError } from '../filesystem/linux/system-error.ts';
import type { ListedChange } from '../model/change.ts';
import type { Problem, ProblemClass } from '../model/problem.ts';
import type { DirectoryTime } from '../model/run-statistics.ts';
import type { Phase, Side } from '../model/task.ts';
import { classOfSourceFailure } from '../policy/source-failure.ts';

export interface Findings {
  readonly problems: Problem[];
  readonly listed: ListedChange[];
  /** Paths of special files that were not to be preserved. */
  readonly skipped: string[];
  /** Only with `settings.collectStatistics`; of the slowest directories. */
  readonly times: DirectoryTime[];
}

export function newFindings(): Findings {
  return { problems: [], listed: [], skipped: [], times: [] };
}

export function addFindings(all: Findings, more: Findings): void {
  all.problems.push(...more.problems);
  all.listed.push(...more.listed);
  all.skipped.push(...more.skipped);
  all.times.push(...more.times);
}

/** Where and at what a path failed. */
export interface Attempt {
  readonly phase: Phase;
  readonly side: Side;
  readonly path: string;
  /** Words that fit "cannot <attempt> <path>". */
  readonly attempt: string;
}

/** A failed call as data. Anything else that was thrown is a bug and goes on up. */
export function problemFrom(error: unknown, at: Attempt): Problem {
  if (!(error instanceof SystemError)) throw error;
  const { code, syscall, reason } = error;
  const problemClass = at.side === 'source' ? classOfSourceFailure(code, syscall) : 'failed';
  return { ...at, class: problemClass, code, reason };
}

export function problemOf(problemClass: ProblemClass, at: Attempt, reason: string): Problem {
  return { ...at, class: problemClass, code: '', reason };
}
