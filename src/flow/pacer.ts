/** Holds all workers together to a rate: each reserves its share of the time line in shared memory. */
import { sleep } from './sleep.ts';

/** Time not used is lost after this long, so that a pause is not followed by a burst. */
const BURST_MS = 100;
/** A run that is to stop stops within this. */
const LONGEST_SLEEP_MS = 100;

export class Pacer {
  readonly shared: SharedArrayBuffer;
  /** When the next unit may pass, in microseconds of the system's clock. */
  readonly #nextUs: BigInt64Array;
  readonly #perSec: number;

  constructor(perSec: number, shared = new SharedArrayBuffer(8)) {
    this.shared = shared;
    this.#nextUs = new BigInt64Array(shared);
    this.#perSec = perSec;
  }

  /** Waits until `count` units may pass; `isStopped` ends the wait early. */
  async pass(count: number, isStopped: () => boolean = () => false): Promise<void> {
    const costUs = BigInt(Math.ceil((count / this.#perSec) * 1e6));
    const nowUs = BigInt(Date.now()) * 1000n;
    const earliestUs = nowUs - BigInt(BURST_MS) * 1000n;
    const startUs = this.#reserve(costUs, earliestUs);
    const endMs = Number(startUs + costUs) / 1000;
    for (let waitMs = endMs - Date.now(); waitMs > 0 && !isStopped(); waitMs = endMs - Date.now()) {
      await sleep(Math.min(waitMs, LONGEST_SLEEP_MS));
    }
  }

  #reserve(costUs: bigint, earliestUs: bigint): bigint {
    for (;;) {
      const nextUs = Atomics.load(this.#nextUs, 0);
      const startUs = nextUs > earliestUs ? nextUs : earliestUs;
      if (Atomics.compareExchange(this.#nextUs, 0, nextUs, startUs + costUs) === nextUs) return startUs;
    }
  }
}
