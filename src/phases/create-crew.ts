/** The crew of a run: worker isolates, and the main one for what is done before they would be up. */
import { Crew } from '../flow/crew.ts';
import { Workers } from '../flow/workers.ts';
import type { Tally } from '../model/tally.ts';
import { loadDigestsFor } from './load-digests.ts';
import { RecordRefs } from './plan/record-refs.ts';
import { serveUnit } from './serve-unit.ts';
import type { UnitResult, WorkUnit } from './units.ts';
import { createWorkerContext, type WorkerContext, type WorkerSetup } from './worker-context.ts';

/** The main isolate must not be busy with content: signals and the progress line would wait. */
const LARGEST_CONTENT_HERE_BYTES = 8 * 1024 * 1024;
/**
 * PERF: a unit is an eighth of what waits to be listed: of more than this it is a tree that workers pay for, and the
 * sooner they start, the better. They start while others wait for their round trips: 0.1 s less for 80 directories.
 */
const MOST_DIRECTORIES_HERE = { whereNothingWaits: 32, whereCallsOverlap: 1 };

export function createCrew(
  workerCount: number,
  setupOf: (worker: number) => WorkerSetup,
  tally: () => Tally,
): Crew<WorkUnit, UnitResult> {
  const here = createWorkerContext(setupOf(workerCount), undefined);
  const settles = callsOverlap(here.setup);
  const mostHere = MOST_DIRECTORIES_HERE[settles ? 'whereCallsOverlap' : 'whereNothingWaits'];
  // PERF: where no calls overlap, nothing ever waits: the worker without async and await is a fifth faster.
  const script = new URL(settles ? 'worker.cjs' : 'blocking-worker.cjs', import.meta.url);
  return new Crew<WorkUnit, UnitResult>({
    workerCount,
    startWorkers: () => new Workers({ script, count: workerCount, dataFor: setupOf, settles }),
    serveHere: async (unit) => {
      await loadDigestsFor(unit, here.settings);
      return serveUnit(here, unit);
    },
    mayServeHere: (unit) =>
      neverHangs(here) &&
      contentBytes(unit, tally) <= LARGEST_CONTENT_HERE_BYTES &&
      (unit.unit !== 'prepare' || unit.directories.length <= mostHere),
  });

  function contentBytes(unit: WorkUnit, counted: () => Tally): number {
    if (unit.unit === 'prepare') return here.settings.checksum ? Infinity : 0;
    // `verify` alone has listed nothing yet: nobody knows how much there is to read.
    if (unit.unit === 'verify') return here.setup.mayWrite ? counted().sourceBytes : Infinity;
    return 'refs' in unit ? totalWeight(unit.refs) : Infinity;
  }
}

function callsOverlap({ source, destination }: WorkerSetup): boolean {
  return source.callStyle === 'overlapping' || destination.callStyle === 'overlapping';
}

/** A blocking call that asks a server and hangs would take the watchdog and the signals with it. */
function neverHangs({ setup, settings }: WorkerContext): boolean {
  const roots = [setup.source, setup.destination];
  return (
    settings.timeoutMs === 0 &&
    roots.every(({ isRemote, callStyle }) => !isRemote || callStyle === 'overlapping')
  );
}

function totalWeight(packed: Float64Array): number {
  const refs = new RecordRefs();
  refs.append(packed);
  let total = 0;
  for (let index = 0; index < refs.count; index++) total += refs.at(index).weight;
  return total;
}
