/**
 * Limits the calls in flight, in shared memory, once a server has refused some as too many: first to half,
 * then slowly more again. Until then there is no limit.
 */
import type { Cells } from './shared-cells.ts';
import { sleep } from './sleep.ts';

const UNLIMITED = 2 ** 31 - 1;
/** The limit grows by one after this many successes. */
const SUCCESSES_TO_GROW = 100;
const SLEEP_MS = 10;

/** A limit of 0: none. */
const [LIMIT, UNDER_WAY, ROUND, SUCCESSES, CELLS] = [0, 1, 2, 3, 4] as const;

export class InFlight {
  static readonly sizeBytes = CELLS * Int32Array.BYTES_PER_ELEMENT;
  readonly #cells: Int32Array;
  readonly #mayWait: () => boolean;

  /** @param mayWait asked before each sleep; false ends the wait */
  constructor({ buffer, byteOffset }: Cells, mayWait: () => boolean) {
    this.#cells = new Int32Array(buffer, byteOffset, CELLS);
    this.#mayWait = mayWait;
  }

  get limit(): number {
    return Atomics.load(this.#cells, LIMIT) || UNLIMITED;
  }

  /** Waits for a place; return it with `leave`. Gives the round to pass to `shrink`. */
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

  /** Shrinks once per round: the other refusals of a round have the same cause. */
  shrink(round: number): void {
    if (Atomics.compareExchange(this.#cells, ROUND, round, round + 1) !== round) return;
    const most = Math.min(this.limit, Atomics.load(this.#cells, UNDER_WAY));
    Atomics.store(this.#cells, LIMIT, Math.max(1, Math.floor(most / 2)));
    Atomics.store(this.#cells, SUCCESSES, 0);
  }
}
