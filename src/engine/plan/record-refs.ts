/** Positions of records: three numbers each, so that an index of millions stays small. */

export interface RecordRef {
  readonly offset: number;
  readonly lengthBytes: number;
  /** Its cost: bytes to move for a section, the depth for a directory. */
  readonly weight: number;
}

const NUMBERS_PER_REF = 3;

/** Grows by chunks: doubling one array would take three times the memory while it is copied. */
const CHUNK_REFS = 4096;
const FIRST_CHUNK_REFS = 16;

export class RecordRefs {
  /** All chunks but the last are full; the last grows to the size of the others. */
  #chunks: Float64Array[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  push(ref: RecordRef): void {
    const { chunk, start } = this.#room(1);
    chunk.set([ref.offset, ref.lengthBytes, ref.weight], start);
    this.#count++;
  }

  /** Of an index that is there. */
  replace(index: number, ref: RecordRef): void {
    const start = (index % CHUNK_REFS) * NUMBERS_PER_REF;
    this.#chunks[Math.floor(index / CHUNK_REFS)]?.set([ref.offset, ref.lengthBytes, ref.weight], start);
  }

  at(index: number): RecordRef {
    const start = (index % CHUNK_REFS) * NUMBERS_PER_REF;
    const [offset = 0, lengthBytes = 0, weight = 0] =
      this.#chunks[Math.floor(index / CHUNK_REFS)]?.subarray(start, start + NUMBERS_PER_REF) ?? [];
    return { offset, lengthBytes, weight };
  }

  /** A copy as plain data, for a message. */
  slice(start: number, end: number): Float64Array {
    const stop = Math.min(end, this.#count);
    const packed = new Float64Array(Math.max(0, stop - start) * NUMBERS_PER_REF);
    for (let index = start; index < stop;) {
      const within = index % CHUNK_REFS;
      const taken = Math.min(stop - index, CHUNK_REFS - within);
      const from = this.#chunks[Math.floor(index / CHUNK_REFS)] as Float64Array;
      const numbers = from.subarray(within * NUMBERS_PER_REF, (within + taken) * NUMBERS_PER_REF);
      packed.set(numbers, (index - start) * NUMBERS_PER_REF);
      index += taken;
    }
    return packed;
  }

  append(packed: Float64Array): void {
    for (let done = 0; done < packed.length;) {
      const { chunk, start, refs } = this.#room((packed.length - done) / NUMBERS_PER_REF);
      const end = done + refs * NUMBERS_PER_REF;
      chunk.set(packed.subarray(done, end), start);
      this.#count += refs;
      done = end;
    }
  }

  /** Frees the memory once nobody needs the refs. */
  clear(): void {
    this.#chunks = [];
    this.#count = 0;
  }

  /** Where the next refs go, and how many of them fit in the chunk. */
  #room(wanted: number): { chunk: Float64Array; start: number; refs: number } {
    const used = this.#count % CHUNK_REFS;
    if (used === 0) this.#chunks.push(new Float64Array(FIRST_CHUNK_REFS * NUMBERS_PER_REF));
    const last = this.#chunks.length - 1;
    const refs = Math.min(wanted, CHUNK_REFS - used);
    const chunk = grown(this.#chunks[last] as Float64Array, used + refs);
    this.#chunks[last] = chunk;
    return { chunk, start: used * NUMBERS_PER_REF, refs };
  }
}

function grown(chunk: Float64Array, neededRefs: number): Float64Array {
  const refs = chunk.length / NUMBERS_PER_REF;
  if (neededRefs <= refs) return chunk;
  const larger = new Float64Array(Math.min(CHUNK_REFS, Math.max(neededRefs, refs * 2)) * NUMBERS_PER_REF);
  larger.set(chunk);
  return larger;
}

/** The same, of records that come after so many bytes. Changes `packed`. */
export function shiftRefs(packed: Float64Array, bytesBefore: number): Float64Array {
  for (let at = 0; at < packed.length; at += NUMBERS_PER_REF)
    packed[at] = (packed[at] as number) + bytesBefore;
  return packed;
}

export function* refsIn(packed: Float64Array): Iterable<RecordRef> {
  const refs = new RecordRefs();
  refs.append(packed);
  for (let index = 0; index < refs.count; index++) yield refs.at(index);
}
