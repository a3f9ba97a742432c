/** How much of the processors' time this process takes. */
import { availableParallelism } from 'node:os';

export class ProcessorShare {
  #usage = process.cpuUsage();
  #atMs = performance.now();

  /** From 0 to 1, since the last call. */
  sinceLast(): number {
    const [usage, atMs] = [process.cpuUsage(), performance.now()];
    const usedMs = (usage.user + usage.system - this.#usage.user - this.#usage.system) / 1000;
    const passedMs = (atMs - this.#atMs) * availableParallelism();
    [this.#usage, this.#atMs] = [usage, atMs];
    return passedMs === 0 ? 0 : usedMs / passedMs;
  }
}
