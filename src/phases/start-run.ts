/** Sets a run up, lets it work, and takes it down whatever happens. */
import { availableParallelism } from 'node:os';
import { LocationError } from '../errors.ts';
import { closeSpool, createSpool } from '../filesystem/spool.ts';
import { lockDestination } from '../filesystem/destination-lock.ts';
import { closeLocation } from '../filesystem/location.ts';
import { readOpenFiles, type OpenFiles } from '../filesystem/open-file-limit.ts';
import { readOwnRights } from '../filesystem/own-rights.ts';
import { Counters } from '../flow/counters.ts';
import { InFlight } from '../flow/in-flight.ts';
import { COUNTER_NAMES } from '../model/tally.ts';
import type { LockHolder } from '../model/lock-holder.ts';
import type { Limits } from '../model/limits.ts';
import type { Location } from '../model/location.ts';
import type { Reporter } from '../model/reporter.ts';
import type { Task } from '../model/task.ts';
import { LEAST_DESCRIPTORS, planConcurrency } from '../policy/concurrency.ts';
import { isElasticFileSystem } from '../policy/elastic-file-system.ts';
import { createCrew } from './create-crew.ts';
import { openRoots, type Roots } from './open-roots.ts';
import { RunLimits } from './run-limits.ts';
import { RunResults, type Run } from './run.ts';
import { Statistics } from './statistics.ts';
import { watched, type Watched } from './watched.ts';
import type { RootSetup, WorkerSetup } from './worker-context.ts';

/** What `settings.filesFrom` is made with. */
export { packPaths } from '../policy/filter/path-keys.ts';

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

/** @throws LocationError, DestinationBusy, Interrupted before anything was written; TimedOut, and what hangs goes on to */
export async function withRun<T>(request: RunRequest, work: (run: Run) => Promise<T>): Promise<T> {
  return watched(request, (moving) => withRoots({ ...request, ...moving }, work));
}

type WatchedRequest = RunRequest & Watched;

/** Fewer, and EMFILE has what is under way become less; with more, nothing counts it. */
const FEW_DESCRIPTORS = 4096;

async function withRoots<T>(request: WatchedRequest, work: (run: Run) => Promise<T>): Promise<T> {
  guardDescriptors(readOpenFiles());
  const roots = await openRoots(request.task);
  // A snapshot is what was synced: every word of the run is about it.
  const task = { ...request.task, source: roots.source.path };
  request.movement.destination = { path: roots.destination.realPath, mount: roots.destination.mount };
  try {
    if (!request.mayWrite) return await withWorkers({ ...request, task }, roots, work);
    const { stateDirectory, lockWaitMs: waitMs } = request.task.settings;
    const { signal, reporter } = request;
    const onWait = (holder: LockHolder | undefined): void =>
      reporter.waiting(request.task.destination, holder);
    const lock = await lockDestination(stateDirectory, roots.destination, { waitMs, signal, onWait });
    try {
      return await withWorkers({ ...request, task }, roots, work);
    } finally {
      await lock.release();
    }
  } finally {
    await closeLocation(roots.source);
    await closeLocation(roots.destination);
  }
}

async function withWorkers<T>(
  request: WatchedRequest,
  roots: Roots,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const run = await startWorkers(request, roots);
  const stop = () => run.stop.raise();
  request.signal.addEventListener('abort', stop);
  if (request.signal.aborted) stop();
  try {
    return await work(run);
  } finally {
    request.signal.removeEventListener('abort', stop);
    await run.crew.close();
    for (const fd of [...run.spoolFds, ...run.fingerprintFds, ...run.verifiedFds]) await closeSpool(fd);
  }
}

function countOverlappingMounts({ source, destination }: Roots): number {
  const overlapping = [source, destination].filter(({ callStyle }) => callStyle === 'overlapping');
  return new Set(overlapping.map(({ device }) => device)).size;
}

async function startWorkers(request: WatchedRequest, roots: Roots): Promise<Run> {
  const { task, reporter, mayWrite, movement, stop } = request;
  const { settings } = task;
  const { limit, open } = readOpenFiles();
  const freeDescriptors = limit - open;
  const { workerCount, laneCount } = planConcurrency({
    freeDescriptors,
    wanted: settings.concurrency,
    coreCount: availableParallelism(),
    overlappingMounts: countOverlappingMounts(roots),
  });
  const isolateCount = workerCount + 1;
  const counters = new Counters(COUNTER_NAMES, { rows: isolateCount, row: workerCount });
  const inFlight = new InFlight();
  const limits = new RunLimits(settings, request.currentLimits);
  const [source, destination] = [setupOfRoot(roots.source), setupOfRoot(roots.destination)];
  const rights = readOwnRights();
  const statistics = settings.collectStatistics ? new Statistics(isolateCount) : undefined;
  const { spoolFds, fingerprintFds, verifiedFds } = await createRunSpools(settings, isolateCount);
  const countsInFlight = source.isEfs || destination.isEfs || freeDescriptors < FEW_DESCRIPTORS;
  const setupOf = (worker: number): WorkerSetup => ({
    worker,
    isolateCount,
    laneCount,
    settings,
    mayWrite,
    source,
    destination,
    rights,
    spoolFds,
    fingerprintFds,
    verifiedFds,
    counters: counters.shared,
    stop: stop.shared,
    heartbeat: movement.heartbeat.shared,
    notes: worker === workerCount ? movement.own : movement.addIsolate(),
    inFlight: countsInFlight ? inFlight.shared : undefined,
    limits: limits.shared,
    fileSizes: statistics?.fileSizes.shared,
  });
  const crew = createCrew(workerCount, setupOf, () => counters.totals());
  const results = new RunResults();
  return {
    task, ...roots, reporter, crew, spoolFds, fingerprintFds, counters, stop, limits, rights, results, statistics,
    verifiedFds,
  }; // prettier-ignore
}

/** Of each isolate one for its part of the plan, and one of all for that of the run itself. */
async function createRunSpools(
  { spoolDirectory, listVerified }: Task['settings'],
  isolateCount: number,
): Promise<Record<'spoolFds' | 'fingerprintFds' | 'verifiedFds', number[]>> {
  const spools = await createSpools(spoolDirectory, (listVerified ? 3 : 2) * isolateCount + 1);
  const spoolFds = spools.splice(0, isolateCount + 1);
  const fingerprintFds = spools.splice(0, isolateCount);
  return { spoolFds, fingerprintFds, verifiedFds: spools };
}

/** @throws LocationError where too few may be opened */
function guardDescriptors({ limit, open }: OpenFiles): void {
  const least = open + LEAST_DESCRIPTORS;
  if (limit >= least) return;
  throw new LocationError(
    `efs-sync needs ${least} open files, and this process may have ${limit}: raise that (ulimit -n)`,
  );
}

function setupOfRoot(location: Location): RootSetup {
  return { ...location, isEfs: isElasticFileSystem(location.mount) };
}

/** @throws LocationError; none is open then */
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
