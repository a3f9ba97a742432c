/** Times the work in a directory, where a report is to tell which took longest. */
import type { DirectoryTime } from '../model/run-statistics.ts';
import type { Settings } from '../model/settings.ts';
import { noteTime } from '../policy/slowest-directories.ts';
import type { Findings } from './findings.ts';
import type { Run } from './run.ts';

type Place = Pick<DirectoryTime, 'phase' | 'path'>;

interface TimedUnit {
  readonly context: { readonly settings: Settings };
  readonly findings: Findings;
}

/** In a worker. */
export async function timeDirectory(
  { context, findings }: TimedUnit,
  place: Place,
  work: () => Promise<void>,
): Promise<void> {
  if (!context.settings.collectStatistics) return work();
  return timed(place, work, (time) => noteTime(findings.times, time));
}

/** In the main isolate: all workers have a share in one large file of the directory. */
export async function timeSharedWork(
  { statistics }: Run,
  place: Place,
  work: () => Promise<void>,
): Promise<void> {
  if (statistics === undefined) return work();
  return timed(place, work, (time) => statistics.addTimes([time]));
}

async function timed(
  place: Place,
  work: () => Promise<void>,
  take: (time: DirectoryTime) => void,
): Promise<void> {
  const startMs = performance.now();
  try {
    await work();
  } finally {
    take({ ...place, elapsedMs: performance.now() - startMs });
  }
}
