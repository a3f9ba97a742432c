/** Sorted keys, searched in halves. */
import type { PathKeys } from '../../model/path-keys.ts';

export class KeySearch {
  readonly #bytes: Buffer;
  readonly #starts: Uint32Array;
  readonly count: number;

  constructor({ bytes, starts }: PathKeys) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#starts = starts;
    this.count = starts.length - 1;
  }

  /** Undefined past either end. */
  at(index: number): string | undefined {
    if (index < 0 || index >= this.count) return undefined;
    return this.#bytes.toString('latin1', this.#starts[index], this.#starts[index + 1]);
  }

  has(key: string): boolean {
    return this.at(this.lowerBound(key)) === key;
  }

  /** Index of the first key that is not less, from `from` on. PERF: most are the next one. */
  lowerBound(key: string, from = 0): number {
    let low = from;
    let high = this.count;
    if (from > 0 && (from === high || !this.#isLess(from, key))) return from;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isLess(middle, key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isLess(index: number, key: string): boolean {
    const start = this.#starts[index]!;
    const length = this.#starts[index + 1]! - start;
    const shorter = Math.min(length, key.length);
    for (let at = 0; at < shorter; at++) {
      const difference = this.#bytes[start + at]! - key.charCodeAt(at);
      if (difference !== 0) return difference < 0;
    }
    return length < key.length;
  }
}
