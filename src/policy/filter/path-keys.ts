/**
 * The sorted keys of a --files-from list, in memory that all isolates share: a million paths of 30 bytes take
 * 34 MB once, where strings took 100 MB and more in each isolate. NUL replaces each slash and precedes the
 * first component. No name contains NUL and it sorts lowest, so everything below a directory is contiguous.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { UsageError } from '../../model/run/errors.ts';
import type { PathKeys } from '../../model/listed-paths.ts';

/** What `starts` can hold. */
const LARGEST_BYTES = 2 ** 32 - 1;

/**
 * Order and duplicates of the paths do not matter. @param paths as `parseFilesFrom` gives them
 * @throws UsageError where all keys together are longer than `largestBytes`
 */
export function packPaths(
  paths: Iterable<string>,
  recursive: boolean,
  largestBytes = LARGEST_BYTES,
): PathKeys {
  const unsorted = appendAll(paths, recursive, largestBytes);
  return pickKeys(unsorted, sortedOrder(unsorted));
}

export function keyOf(path: ByteString): ByteString {
  return path === '' ? '' : `\0${path.replaceAll('/', '\0')}`;
}

/** Takes any key but the root's. */
export function pathOf(key: string): ByteString {
  return key.slice(1, key.endsWith('\0') ? -1 : undefined).replaceAll('\0', '/');
}

/** A trailing slash becomes a trailing NUL; it has no meaning with recursion. */
function listedKey(path: ByteString, recursive: boolean): ByteString {
  const key = path === '.' ? '\0' : keyOf(path);
  return recursive && key.endsWith('\0') ? key.slice(0, -1) : key;
}

function appendAll(paths: Iterable<string>, recursive: boolean, largestBytes: number): PathKeys {
  let bytes = Buffer.allocUnsafeSlow(64 * 1024);
  let starts = new Uint32Array(1024);
  let [used, count] = [0, 0];
  for (const path of paths) {
    const key = listedKey(path, recursive);
    if (used + key.length > largestBytes) throw new UsageError('--files-from has more than 4 GiB of paths');
    if (used + key.length > bytes.length) bytes = enlarged(bytes, used + key.length);
    if (count + 2 > starts.length) {
      const larger = new Uint32Array(starts.length * 2);
      larger.set(starts);
      starts = larger;
    }
    bytes.write(key, used, 'latin1');
    used += key.length;
    starts[++count] = used;
  }
  return { bytes: bytes.subarray(0, used), starts: starts.subarray(0, count + 1) };
}

function enlarged(bytes: Buffer, neededBytes: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(Math.max(neededBytes, bytes.length * 2));
  bytes.copy(larger);
  return larger;
}

function sortedOrder({ bytes, starts }: PathKeys): Uint32Array {
  const order = Uint32Array.from({ length: starts.length - 1 }, (_, index) => index);
  const compare = (a: number, b: number): number => {
    let [left, right] = [starts[a]!, starts[b]!];
    const [leftEnd, rightEnd] = [starts[a + 1]!, starts[b + 1]!];
    while (left < leftEnd && right < rightEnd) {
      const difference = bytes[left++]! - bytes[right++]!;
      if (difference !== 0) return difference;
    }
    return leftEnd - left - (rightEnd - right);
  };
  return order.toSorted(compare);
}

/** Copies each key once, in that order. */
function pickKeys({ bytes, starts }: PathKeys, order: Uint32Array): PathKeys {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const keyAt = (index: number): Buffer => all.subarray(starts[index], starts[index + 1]);
  let [count, usedBytes] = [0, 0];
  let last: Buffer | undefined;
  for (const index of order) {
    const key = keyAt(index);
    if (last !== undefined && key.equals(last)) continue;
    order[count++] = index;
    usedBytes += key.length;
    last = key;
  }
  const picked = Buffer.from(new SharedArrayBuffer(usedBytes));
  const pickedStarts = new Uint32Array(new SharedArrayBuffer((count + 1) * Uint32Array.BYTES_PER_ELEMENT));
  for (let at = 0; at < count; at++) {
    const key = keyAt(order[at]!);
    picked.set(key, pickedStarts[at]);
    pickedStarts[at + 1] = pickedStarts[at]! + key.length;
  }
  return { bytes: picked, starts: pickedStarts };
}

/** Binary search in sorted keys. */
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

  /**
   * Index of the first key, from `from` on, that is not less. PERF: tries the next key first, as most
   * searches end there.
   */
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
