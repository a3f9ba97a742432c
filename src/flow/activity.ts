/**
 * What every lane of an isolate is at, in shared memory: readable from another thread even while this one is
 * stuck in a call that never returns.
 */

const LANES = 128;
const SLOT_SIZE_BYTES = 512;

export class Activity {
  readonly shared: SharedArrayBuffer;
  readonly #bytes: Buffer;
  readonly #free = Array.from({ length: LANES }, (_, lane) => lane);

  constructor(shared = new SharedArrayBuffer(LANES * SLOT_SIZE_BYTES)) {
    this.shared = shared;
    this.#bytes = Buffer.from(shared);
  }

  /** Notes latin1 text, cut to what a slot holds. Gives the slot to end; none when all are taken. */
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
