/** Holds all workers together to a rate: whoever would exceed it waits. */
import type { Allowance } from './allowance.ts';
import { sleep } from './sleep.ts';

/** A new rate holds, and a run that is to stop stops, within this. */
const LONGEST_SLEEP_MS = 100;

export class Pacer {
  readonly #allowance: Allowance;
  readonly #mayWait: () => boolean;

  /** @param mayWait asked before each sleep; false ends the wait */
  constructor(allowance: Allowance, mayWait: () => boolean) {
    this.#allowance = allowance;
    this.#mayWait = mayWait;
  }

  /** 0: no limit. */
  get perSec(): number {
    return this.#allowance.perSec;
  }

  /** Waits until `count` units may pass. */
  async pass(count: number): Promise<void> {
    if (count === 0 || this.perSec === 0) return;
    const number = this.#allowance.take(count, nowUs());
    for (let waitMs = this.#waitMs(number); waitMs > 0 && this.#mayWait(); waitMs = this.#waitMs(number)) {
      await sleep(Math.min(waitMs, LONGEST_SLEEP_MS));
    }
  }

  /** For what cannot wait: those who come after it wait longer. */
  passAtOnce(count: number): void {
    if (this.perSec !== 0) this.#allowance.take(count, nowUs());
  }

  #waitMs(number: bigint): number {
    return this.#allowance.waitUs(number, nowUs()) / 1000;
  }
}

/** The same in all isolates, and never set back as the system's clock is. */
export function nowUs(): number {
  return (performance.timeOrigin + performance.now()) * 1000;
}
