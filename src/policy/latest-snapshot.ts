/** Which of several snapshots was taken last. */
import type { SnapshotTimes } from '../model/snapshot-times.ts';

/** In a name such as `hourly.2026-11-24_1605`: the date, and all that follows. */
const DATE = /(?:19|20)\d\d-?[01]\d-?[0-3]\d.*$/;

/**
 * The one whose own directory was read or changed last: a snapshot's times stand still, so that those of a later
 * one are never before. Where several are as late, because nobody came there in between, their names tell if
 * they have dates. Several: nobody can tell.
 */
export function latestSnapshots(snapshots: readonly SnapshotTimes[]): string[] {
  const latest = greatest(snapshots, compareTimes).map(({ name }) => name);
  if (latest.length < 2 || !latest.every((name) => DATE.test(name))) return latest;
  return greatest(latest, (a, b) => compare(dateIn(a), dateIn(b)));
}

function dateIn(name: string): string {
  return (DATE.exec(name)?.[0] ?? '').replaceAll(/\D/g, '');
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
