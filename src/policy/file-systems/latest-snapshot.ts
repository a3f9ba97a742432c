/** Finds the last of several snapshots. */
import type { ByteString } from '../../model/byte-string.ts';
import type { SnapshotTimes } from '../../model/entry.ts';

/** Matches the date in a name such as `hourly.2026-11-24_1605`. */
const DATE = /(?:19|20)\d\d-?[01]\d-?[0-3]\d/;

/**
 * The snapshot whose root directory was last read or changed: these times are frozen, so a later snapshot
 * never has earlier ones. If several are equal, as nobody used the directory in between, dates in their names
 * decide. Gives several if nothing tells them apart.
 */
export function latestSnapshots(snapshots: readonly SnapshotTimes[]): string[] {
  const latest = greatest(snapshots, compareTimes).map(({ name }) => name);
  if (!latest.every((name) => DATE.test(name))) return latest;
  return greatest(latest, (a, b) => compare(dateIn(a), dateIn(b)));
}

/** All digits from the start of the date on. */
function dateIn(name: ByteString): ByteString {
  return name.slice(name.search(DATE)).replaceAll(/\D/g, '');
}

function compareTimes(a: SnapshotTimes, b: SnapshotTimes): number {
  const [first, second] = [lastTime(a), lastTime(b)];
  return compare(first, second);
}

function lastTime({ atimeSec, atimeNsec, ctimeSec, ctimeNsec }: SnapshotTimes): bigint {
  const [atime, ctime] = [nanoseconds(atimeSec, atimeNsec), nanoseconds(ctimeSec, ctimeNsec)];
  return atime > ctime ? atime : ctime;
}

function nanoseconds(sec: number, nsec: number): bigint {
  return BigInt(sec) * 1_000_000_000n + BigInt(nsec);
}

function greatest<T>(all: readonly T[], order: (a: T, b: T) => number): T[] {
  let best: T[] = [];
  for (const each of all) {
    const [known] = best;
    const is = known === undefined ? 1 : order(each, known);
    if (is > 0) best = [each];
    else if (is === 0) best.push(each);
  }
  return best;
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
