/** A run as the phases' coordinators see it: it hands out units, takes what they bring, and tells of it. */
import type { ByteString } from '../../model/byte-string.ts';
import { createSpool, type Spool } from '../../filesystem/spool.ts';
import type { Crew } from '../../flow/workers/crew.ts';
import type { Counters, Counts } from '../../flow/counters.ts';
import { type StopFlag, throwIfStopped } from '../../flow/stop-flag.ts';
import { FatalError, LocationError } from '../../model/run/errors.ts';
import type { ListedChange } from '../../model/change.ts';
import type { Location, TemporaryDirectory } from '../../model/run/location.ts';
import type { OwnerRights } from '../../model/owner-rights.ts';
import type { Reporter } from '../../model/run/reporter.ts';
import type { CounterName } from '../../model/tally.ts';
import type { Settings } from '../../model/settings.ts';
import type { Task } from '../../model/task.ts';
import { type RunResults } from './run-results.ts';
import type { Findings } from '../messages/findings.ts';
import type { RunLimits } from '../../flow/run-limits.ts';
import type { Statistics } from './statistics.ts';
import type { ApplyResult, ApplyUnit, Gains, ServedUnit, UnitResult, WorkUnit } from '../messages/units.ts';
import { PlanSpool } from '../plan/plan-spool.ts';

export interface Run {
  readonly task: Task;
  readonly source: Location;
  readonly destination: Location;
  readonly reporter: Reporter;
  readonly crew: Crew<WorkUnit, ServedUnit>;
  readonly spools: RunSpools;
  /** The sum of what units have answered, and what the main isolate counts itself. */
  readonly counters: Counts<CounterName>;
  /** What progress shows: also what the units under way have done. */
  readonly shown: Counters<CounterName>;
  readonly stop: StopFlag;
  readonly limits: RunLimits;
  readonly rights: OwnerRights;
  readonly temporaryDirectory: TemporaryDirectory | undefined;
  readonly results: RunResults;
  /** Only with `settings.collectStatistics`. */
  readonly statistics: Statistics | undefined;
  /** Another round over the same roots, with crew, counts and results of its own, under the same lock. */
  again<T>(round: Round, work: (run: Run) => Promise<T>): Promise<T>;
}

export interface Round {
  readonly settings: Settings;
  readonly reporter: Reporter;
}

/** What a run keeps on the disk, whatever its size: only the main isolate writes and reads it. */
export interface RunSpools {
  readonly plan: PlanSpool;
  readonly fingerprints: Spool;
  /** Empty unless `settings.listVerified`. */
  readonly verified: Spool;
  close(): Promise<void>;
}

/** The caller closes them. @param directory latin1 @throws LocationError, and then leaves none open */
export async function createRunSpools(directory: ByteString): Promise<RunSpools> {
  const spools: Spool[] = [];
  const close = async (): Promise<void> => {
    for (const spool of spools) await spool.close();
  };
  const create = async (): Promise<Spool> => {
    const spool = await createSpool(directory);
    spools.push(spool);
    return spool;
  };
  try {
    const [plan, fingerprints, verified] = [await create(), await create(), await create()];
    return { plan: new PlanSpool(plan), fingerprints, verified, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type ResultOf<U extends WorkUnit> = U extends ApplyUnit
  ? ApplyResult
  : Extract<UnitResult, { unit: U['unit'] }>;

/**
 * Has a unit served, and takes what it brings. @throws FatalError, LocationError, Interrupted
 * @param onPart takes the parts of its result that come before the last
 */
export async function runUnit<U extends WorkUnit>(
  run: Run,
  unit: U,
  onPart?: (part: ResultOf<U>) => void,
): Promise<ResultOf<U>> {
  throwIfStopped(run);
  const { result, gains } = await run.crew.run(unit, (part) => {
    take(run, part.gains);
    onPart?.(part.result as ResultOf<U>);
  });
  take(run, gains);
  report(run, result.findings);
  if (result.fatal !== undefined) {
    run.stop.raise();
    const Ended = result.fatal.isOfRoots && !run.results.hasBegunWriting ? LocationError : FatalError;
    throw (run.results.fatal ??= new Ended(result.fatal.message, result.fatal));
  }
  throwIfStopped(run);
  return result as ResultOf<U>;
}

function take({ counters, spools, statistics, results }: Run, gains: Gains): void {
  if (gains.ruleMatches !== undefined) results.ruleMatches.add(gains.ruleMatches);
  counters.accept(gains.counts);
  if (gains.fileSizes !== undefined) statistics?.fileSizes.accept(gains.fileSizes);
  for (const chunk of gains.fingerprints) spools.fingerprints.take(chunk);
  for (const chunk of gains.verified) spools.verified.take(chunk);
}

function report(run: Run, findings: Findings): void {
  for (const problem of findings.problems) {
    if (run.results.knownFailures.explains(problem)) continue;
    run.results.addProblem(problem);
    run.reporter.problem(problem);
  }
  for (const { path, lockedMode } of findings.unlocked) {
    if (!run.results.unlocked.has(path)) run.results.unlocked.set(path, lockedMode);
  }
  run.statistics?.addTimes(findings.times);
  for (const spared of findings.spared) run.results.addSpared(spared);
  run.results.unsettled.push(...findings.unsettled);
  for (const path of findings.skipped) run.reporter.skipped(path);
  for (const change of findings.listed) tellChange(run, change);
}

export function tellChange({ reporter, results, task }: Run, change: ListedChange): void {
  reporter.changed(change);
  if (task.settings.dryRun && change.isUnchanged !== true) results.changes.add(change);
}

const SAMPLE_INTERVAL_MS = 100;

/** Samples the counts for the reporter, and the limits. */
export async function watchProgress<T>(run: Run, work: () => Promise<T>): Promise<T> {
  updateLimits(run);
  const timer = setInterval(() => {
    updateLimits(run);
    tellProgress(run);
  }, SAMPLE_INTERVAL_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    tellProgress(run);
  }
}

function tellProgress({ shown, reporter, statistics }: Run): void {
  const tally = shown.totals();
  statistics?.progressed(tally);
  reporter.progressed(tally);
}

function updateLimits({ limits, reporter }: Run): void {
  const changed = limits.update();
  if (changed !== undefined) reporter.limitsChanged(changed);
}
