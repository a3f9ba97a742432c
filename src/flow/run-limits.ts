/** The limits of a run, in shared memory if they apply to all workers together. */
import { Allowance, nowUs } from './pacer.ts';
import type { Cells } from './shared-cells.ts';
import type { Limits } from '../model/settings.ts';

/** A limit that can never be set has no memory, and costs nothing. */
export interface LimitCells {
  readonly bandwidth: Cells | undefined;
  readonly operations: Cells | undefined;
}

export class RunLimits {
  readonly #current: (() => Limits) | undefined;
  readonly #bandwidth: Allowance | undefined;
  readonly #operations: Allowance | undefined;
  #limits: Limits;

  /** @param current gives the current limits, if they may change */
  constructor({ bandwidth, operations }: LimitCells, limits: Limits, current?: () => Limits) {
    this.#limits = limits;
    this.#current = current;
    this.#bandwidth = bandwidth && new Allowance(bandwidth);
    this.#operations = operations && new Allowance(operations);
    this.#apply(limits);
  }

  static sizesBytes(limits: Limits, mayChange: boolean): Record<keyof LimitCells, number | undefined> {
    const sizeBytes = (perSec: number) => (perSec > 0 || mayChange ? Allowance.sizeBytes : undefined);
    return {
      bandwidth: sizeBytes(limits.bandwidthBytesPerSec),
      operations: sizeBytes(limits.operationsPerSec),
    };
  }

  /** Gives the limits if they have changed. */
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
