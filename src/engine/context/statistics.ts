/** What only a written report contains: the course of a run, its slowest directories, and its files by size. */
import type { DirectoryTime, RunStatistics, SizeClass } from '../../model/run/run-statistics.ts';
import type { Tally } from '../../model/tally.ts';
import type { Phase } from '../../model/task.ts';
import { SlowestDirectories, noteTime } from '../../policy/slowest-directories.ts';
import { TimeSeries, type Done } from '../../policy/time-series.ts';
import { addNumbers } from '../../flow/counters.ts';
import type { Settings } from '../../model/settings.ts';
import type { Findings } from '../messages/findings.ts';

/** In the main isolate. */
export class Statistics {
  readonly fileSizes = new FileSizes();
  readonly #beganMs = performance.now();
  readonly #series = new TimeSeries();
  readonly #slowest: Readonly<Record<Phase, SlowestDirectories>> = {
    preparing: new SlowestDirectories(),
    syncing: new SlowestDirectories(),
    verifying: new SlowestDirectories(),
  };
  #phase: Phase = 'preparing';

  startPhase(phase: Phase): void {
    this.#phase = phase;
    this.#series.startPhase(phase, this.#nowMs());
  }

  progressed(tally: Tally): void {
    this.#series.add(this.#nowMs(), DONE[this.#phase](tally));
  }

  endPhase(tally: Tally): void {
    this.#series.endPhase(this.#nowMs(), DONE[this.#phase](tally));
  }

  addTimes(times: readonly DirectoryTime[]): void {
    for (const time of times) this.#slowest[time.phase].add(time);
  }

  conclude(): RunStatistics {
    return {
      timeSeries: this.#series.samples,
      slowestDirectories: Object.values(this.#slowest).flatMap((slowest) => slowest.list()),
      fileSizes: this.fileSizes.classes(),
    };
  }

  #nowMs(): number {
    return performance.now() - this.#beganMs;
  }
}

const DONE: Readonly<Record<Phase, (tally: Tally) => Done>> = {
  preparing: ({ sourceEntries, destinationEntries }) => ({
    entries: Math.max(sourceEntries, destinationEntries),
    bytes: 0,
  }),
  syncing: (tally) => ({
    entries:
      tally.filesTransferred +
      tally.entriesCreated +
      tally.entriesAdjusted +
      tally.entriesLinked +
      tally.filesMoved +
      tally.entriesDeleted,
    bytes: tally.bytesTransferred,
  }),
  verifying: ({ entriesVerified, bytesVerified }) => ({ entries: entriesVerified, bytes: bytesVerified }),
};

/** The largest size of each class. */
const LARGEST_BYTES = [0, ...[1, 10, 100].flatMap((kib) => [kib * 2 ** 10, kib * 2 ** 20, kib * 2 ** 30])]
  .toSorted((one, other) => one - other)
  .concat(Infinity);

/** Counts files by size class: those of a unit, or of all. */
export class FileSizes {
  /** Files and bytes of each class. */
  readonly #numbers = new Float64Array(2 * LARGEST_BYTES.length);

  add(sizeBytes: number): void {
    let index = 0;
    while (sizeBytes > (LARGEST_BYTES[index] as number)) index++;
    this.#add(2 * index, 1);
    this.#add(2 * index + 1, sizeBytes);
  }

  /** All since the last call: plain data, for a message. */
  take(): Float64Array {
    const taken = this.#numbers.slice();
    this.#numbers.fill(0);
    return taken;
  }

  accept(numbers: Float64Array): void {
    addNumbers(this.#numbers, numbers);
  }

  /** Only classes that have files. */
  classes(): SizeClass[] {
    return LARGEST_BYTES.map((largestBytes, index): SizeClass => {
      const [files = 0, bytes = 0] = this.#numbers.subarray(2 * index);
      return largestBytes === Infinity ? { files, bytes } : { largestBytes, files, bytes };
    }).filter(({ files }) => files > 0);
  }

  #add(index: number, amount: number): void {
    this.#numbers[index] = (this.#numbers[index] as number) + amount;
  }
}

type TimedDirectory = Pick<DirectoryTime, 'phase' | 'path'>;

interface TimedUnit {
  readonly context: { readonly settings: Settings };
  readonly findings: Findings;
}

/** Times the work in a directory, if a report is to list the slowest. For use in a worker. */
export async function timeDirectory(
  { context, findings }: TimedUnit,
  place: TimedDirectory,
  work: () => Promise<void>,
): Promise<void> {
  if (!context.settings.collectStatistics) return work();
  return timed(place, work, (time) => noteTime(findings.times, time));
}

/** The same in the main isolate: all workers share one large file of the directory. */
export async function timeSharedWork(
  { statistics }: { readonly statistics: Statistics | undefined },
  place: TimedDirectory,
  work: () => Promise<void>,
): Promise<void> {
  if (statistics === undefined) return work();
  return timed(place, work, (time) => statistics.addTimes([time]));
}

async function timed(
  place: TimedDirectory,
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
