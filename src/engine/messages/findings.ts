/** What a unit of work reports: problems, changes to list, the error that ended the run, and suspicions. */
import type { ByteString, Shown } from '../../model/byte-string.ts';
import { SystemError } from '../../linux/system-error.ts';
import type { AttemptName, Problem, ProblemClass } from '../../model/run/problem.ts';
import type { ListedChange } from '../../model/change.ts';
import type { SparedPath } from '../../model/run/run-file.ts';
import type { DirectoryTime } from '../../model/run/run-statistics.ts';
import type { Phase, Side } from '../../model/task.ts';
import { classOfSourceFailure } from '../../policy/judge-failure.ts';
import type { Verdict } from '../../model/run/verdict.ts';

/** What every result has. */
export interface Answer<Name> {
  readonly unit: Name;
  readonly findings: Findings;
  readonly fatal?: Fatal;
}

/** The error that ended the whole run, as plain data. */
export interface Fatal {
  readonly message: Shown;
  readonly code: string;
  readonly path: ByteString;
  readonly syscall: string;
  /** The error is about the roots: a LocationError until something was changed. */
  readonly isOfRoots: boolean;
}

export interface Findings {
  readonly problems: Problem[];
  readonly listed: ListedChange[];
  /** Paths to list as deleted, once it is known which stay; paths of directories end in a slash. */
  readonly deletions: string[];
  /** Extraneous directories that were counted and listed, but will stay because something in them stays. */
  readonly kept: string[];
  /** Destination directories that were made accessible, and their earlier permissions. */
  readonly unlocked: UnlockedDirectory[];
  /** Paths of special files that were not to be preserved. */
  readonly skipped: string[];
  readonly spared: SparedPath[];
  /** Without Verifying: files that had just changed when they were copied, to be checked again. */
  readonly unsettled: UnsettledFile[];
  /** Only with `settings.collectStatistics`: times of the slowest directories. */
  readonly times: DirectoryTime[];
}

export interface UnlockedDirectory {
  readonly path: ByteString;
  readonly lockedMode: number;
}

export interface UnsettledFile {
  readonly path: ByteString;
  /** The fingerprint of the source file that was copied. */
  readonly state: number;
}

export function newFindings(): Findings {
  return {
    problems: [],
    listed: [],
    deletions: [],
    kept: [],
    unlocked: [],
    skipped: [],
    spared: [],
    unsettled: [],
    times: [],
  };
}

export function addFindings(all: Findings, more: Findings): void {
  all.problems.push(...more.problems);
  all.listed.push(...more.listed);
  all.deletions.push(...more.deletions);
  all.kept.push(...more.kept);
  all.unlocked.push(...more.unlocked);
  all.skipped.push(...more.skipped);
  all.spared.push(...more.spared);
  all.unsettled.push(...more.unsettled);
  all.times.push(...more.times);
}

/** The path and the operation that failed. */
export interface Attempt {
  readonly phase: Phase;
  readonly side: Side;
  readonly path: ByteString;
  readonly attempt: AttemptName;
}

/** Turns a failed call into data, and rethrows any other error: that is a bug. */
export function problemFrom(error: unknown, at: Attempt): Problem {
  if (!(error instanceof SystemError)) throw error;
  const { code, syscall, reason } = error;
  const problemClass = at.side === 'source' ? classOfSourceFailure(code, syscall) : 'failed';
  return { ...at, class: problemClass, code, reason };
}

export function problemOf(problemClass: ProblemClass, at: Attempt, reason: Shown): Problem {
  return { ...at, class: problemClass, code: '', reason };
}

/** A difference as the workers find it: the verdict may still become that the source changed since. */
export interface Suspicion extends Omit<SourceState, 'path'> {
  readonly verdict: Verdict;
  /** The other name, if a link between two names is in question. */
  readonly linkedTo?: SourceState;
  /** The source's fingerprint in the plan; undefined: look it up among Preparing's notes. */
  readonly preparedState: number | undefined;
}

/** The state of a source path in Verifying, to compare with Preparing's notes. */
export interface SourceState {
  readonly path: ByteString;
  readonly isDirectory: boolean;
  /** The current fingerprint; undefined if the source no longer has the name. */
  readonly sourceState: number | undefined;
}
