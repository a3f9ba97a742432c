/** Collects, in the main isolate, what only a written report tells of a run. */
import type { DirectoryTime, RunStatistics } from '../model/run-statistics.ts';
import type { Tally } from '../model/tally.ts';
import type { Phase } from '../model/task.ts';
import { SlowestDirectories } from '../policy/slowest-directories.ts';
import { TimeSeries, type Done } from '../policy/time-series.ts';
import { FileSizes } from './file-sizes.ts';

export class Statistics {
  readonly fileSizes: FileSizes;
  readonly #beganMs = performance.now();
  readonly #series = new TimeSeries();
  readonly #slowest: Readonly<Record<Phase, SlowestDirectories>> = {
    preparing: new SlowestDirectories(),
    syncing: new SlowestDirectories(),
    verifying: new SlowestDirectories(),
  };
  #phase: Phase = 'preparing';

  constructor(isolateCount: number) {
    this.fileSizes = new FileSizes({ rows: isolateCount, row: isolateCount - 1 });
  }

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
      tally.entriesDeleted,
    bytes: tally.bytesTransferred,
  }),
  verifying: ({ entriesVerified, bytesVerified }) => ({ entries: entriesVerified, bytes: bytesVerified }),
};
