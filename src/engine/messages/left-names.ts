/**
 * Names that Preparing left alone: 8 bytes each. Verifying needs them, as the options alone do not tell these names
 * from a failed copy of this run.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { nameHash } from '../../policy/compare/fingerprint.ts';

/**
 * Hashes of directory and name, sorted: plain data, in memory that isolates share. A chance match, one in 2^32, would
 * leave a damaged file unjudged.
 */
export type LeftKeys = BigUint64Array;

export function leftKeysOf(keys: readonly bigint[]): LeftKeys {
  const buffer = new SharedArrayBuffer(keys.length * BigUint64Array.BYTES_PER_ELEMENT);
  const sorted = new BigUint64Array(buffer);
  sorted.set(keys);
  sorted.sort();
  return sorted;
}

export class LeftNames {
  readonly #keys: LeftKeys;

  constructor(keys: LeftKeys) {
    this.#keys = keys;
  }

  has(directoryPath: ByteString, name: ByteString): boolean {
    if (this.#keys.length === 0) return false;
    const wanted = leftKey(directoryPath, nameHash(name));
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] as bigint) < wanted) low = middle + 1;
      else high = middle;
    }
    return this.#keys[low] === wanted;
  }
}

export function leftKey(directoryPath: ByteString, hashOfName: number): bigint {
  return (BigInt(nameHash(directoryPath)) << 32n) | BigInt(hashOfName);
}
