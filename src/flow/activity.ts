/**
 * What the watchdog reads of an isolate, in shared memory: that it moves, and what its lanes work on. Another thread
 * can read both even while this one is stuck in a call that never returns.
 */
import { MOST_LANES } from '../model/concurrency.ts';
import type { Cells } from './shared-cells.ts';

/** A count that every step of every worker increments. */
export class Heartbeat {
  static readonly sizeBytes = Int32Array.BYTES_PER_ELEMENT;
  readonly #cell: Int32Array;

  constructor({ buffer, byteOffset }: Cells) {
    this.#cell = new Int32Array(buffer, byteOffset, 1);
  }

  beat(): void {
    Atomics.add(this.#cell, 0, 1);
  }

  get count(): number {
    return Atomics.load(this.#cell, 0);
  }
}

const SLOT_SIZE_BYTES = 512;

/** Notes what each lane works on. */
export class Activity {
  static readonly sizeBytes = MOST_LANES * SLOT_SIZE_BYTES;
  readonly #bytes: Buffer;
  readonly #free = Array.from({ length: MOST_LANES }, (_, lane) => lane);

  constructor({ buffer, byteOffset }: Cells) {
    this.#bytes = Buffer.from(buffer, byteOffset, Activity.sizeBytes);
  }

  /**
   * Notes latin1 text, cut to the slot's size. Gives the slot to pass to `end`; undefined if all are taken.
   */
  begin(text: string): number | undefined {
    const lane = this.#free.pop();
    if (lane === undefined) return undefined;
    const start = lane * SLOT_SIZE_BYTES;
    const length = this.#bytes.write(text, start + 2, SLOT_SIZE_BYTES - 2, 'latin1');
    this.#bytes.writeUInt16LE(length, start);
    return lane;
  }

  end(lane: number | undefined): void {
    if (lane === undefined) return;
    this.#bytes.writeUInt16LE(0, lane * SLOT_SIZE_BYTES);
    this.#free.push(lane);
  }

  /** The texts of all busy lanes, in no order. */
  list(): string[] {
    const texts: string[] = [];
    for (let start = 0; start < this.#bytes.length; start += SLOT_SIZE_BYTES) {
      const length = this.#bytes.readUInt16LE(start);
      if (length > 0) texts.push(this.#bytes.toString('latin1', start + 2, start + 2 + length));
    }
    return texts;
  }
}
