/**
 * Memory that one isolate fills, whoever gets the message reads, and the first fills again. PERF: as buffers of each
 * message's own it was garbage that V8 lets grow to 64 MB in each isolate; a run of 300,000 files took 216 MB, not 118.
 */

/** In front of the bytes: whether somebody may still read them. */
const HEADER_BYTES = 8;
const [FREE, TAKEN] = [0, 1];

export type PooledBytes = Uint8Array<SharedArrayBuffer>;

export class BytePool {
  readonly #all: PooledBytes[] = [];

  /** At least so many bytes that nobody reads, until `release`. */
  take(leastBytes: number): PooledBytes {
    const free = this.#all.find(
      (bytes) => bytes.length >= leastBytes && Atomics.load(flagOf(bytes), 0) === FREE,
    );
    const bytes = free ?? this.#add(leastBytes);
    Atomics.store(flagOf(bytes), 0, TAKEN);
    return bytes;
  }

  #add(lengthBytes: number): PooledBytes {
    const bytes = new Uint8Array(new SharedArrayBuffer(HEADER_BYTES + lengthBytes), HEADER_BYTES);
    this.#all.push(bytes);
    return bytes;
  }
}

/** Of what a pool gave, or a part of it, in whichever isolate. Bytes from elsewhere need no release. */
export function release(bytes: Uint8Array): void {
  if (bytes.buffer instanceof SharedArrayBuffer) Atomics.store(flagOf(bytes as PooledBytes), 0, FREE);
}

function flagOf({ buffer }: PooledBytes): Int32Array {
  return new Int32Array(buffer, 0, 1);
}
