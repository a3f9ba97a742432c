/**
 * The keys of a --files-from list, sorted, in memory that all isolates share: a million paths of 30 bytes take
 * 34 MB once, where strings took 100 MB and more in each.
 * NUL, which no name holds and which sorts lowest, stands before each component instead of a slash, so
 * that everything below a directory is one run of the keys.
 */
import { UsageError } from '../../errors.ts';
import type { PathKeys } from '../../model/path-keys.ts';

const LARGEST_BYTES = 2 ** 32 - 1;

/** Order and duplicates of the paths do not matter. @param paths as `parseFilesFrom` gives them */
export function packPaths(paths: Iterable<string>, recursive: boolean): PathKeys {
  const unsorted = appendAll(paths, recursive);
  return pickKeys(unsorted, sortedOrder(unsorted), recursive);
}

export function keyOf(path: string): string {
  return path === '' ? '' : `\0${path.replaceAll('/', '\0')}`;
}

/** A trailing slash of the path becomes a trailing NUL; recursion makes it meaningless. */
function listedKey(path: string, recursive: boolean): string {
  const key = path === '.' ? '\0' : keyOf(path);
  return recursive && key.endsWith('\0') ? key.slice(0, -1) : key;
}

function appendAll(paths: Iterable<string>, recursive: boolean): PathKeys {
  let bytes = Buffer.allocUnsafeSlow(64 * 1024);
  let starts = new Uint32Array(1024);
  let [used, count] = [0, 0];
  for (const path of paths) {
    const key = listedKey(path, recursive);
    if (used + key.length > LARGEST_BYTES) throw new UsageError('--files-from has more than 4 GiB of paths');
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

/** Each once and, when recursive, without what is below another: it would hide that from a search. */
function pickKeys({ bytes, starts }: PathKeys, order: Uint32Array, recursive: boolean): PathKeys {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const keyAt = (index: number): Buffer => all.subarray(starts[index], starts[index + 1]);
  let [count, usedBytes] = [0, 0];
  let last: Buffer | undefined;
  for (const index of order) {
    const key = keyAt(index);
    if (last !== undefined && isCovered(key, last, recursive)) continue;
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

function isCovered(key: Buffer, last: Buffer, recursive: boolean): boolean {
  if (key.length === last.length) return key.equals(last);
  const isBelow = recursive && key[last.length] === 0;
  return isBelow && key.length > last.length && last.equals(key.subarray(0, last.length));
}
