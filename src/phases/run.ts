/** One run as the phases' coordinators see it: the workers, what is counted, what was found. */
import type { Crew } from '../flow/crew.ts';
import type { Counters } from '../flow/counters.ts';
import type { StopFlag } from '../flow/stop-flag.ts';
import { FatalError, LocationError } from '../errors.ts';
import type { Location } from '../model/location.ts';
import type { OwnerRights } from '../model/owner-rights.ts';
import { REPORT_LIST_LIMIT } from '../model/report.ts';
import type { Problem } from '../model/problem.ts';
import type { Reporter } from '../model/reporter.ts';
import type { CounterName } from '../model/tally.ts';
import type { Side, Task } from '../model/task.ts';
import type { Verdict, VerdictClass } from '../model/verdict.ts';
import { isDenial } from '../policy/root-squash.ts';
import { Explained, PATHS_LIMIT } from './explained.ts';
import type { Findings } from './findings.ts';
import type { RunLimits } from './run-limits.ts';
import type { Statistics } from './statistics.ts';
import { throwIfStopped } from './throw-if-stopped.ts';
import type { ApplyResult, ApplyUnit, UnitResult, WorkUnit } from './units.ts';

export interface Run {
  readonly task: Task;
  readonly source: Location;
  readonly destination: Location;
  readonly reporter: Reporter;
  readonly crew: Crew<WorkUnit, UnitResult>;
  /** One spool a worker, one for what the main isolate serves, and last that of link groups. */
  readonly spoolFds: readonly number[];
  readonly fingerprintFds: readonly number[];
  /** Empty unless `settings.listVerified`. */
  readonly verifiedFds: readonly number[];
  readonly counters: Counters<CounterName>;
  readonly stop: StopFlag;
  readonly limits: RunLimits;
  readonly rights: OwnerRights;
  readonly results: RunResults;
  /** Only with `settings.collectStatistics`. */
  readonly statistics: Statistics | undefined;
}

/** What the report will tell. Lists are bounded, counts are not. */
export class RunResults {
  readonly problems: Problem[] = [];
  readonly problemCounts: Record<Problem['class'], number> = { failed: 0, vanished: 0, changed: 0 };
  readonly verdicts: Verdict[] = [];
  readonly verdictCounts: Partial<Record<VerdictClass, number>> = {};
  readonly notes: string[] = [];
  deleteLimitReached = false;
  /** What ends the run: units that it stopped may tell of that first. */
  fatal: FatalError | LocationError | undefined;
  /** Nothing was changed before. */
  hasBegunWriting = false;
  /** Those that denied this process something. */
  readonly denyingSides = new Set<Side>();

  readonly explained = new Explained();
  /** Directories of the source that the destination takes for others. */
  readonly takenDirectories: string[] = [];
  /** Directories that were to be made and were there, as device:inode. */
  readonly foundThere: string[] = [];
  /** Groups of hard links that are known to be several files at the destination, by the source's inode. */
  readonly splitGroups = new Set<string>();

  readonly #counted = new Set<string>();

  addProblem(problem: Problem): void {
    this.explained.add(problem);
    this.#count(problem);
    this.#noteDenial(problem);
    if (this.problems.length < REPORT_LIST_LIMIT) this.problems.push(problem);
  }

  /** Paths, not problems. */
  #count({ class: problemClass, path }: Problem): void {
    const key = `${problemClass}:${path}`;
    if (this.#counted.has(key)) return;
    if (this.#counted.size < PATHS_LIMIT) this.#counted.add(key);
    this.problemCounts[problemClass]++;
  }

  addVerdict(verdict: Verdict): void {
    if (verdict.failure !== undefined) this.#noteDenial(verdict.failure);
    this.verdictCounts[verdict.class] = (this.verdictCounts[verdict.class] ?? 0) + 1;
    if (this.verdicts.length < REPORT_LIST_LIMIT) this.verdicts.push(verdict);
  }

  #noteDenial({ side, code }: { side: Side; code: string }): void {
    if (isDenial(code)) this.denyingSides.add(side);
  }
}

type ResultOf<U extends WorkUnit> = U extends ApplyUnit
  ? ApplyResult
  : Extract<UnitResult, { unit: U['unit'] }>;

/** Hands a unit to a worker and takes its findings. @throws FatalError, LocationError, Interrupted */
export async function runUnit<U extends WorkUnit>(run: Run, unit: U): Promise<ResultOf<U>> {
  throwIfStopped(run);
  const result = await runUnitAnyway(run, unit);
  throwIfStopped(run);
  return result;
}

/** Also when the run is to stop: for what must be put in order before. @throws FatalError */
export async function runUnitAnyway<U extends WorkUnit>(run: Run, unit: U): Promise<ResultOf<U>> {
  const result = await run.crew.run(unit);
  report(run, result.findings);
  if (result.fatal !== undefined) {
    run.stop.raise();
    const Ended = result.fatal.isOfRoots && !run.results.hasBegunWriting ? LocationError : FatalError;
    throw (run.results.fatal ??= new Ended(result.fatal.message, result.fatal));
  }
  return result as ResultOf<U>;
}

function report(run: Run, findings: Findings): void {
  for (const problem of findings.problems) {
    if (run.results.explained.explains(problem)) continue;
    run.results.addProblem(problem);
    run.reporter.problem(problem);
  }
  run.statistics?.addTimes(findings.times);
  for (const path of findings.skipped) run.reporter.skipped(path);
  for (const change of findings.listed) run.reporter.changed(change);
}
