/** Bytes that a unit gathers for its result, in chunks: none is copied as it grows. */
import { BytePool, type PooledBytes } from '../../flow/byte-pool.ts';

const CHUNK_BYTES = 64 * 1024;
/** A unit ends after the directory that brings it here: its result is in memory as a whole. */
const BYTES_PER_UNIT = 4 * 1024 * 1024;

/** In order; a record may begin in one and end in the next. Whoever has read one releases it. */
export type Chunks = readonly Uint8Array[];

export class RecordBytes {
  readonly #pool: BytePool;
  #full: PooledBytes[] = [];
  #chunk: PooledBytes | undefined;
  /** Of the chunk. */
  #usedBytes = 0;
  #lengthBytes = 0;

  /** @param pool of the isolate */
  constructor(pool = new BytePool()) {
    this.#pool = pool;
  }

  get lengthBytes(): number {
    return this.#lengthBytes;
  }

  /** The unit should end. */
  get isFull(): boolean {
    return this.#lengthBytes >= BYTES_PER_UNIT;
  }

  /** Gives the offset of the bytes. */
  append(bytes: Uint8Array): number {
    const offset = this.#lengthBytes;
    for (let done = 0; done < bytes.length;) {
      const chunk = (this.#chunk ??= this.#pool.take(CHUNK_BYTES));
      const count = Math.min(bytes.length - done, chunk.length - this.#usedBytes);
      chunk.set(bytes.subarray(done, done + count), this.#usedBytes);
      this.#usedBytes += count;
      done += count;
      if (this.#usedBytes === chunk.length) this.#endChunk(chunk);
    }
    this.#lengthBytes += bytes.length;
    return offset;
  }

  /** All since the last call. */
  take(): Chunks {
    if (this.#chunk !== undefined) this.#endChunk(this.#chunk);
    const taken = this.#full;
    this.#full = [];
    this.#lengthBytes = 0;
    return taken;
  }

  #endChunk(chunk: PooledBytes): void {
    this.#full.push(chunk.subarray(0, this.#usedBytes));
    this.#chunk = undefined;
    this.#usedBytes = 0;
  }
}
