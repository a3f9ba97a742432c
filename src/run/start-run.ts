/** Sets up a run, lets it work, and takes it down whatever happens. */
import { availableParallelism } from 'node:os';
import { LocationError, type LockHolder } from '../model/run/errors.ts';
import { findRunFiles } from '../filesystem/state/find-run-files.ts';
import { lockInEither } from './lock-in-either.ts';
import { closeLocation } from '../filesystem/roots/open-location.ts';
import { type OpenFiles, readOpenFiles } from '../filesystem/proc-file.ts';
import { readOwnRights } from '../filesystem/metadata/own-rights.ts';
import type { Limits } from '../model/settings.ts';
import type { BackupPlace } from '../model/run/backup-place.ts';
import type { Origin } from '../model/run/provenance.ts';
import type { Reporter } from '../model/run/reporter.ts';
import type { NamedRunFile, RunFiles } from '../model/run/run-file.ts';
import type { Task } from '../model/task.ts';
import { FEW_DESCRIPTORS, LEAST_DESCRIPTORS } from '../model/concurrency.ts';
import { planConcurrency } from '../policy/plan-concurrency.ts';
import { createCrew } from './create-crew.ts';
import { setupOfOwn, setupsOfRoots } from './setup-of-roots.ts';
import { guardWritable, openRoots, type Roots } from '../engine/roots/open-roots.ts';
import type { IfMissing } from '../engine/roots/open-destination.ts';
import { RunLimits } from '../flow/run-limits.ts';
import { countersIn, createRunCells } from '../engine/context/run-cells.ts';
import { createRunSpools, type Run } from '../engine/context/run.ts';
import { Counts } from '../flow/counters.ts';
import { RunResults } from '../engine/context/run-results.ts';
import { Statistics } from '../engine/context/statistics.ts';
import { watched, type Watched, type WatchedProcess } from './watchdog/watched.ts';
import type { RootSetup, WorkerSetup } from '../engine/context/worker-context.ts';

/** Makes `settings.filesFrom`. */
export { packPaths } from '../policy/filter/path-keys.ts';

export interface RunContext extends WatchedProcess {
  readonly reporter: Reporter;
  /** On abort: stop, tidy up, report. */
  readonly signal: AbortSignal;
  /** Who runs it, and with which options; by default this process, without options. */
  readonly origin?: Origin;
  /** If given, called several times a second: the current limits, instead of those of the settings. */
  readonly currentLimits?: () => Limits;
  /** Files that the caller writes meanwhile: if they lie in a tree, the sync leaves them out. */
  readonly runFiles?: readonly NamedRunFile[];
}

export interface RunRequest extends RunContext {
  readonly task: Task;
  /** False: nothing at the destination may change. */
  readonly mayWrite: boolean;
  readonly ifMissing: IfMissing;
}

/**
 * @throws LocationError, DestinationBusy, Interrupted before anything was written; TimedOut, and then a stuck
 * call may still go on
 */
export async function withRun<T>(request: RunRequest, work: (run: Run) => Promise<T>): Promise<T> {
  return watched(request, (moving) => withRoots({ ...request, ...moving }, work));
}

type WatchedRequest = RunRequest &
  Watched &
  Partial<Pick<Run, 'temporaryDirectory'>> & { readonly backup?: BackupPlace };

async function withRoots<T>(request: WatchedRequest, work: (run: Run) => Promise<T>): Promise<T> {
  guardDescriptors(readOpenFiles());
  // With a snapshot, all messages of the run name the snapshot.
  const { task, ...roots } = await openRoots(request.task, request.ifMissing);
  request.activity.destination = { path: roots.destination.realPath, mount: roots.destination.mount };
  try {
    if (!request.mayWrite) return await withTemporaries({ ...request, task }, roots, work);
    await guardWritable(roots.destination);
    const { lockWaitMs: waitMs } = request.task.settings;
    const { signal, reporter } = request;
    const onWait = (holder: LockHolder | undefined): void =>
      reporter.waiting(request.task.destination, holder);
    const lock = await lockInEither(task.settings, roots.destination, { waitMs, signal, onWait });
    try {
      return await withTemporaries({ ...request, task }, roots, work);
    } finally {
      await lock.release();
    }
  } finally {
    await closeLocation(roots.source);
    await closeLocation(roots.destination);
  }
}

/** `verify` has no use for the directory of `--temp-dir`. */
async function withTemporaries<T>(
  request: WatchedRequest,
  roots: Roots,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const { temporaryDirectory: path, dryRun } = request.task.settings;
  if (path === undefined || !(request.mayWrite || dryRun)) return withBackups(request, roots, work);
  const { openTemporaryDirectory, closeTemporaryDirectory } =
    await import('../engine/roots/open-temporary-directory.ts');
  const temporaryDirectory = await openTemporaryDirectory(path, request.task.settings, roots);
  try {
    return await withBackups({ ...request, temporaryDirectory }, roots, work);
  } finally {
    await closeTemporaryDirectory(temporaryDirectory);
  }
}

async function withBackups<T>(
  request: WatchedRequest,
  roots: Roots,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const directory = request.task.settings.backup?.directory;
  if (directory === undefined) return withWorkers(request, roots, work);
  const { openBackups } = await import('../engine/roots/open-backups.ts');
  const backups = await openBackups(request.task, roots, directory);
  try {
    return await withWorkers({ ...request, backup: backups.place }, roots, work);
  } finally {
    await backups.close();
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
    await run.spools.close();
  }
}

function countOverlappingMounts({ source, destination }: Roots): number {
  const overlapping = [source, destination].filter(({ callStyle }) => callStyle === 'overlapping');
  return new Set(overlapping.map(({ device }) => device)).size;
}

async function startWorkers(request: WatchedRequest, roots: Roots): Promise<Run> {
  const { task, reporter, mayWrite, activity, stop, temporaryDirectory, backup } = request;
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
  const { source, destination } = await setupsOfRoots(roots, mayWrite);
  const rights = readOwnRights();
  const runFiles = await findOwnFiles(request, [source, destination]);
  const spools = await createRunSpools(settings.spoolDirectory);
  const cells = createRunCells(request.signals, {
    settings,
    isolateCount,
    limitsMayChange: request.currentLimits !== undefined,
    countsInFlight: source.isEfs || destination.isEfs || freeDescriptors < FEW_DESCRIPTORS,
  });
  const setupOf = (index: number): WorkerSetup => ({
    isolate: { index, count: isolateCount, laneCount },
    settings,
    run: {
      mayWrite,
      source,
      destination,
      rights,
      runFiles,
      temporaryDirectory: setupOfOwn(temporaryDirectory, destination),
      backup,
    },
    cells: { ...cells, ...(index === workerCount ? activity.own : activity.addIsolate()) },
  });
  const shown = countersIn(cells, workerCount);
  const counters = new Counts(shown);
  const limits = new RunLimits(cells, settings, request.currentLimits);
  const statistics = settings.collectStatistics ? new Statistics() : undefined;
  const crew = createCrew(workerCount, setupOf, () => counters.totals());
  const results = new RunResults();
  const again = furtherRounds(request, roots);
  return {
    task, ...roots, spools, reporter, crew, counters, shown, stop, limits, rights, results, statistics, again,
    temporaryDirectory,
  }; // prettier-ignore
}

function furtherRounds(request: WatchedRequest, roots: Roots): Run['again'] {
  return ({ reporter, settings }, work) =>
    withWorkers({ ...request, reporter, task: { ...request.task, settings } }, roots, work);
}

function findOwnFiles({ task, runFiles }: WatchedRequest, roots: readonly RootSetup[]): Promise<RunFiles> {
  const { stateDirectory, fallbackStateDirectory } = task.settings;
  return findRunFiles(runFiles ?? [], [stateDirectory, fallbackStateDirectory], roots);
}

/** @throws LocationError if too few files may be opened */
function guardDescriptors({ limit, open }: OpenFiles): void {
  const least = open + LEAST_DESCRIPTORS;
  if (limit >= least) return;
  throw new LocationError(
    `efs-sync needs ${least} open files, but the limit is ${limit}: raise it (ulimit -n)`,
  );
}
