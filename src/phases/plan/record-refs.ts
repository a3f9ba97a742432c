/** Where records lie in the spools: four numbers each, so that an index of millions stays small. */

export interface RecordRef {
  readonly spool: number;
  readonly offset: number;
  readonly lengthBytes: number;
  /** What it costs: bytes to move for a section; the depth for a directory. */
  readonly weight: number;
}

const NUMBERS_PER_REF = 4;

export class RecordRefs {
  #numbers = new Float64Array(NUMBERS_PER_REF * 16);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  push(ref: RecordRef): void {
    this.#grow(1);
    this.#numbers.set([ref.spool, ref.offset, ref.lengthBytes, ref.weight], this.#count * NUMBERS_PER_REF);
    this.#count++;
  }

  at(index: number): RecordRef {
    const [spool = 0, offset = 0, lengthBytes = 0, weight = 0] = this.#numbers.subarray(
      index * NUMBERS_PER_REF,
      (index + 1) * NUMBERS_PER_REF,
    );
    return { spool, offset, lengthBytes, weight };
  }

  /** As plain data for a message to another isolate. */
  slice(start: number, end: number): Float64Array {
    const stop = Math.min(end, this.#count);
    return this.#numbers.slice(start * NUMBERS_PER_REF, stop * NUMBERS_PER_REF);
  }

  append(packed: Float64Array): void {
    const added = packed.length / NUMBERS_PER_REF;
    this.#grow(added);
    this.#numbers.set(packed, this.#count * NUMBERS_PER_REF);
    this.#count += added;
  }

  #grow(added: number): void {
    const needed = (this.#count + added) * NUMBERS_PER_REF;
    if (needed <= this.#numbers.length) return;
    const larger = new Float64Array(Math.max(needed, this.#numbers.length * 2));
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}

export function* refsIn(packed: Float64Array): Iterable<RecordRef> {
  const refs = new RecordRefs();
  refs.append(packed);
  for (let index = 0; index < refs.count; index++) yield refs.at(index);
}
