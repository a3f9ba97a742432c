/**
 * How much may be under way at once, in shared memory, where a server has said that it was too much: then
 * half as much, and slowly more again. Until then there is no limit.
 */
import { sleep } from './sleep.ts';

const UNLIMITED = 2 ** 31 - 1;
/** The limit grows by one after so many have gone well. */
const SUCCESSES_TO_GROW = 100;
const SLEEP_MS = 10;

const [LIMIT, UNDER_WAY, ROUND, SUCCESSES, CELLS] = [0, 1, 2, 3, 4] as const;

export class InFlight {
  readonly shared: SharedArrayBuffer;
  readonly #cells: Int32Array;
  readonly #mayWait: () => boolean;

  /** @param mayWait asked before each sleep; false ends the wait */
  constructor(mayWait: () => boolean = () => true, shared?: SharedArrayBuffer) {
    this.shared = shared ?? new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT);
    this.#cells = new Int32Array(this.shared);
    this.#mayWait = mayWait;
    if (shared === undefined) Atomics.store(this.#cells, LIMIT, UNLIMITED);
  }

  get limit(): number {
    return Atomics.load(this.#cells, LIMIT);
  }

  /** Waits for a place, to be given back by `leave`. Gives the round to name in `shrink`. */
  async enter(): Promise<number> {
    while (Atomics.add(this.#cells, UNDER_WAY, 1) >= this.limit && this.#mayWait()) {
      Atomics.sub(this.#cells, UNDER_WAY, 1);
      await sleep(SLEEP_MS);
    }
    return Atomics.load(this.#cells, ROUND);
  }

  leave(): void {
    Atomics.sub(this.#cells, UNDER_WAY, 1);
  }

  succeeded(): void {
    const limit = this.limit;
    if (limit === UNLIMITED || Atomics.add(this.#cells, SUCCESSES, 1) + 1 < SUCCESSES_TO_GROW) return;
    Atomics.store(this.#cells, SUCCESSES, 0);
    Atomics.compareExchange(this.#cells, LIMIT, limit, limit + 1);
  }

  /** Once a round: the others that were under way with too many were refused for the same reason. */
  shrink(round: number): void {
    if (Atomics.compareExchange(this.#cells, ROUND, round, round + 1) !== round) return;
    const most = Math.min(this.limit, Atomics.load(this.#cells, UNDER_WAY));
    Atomics.store(this.#cells, LIMIT, Math.max(1, Math.floor(most / 2)));
    Atomics.store(this.#cells, SUCCESSES, 0);
  }
}
