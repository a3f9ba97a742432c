/** `--track-renames`: which extraneous file of the destination a new file of the source may have been. */
import type { ByteString } from '../../model/byte-string.ts';
import { type Change, Difference } from '../../model/change.ts';
import { isFile, type Entry } from '../../model/entry.ts';
import type { ByteRange } from './byte-ranges.ts';
import { nameHash } from './fingerprint.ts';

/** The low bits of a key are of the name, those above of size and time: 53 in all, which a number holds exactly. */
const NAMES = 2 ** 21;

const HIGH = 2 ** 32;
const FNV_PRIME = 0x01000193;

type Quick = Pick<Entry, 'sizeBytes' | 'mtimeSec' | 'mtimeNsec'>;

/** Files of one size and time have keys next to each other, those of one name besides the same key. */
export function moveKey(entry: Quick, name: ByteString): number {
  return quickHash(entry) * NAMES + (nameHash(name) % NAMES);
}

function quickHash({ sizeBytes, mtimeSec, mtimeNsec }: Quick): number {
  let hash = 0;
  for (const field of [sizeBytes % HIGH, Math.floor(sizeBytes / HIGH), mtimeSec % HIGH, mtimeNsec % HIGH]) {
    hash = Math.imul(hash ^ field, FNV_PRIME);
    hash = Math.imul(hash ^ (hash >>> 15), FNV_PRIME);
  }
  return hash >>> 0;
}

export function haveSameQuick(one: Quick, other: Quick): boolean {
  const { sizeBytes, mtimeSec, mtimeNsec } = one;
  return sizeBytes === other.sizeBytes && mtimeSec === other.mtimeSec && mtimeNsec === other.mtimeNsec;
}

/** A new file of one name, which nothing stands in the way of. */
export function mayHaveMoved({ action, differences, source }: Change): boolean {
  return action === 'write' && differences === Difference.missing && isFile(source) && source.linkCount === 1;
}

/** Size and time alone are no proof: somebody has set that time, or it is kept in seconds. */
export function isTimeVague({ mtimeNsec }: Pick<Entry, 'mtimeNsec'>): boolean {
  return mtimeNsec === 0;
}

const SAMPLE_BYTES = 256 * 1024;

/** What is read of both files: everything if in doubt, otherwise the beginning and the end. */
export function rangesToRead(sizeBytes: number, isDoubtful: boolean): readonly ByteRange[] {
  if (sizeBytes === 0) return [];
  const isWhole = isDoubtful || sizeBytes <= 2 * SAMPLE_BYTES;
  if (isWhole) return [{ offset: 0, end: Infinity }];
  return [
    { offset: 0, end: SAMPLE_BYTES },
    { offset: sizeBytes - SAMPLE_BYTES, end: Infinity },
  ];
}

export interface MoveMatch {
  /** Their indexes. */
  readonly wanted: number;
  readonly candidate: number;
  /** Another file has the same size and time, or the name is another one. */
  readonly isDoubtful: boolean;
}

/** Keys in their order, and the index that each had before. */
export interface SortedKeys {
  readonly keys: Float64Array;
  readonly order: Uint32Array;
}

export function sortKeys(unordered: Float64Array): SortedKeys {
  const order = new Uint32Array(unordered.length).map((_, index) => index);
  const keyOf = (index: number): number => unordered[index] as number;
  order.sort((one, other) => keyOf(one) - keyOf(other) || one - other);
  return { keys: Float64Array.from(order, keyOf), order };
}

/** Whether any has the same size and time. */
export function hasAlike({ keys }: SortedKeys, key: number): boolean {
  return groupStart(keys, key) < groupEnd(keys, key);
}

/** Each candidate is given once: to a file of its name, if there is one. In the order of what is wanted. */
export function* matchMoves(wanted: readonly number[], { keys, order }: SortedKeys): Iterable<MoveMatch> {
  const counts = countWanted(wanted, keys);
  const named = matchNames(wanted, keys);
  const isTaken = new Uint8Array(keys.length);
  for (const at of named) if (at !== NONE) isTaken[at] = 1;
  // Up to where each group was looked through: at its start.
  const seenUpTo = new Uint32Array(keys.length);
  for (const [index, key] of wanted.entries()) {
    const [start, end] = [groupStart(keys, key), groupEnd(keys, key)];
    if (start === end) continue;
    let at = named[index] as number;
    if (at === NONE) {
      at = Math.max(start, seenUpTo[start] as number);
      while (at < end && isTaken[at] === 1) at++;
      seenUpTo[start] = at + 1;
      if (at >= end) continue;
    }
    const isAlone = end - start === 1 && counts[start] === 1;
    yield { wanted: index, candidate: order[at] as number, isDoubtful: !isAlone || keys[at] !== key };
  }
}

const NONE = 0xffff_ffff;

/** How many are wanted of each group: at its start, and 2 for any more. */
function countWanted(wanted: readonly number[], keys: Float64Array): Uint8Array {
  const counts = new Uint8Array(keys.length);
  for (const key of wanted) {
    const start = groupStart(keys, key);
    if (start < groupEnd(keys, key)) counts[start] = Math.min(2, (counts[start] as number) + 1);
  }
  return counts;
}

/** Where each has a candidate of its own name. */
function matchNames(wanted: readonly number[], keys: Float64Array): Uint32Array {
  const given = new Uint32Array(keys.length);
  return Uint32Array.from(wanted, (key) => {
    const first = lowerBound(keys, key);
    if (keys[first] !== key) return NONE;
    const at = first + (given[first] as number);
    if (keys[at] !== key) return NONE;
    given[first] = (given[first] as number) + 1;
    return at;
  });
}

function groupStart(keys: Float64Array, key: number): number {
  return lowerBound(keys, key - (key % NAMES));
}

function groupEnd(keys: Float64Array, key: number): number {
  return lowerBound(keys, key - (key % NAMES) + NAMES);
}

/** The first that is not less. */
function lowerBound(keys: Float64Array, key: number): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as number) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
