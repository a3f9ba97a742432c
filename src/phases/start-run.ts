/** Sets a run up, lets it work, and takes it down whatever happens. */
import { availableParallelism } from 'node:os';
import { TimedOut } from '../errors.ts';
import { closeSpool, createSpool } from '../filesystem/spool.ts';
import { lockDestination } from '../filesystem/destination-lock.ts';
import { closeLocation } from '../filesystem/location.ts';
import { readOwnRights } from '../filesystem/own-rights.ts';
import { Activity } from '../flow/activity.ts';
import { Counters } from '../flow/counters.ts';
import { Heartbeat } from '../flow/heartbeat.ts';
import { StopFlag } from '../flow/stop-flag.ts';
import { COUNTER_NAMES } from '../model/tally.ts';
import type { LockHolder } from '../model/lock-holder.ts';
import type { Limits } from '../model/limits.ts';
import type { Reporter } from '../model/reporter.ts';
import type { Task } from '../model/task.ts';
import { planConcurrency } from '../policy/concurrency.ts';
import { createCrew } from './create-crew.ts';
import { openRoots, type Roots } from './open-roots.ts';
import { RunLimits } from './run-limits.ts';
import { RunResults, type Run } from './run.ts';
import type { WorkerSetup } from './worker-context.ts';

export interface RunContext {
  readonly reporter: Reporter;
  /** Aborted: stop, tidy up, report. */
  readonly signal: AbortSignal;
  /** Asked several times a second where given: the limits of now, instead of those of the settings. */
  readonly currentLimits?: () => Limits;
}

export interface RunRequest extends RunContext {
  readonly task: Task;
  /** False: nothing at the destination may change. */
  readonly mayWrite: boolean;
}

/** @throws LocationError, DestinationBusy, Interrupted before anything was written */
export async function withRun<T>(request: RunRequest, work: (run: Run) => Promise<T>): Promise<T> {
  const roots = await openRoots(request.task);
  try {
    if (!request.mayWrite) return await withWorkers(request, roots, work);
    const { stateDirectory, lockWaitMs: waitMs } = request.task.settings;
    const { signal, reporter } = request;
    const onWait = (holder: LockHolder | undefined): void =>
      reporter.waiting(request.task.destination, holder);
    const lock = await lockDestination(stateDirectory, roots.destination, { waitMs, signal, onWait });
    try {
      return await withWorkers(request, roots, work);
    } finally {
      await lock.release();
    }
  } finally {
    await closeLocation(roots.source);
    await closeLocation(roots.destination);
  }
}

async function withWorkers<T>(request: RunRequest, roots: Roots, work: (run: Run) => Promise<T>): Promise<T> {
  const run = await startWorkers(request, roots);
  const stop = () => run.stop.raise();
  request.signal.addEventListener('abort', stop);
  if (request.signal.aborted) stop();
  let isStuck = false;
  try {
    return await work(run);
  } catch (error) {
    isStuck = error instanceof TimedOut;
    throw error;
  } finally {
    request.signal.removeEventListener('abort', stop);
    // A worker that is stuck in a call cannot be ended, only left.
    if (!isStuck) await run.crew.close();
    for (const fd of [...run.spoolFds, ...run.fingerprintFds]) await closeSpool(fd);
  }
}

async function startWorkers(request: RunRequest, roots: Roots): Promise<Run> {
  const { task, reporter, mayWrite } = request;
  const { settings } = task;
  const { workerCount, laneCount } = planConcurrency({
    wanted: settings.concurrency,
    coreCount: availableParallelism(),
    isPooled: [roots.source, roots.destination].some(({ callStyle }) => callStyle === 'pooled'),
  });
  const isolateCount = workerCount + 1;
  const counters = new Counters(COUNTER_NAMES, { rows: isolateCount, row: workerCount });
  const stop = new StopFlag();
  const heartbeat = new Heartbeat();
  const activity = new Activity({ workers: isolateCount, worker: workerCount });
  const limits = new RunLimits(settings, request.currentLimits);
  const rights = readOwnRights();
  const spools = await createSpools(settings.spoolDirectory, 2 * isolateCount + 1);
  const spoolFds = spools.slice(0, isolateCount + 1);
  const fingerprintFds = spools.slice(isolateCount + 1);
  const setupOf = (worker: number): WorkerSetup => ({
    worker,
    isolateCount,
    laneCount,
    settings,
    mayWrite,
    source: roots.source,
    destination: roots.destination,
    rights,
    spoolFds,
    fingerprintFds,
    counters: counters.shared,
    stop: stop.shared,
    heartbeat: heartbeat.shared,
    activity: activity.shared,
    limits: limits.shared,
  });
  const crew = createCrew(workerCount, setupOf, () => counters.totals());
  const results = new RunResults();
  return {
    task, ...roots, reporter, crew, spoolFds, fingerprintFds, counters, stop, heartbeat, activity, limits, rights, results,
  }; // prettier-ignore
}

/** @throws FatalError; none is open then */
async function createSpools(directory: string, count: number): Promise<number[]> {
  const fds: number[] = [];
  try {
    while (fds.length < count) fds.push(await createSpool(directory));
    return fds;
  } catch (error) {
    for (const fd of fds) await closeSpool(fd);
    throw error;
  }
}
