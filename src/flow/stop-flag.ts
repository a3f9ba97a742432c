/** One bit in shared memory: every worker sees at its next step that the run must stop. */
import { Interrupted } from '../model/run/errors.ts';
import type { Cells } from './shared-cells.ts';

export class StopFlag {
  static readonly sizeBytes = Int32Array.BYTES_PER_ELEMENT;
  readonly #cell: Int32Array;

  constructor({ buffer, byteOffset }: Cells) {
    this.#cell = new Int32Array(buffer, byteOffset, 1);
  }

  raise(): void {
    Atomics.store(this.#cell, 0, 1);
  }

  get isRaised(): boolean {
    return this.#cell[0] === 1;
  }
}

/** Ends work in any isolate once the run must stop. @throws Interrupted */
export function throwIfStopped({ stop }: { readonly stop: StopFlag }): void {
  if (stop.isRaised) throw new Interrupted('interrupted');
}
