/**
 * What every lane of every worker is at, in shared memory: readable from the main thread even while a
 * worker is stuck in a call that never returns.
 */

const LANES_PER_WORKER = 32;
const SLOT_SIZE_BYTES = 1024;

export class Activity {
  readonly shared: SharedArrayBuffer;
  readonly #bytes: Buffer;
  readonly #firstSlot: number;
  readonly #free: number[];

  constructor(layout: { workers: number; worker: number; shared?: SharedArrayBuffer }) {
    this.shared = layout.shared ?? new SharedArrayBuffer(layout.workers * LANES_PER_WORKER * SLOT_SIZE_BYTES);
    this.#bytes = Buffer.from(this.shared);
    this.#firstSlot = layout.worker * LANES_PER_WORKER;
    this.#free = Array.from({ length: LANES_PER_WORKER }, (_, lane) => lane);
  }

  /** Notes latin1 text, cut to what a slot holds. Gives the slot to end; none when all are taken. */
  begin(text: string): number | undefined {
    const lane = this.#free.pop();
    if (lane === undefined) return undefined;
    const start = (this.#firstSlot + lane) * SLOT_SIZE_BYTES;
    const length = this.#bytes.write(text, start + 2, SLOT_SIZE_BYTES - 2, 'latin1');
    this.#bytes.writeUInt16LE(length, start);
    return lane;
  }

  end(lane: number | undefined): void {
    if (lane === undefined) return;
    this.#bytes.writeUInt16LE(0, (this.#firstSlot + lane) * SLOT_SIZE_BYTES);
    this.#free.push(lane);
  }

  /** The texts of all lanes that are busy, in no order. */
  list(): string[] {
    const texts: string[] = [];
    for (let start = 0; start < this.#bytes.length; start += SLOT_SIZE_BYTES) {
      const length = this.#bytes.readUInt16LE(start);
      if (length > 0) texts.push(this.#bytes.toString('latin1', start + 2, start + 2 + length));
    }
    return texts;
  }
}
