/** The limits of a run, in shared memory where they hold for all workers at once. */
import { Allowance } from '../flow/allowance.ts';
import { nowUs } from '../flow/pacer.ts';
import type { Limits } from '../model/limits.ts';

/** A limit that never is has no memory, and costs nothing. */
export interface SharedLimits {
  readonly bandwidth: SharedArrayBuffer | undefined;
  readonly operations: SharedArrayBuffer | undefined;
}

export class RunLimits {
  readonly shared: SharedLimits;
  readonly #current: (() => Limits) | undefined;
  readonly #bandwidth: Allowance | undefined;
  readonly #operations: Allowance | undefined;
  #limits: Limits;

  /** @param current where the limits may change: those of now */
  constructor(limits: Limits, current?: () => Limits) {
    this.#limits = limits;
    this.#current = current;
    const allowance = (perSec: number) => (perSec > 0 || current !== undefined ? new Allowance() : undefined);
    this.#bandwidth = allowance(limits.bandwidthBytesPerSec);
    this.#operations = allowance(limits.operationsPerSec);
    this.shared = { bandwidth: this.#bandwidth?.shared, operations: this.#operations?.shared };
    this.#apply(limits);
  }

  /** Gives the limits where they have changed since. */
  update(): Limits | undefined {
    const limits = this.#current?.() ?? this.#limits;
    const { bandwidthBytesPerSec, operationsPerSec } = limits;
    const isSame =
      bandwidthBytesPerSec === this.#limits.bandwidthBytesPerSec &&
      operationsPerSec === this.#limits.operationsPerSec;
    if (isSame) return undefined;
    this.#limits = limits;
    this.#apply(limits);
    return limits;
  }

  #apply({ bandwidthBytesPerSec, operationsPerSec }: Limits): void {
    this.#bandwidth?.setRate(bandwidthBytesPerSec, nowUs());
    this.#operations?.setRate(operationsPerSec, nowUs());
  }
}
