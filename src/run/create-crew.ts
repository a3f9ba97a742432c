/** The crew of a run: worker isolates, and the main one for work that ends before they would have started. */
import { FatalError, LocationError } from '../model/run/errors.ts';
import { type Crew, ThreadCrew } from '../flow/workers/crew.ts';
import type { OnPart } from '../flow/workers/unit-server.ts';
import { Workers } from '../flow/workers/workers.ts';
import type { Tally } from '../model/tally.ts';
import type { CopyStep, CopyStepResult } from '../engine/messages/copy-steps.ts';
import { loadDigestsFor } from './load-digests.ts';
import { copyInRanges } from '../phases/syncing/copy-in-ranges.ts';
import { type IsolateResult, type IsolateUnit, serveUnit } from './serve-unit.ts';
import type { Served, ServedUnit, WorkUnit } from '../engine/messages/units.ts';
import {
  createIsolateContext,
  type RunSetup,
  type IsolateContext,
  type WorkerSetup,
} from '../engine/context/worker-context.ts';

/** The main isolate must not spend long on content: signals and the progress line would wait. */
const LARGEST_CONTENT_HERE_BYTES = 8 * 1024 * 1024;
/**
 * PERF: a unit is a share of the directories waiting to be listed, an eighth with two workers. A larger unit
 * means a tree that repays starting workers, the sooner the better. Where calls overlap, they start during
 * others' round trips: 0.1 s less for 80 directories.
 */
const MOST_DIRECTORIES_HERE = { whereNothingWaits: 32, whereCallsOverlap: 1 };

export function createCrew(
  workerCount: number,
  setupOf: (worker: number) => WorkerSetup,
  tally: () => Tally,
): Crew<WorkUnit, ServedUnit> {
  const here = createIsolateContext(setupOf(workerCount), undefined);
  const settles = callsOverlap(here.setup);
  const mostHere = MOST_DIRECTORIES_HERE[settles ? 'whereCallsOverlap' : 'whereNothingWaits'];
  // PERF: if no calls overlap, nothing ever waits: the worker without async and await is a fifth faster.
  const script = new URL(settles ? 'worker.cjs' : 'blocking-worker.cjs', import.meta.url);
  const threads = new ThreadCrew<IsolateUnit, Served<IsolateResult>>({
    workerCount,
    startWorkers: ({ unit }) =>
      new Workers({
        script,
        count: workerCount,
        dataFor: setupOf,
        settles,
        // In Preparing, and in a run that only reads, nothing has been changed yet.
        Shortage: unit === 'prepare' || !here.setup.mayWrite ? LocationError : FatalError,
      }),
    serveHere: async (unit, onPart) => {
      await loadDigestsFor(unit, here.settings);
      return serveUnit(here, unit, onPart);
    },
    mayServeHere: (unit) =>
      neverHangs(here) &&
      contentBytes(unit, tally) <= LARGEST_CONTENT_HERE_BYTES &&
      (unit.unit !== 'prepare' || unit.directories.length <= mostHere),
  });
  const { count, unitsUnderWay } = threads;
  // All threads share the descriptors of a large file.
  const run = (step: CopyStep) => threads.run(step) as Promise<Served<CopyStepResult>>;
  const sharers = { unitsUnderWay, stop: here.stop, run };
  return {
    count,
    unitsUnderWay,
    run: async (unit, onPart) =>
      unit.unit === 'copyFile'
        ? copyInRanges(sharers, unit)
        : (threads.run(unit, onPart as OnPart<Served<IsolateResult>>) as Promise<ServedUnit>),
    close: () => threads.close(),
  };

  function contentBytes(unit: IsolateUnit, counted: () => Tally): number {
    if (unit.unit === 'prepare') return here.settings.checksum ? Infinity : 0;
    // `verify` alone has listed nothing yet, so the amount to read is unknown.
    if (unit.unit === 'verify') return here.setup.mayWrite ? counted().sourceBytes : Infinity;
    return 'weight' in unit ? unit.weight : Infinity;
  }
}

function callsOverlap({ source, destination }: RunSetup): boolean {
  return source.callStyle === 'overlapping' || destination.callStyle === 'overlapping';
}

/** False if a blocking call may hang on a server: it would block the watchdog and signals too. */
function neverHangs({ setup, settings }: Pick<IsolateContext, 'setup' | 'settings'>): boolean {
  const roots = [setup.source, setup.destination];
  return (
    settings.timeoutMs === 0 &&
    roots.every(({ isRemote, callStyle }) => !isRemote || callStyle === 'overlapping')
  );
}
