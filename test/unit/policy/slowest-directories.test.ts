/** The slowest directories are found without keeping all, and their times add up. */
import { expect, test } from 'vitest';
import type { DirectoryTime } from '../../../src/model/run/run-statistics.ts';
import { noteTime, SlowestDirectories } from '../../../src/policy/slowest-directories.ts';

function time(path: string, elapsedMs: number): DirectoryTime {
  return { phase: 'syncing', path, elapsedMs };
}

/** The numbers 1 to `count` in mixed order. 7919 is prime. */
function shuffled(count: number): number[] {
  return Array.from({ length: count }, (_, index) => ((index * 7919) % count) + 1);
}

test('ten of a hundred thousand', () => {
  const slowest = new SlowestDirectories();
  for (const ms of shuffled(100_000)) slowest.add(time(`d${ms}`, ms));
  expect(slowest.list().map(({ elapsedMs }) => elapsedMs)).toEqual([
    100_000, 99_999, 99_998, 99_997, 99_996, 99_995, 99_994, 99_993, 99_992, 99_991,
  ]);
});

test('a directory of several units has the sum', () => {
  const slowest = new SlowestDirectories();
  for (const [path, ms] of [['a', 3], ['b', 5], ['a', 4]] as const) slowest.add(time(path, ms)); // prettier-ignore
  expect(slowest.list()).toEqual([time('a', 7), time('b', 5)]);
});

test.each([
  ['keeps', 400, 1001],
  ['lets go of', 401, 1000],
])('a run %s the fastest of %i directories; with 1000 ms more it has %i ms', (_, count, elapsedMs) => {
  const slowest = new SlowestDirectories();
  for (const ms of shuffled(count)) slowest.add(time(`d${ms}`, ms));
  slowest.add(time('d1', 1000));
  expect(slowest.list()[0]).toEqual(time('d1', elapsedMs));
});

test.each([
  [1, 1],
  [40, 40],
  [41, 20],
])("of a unit's %i times, the slowest %i stay", (count, kept) => {
  const times: DirectoryTime[] = [];
  for (const ms of shuffled(count)) noteTime(times, time(`d${ms}`, ms));
  const found = times.map(({ elapsedMs }) => elapsedMs).toSorted((a, b) => a - b);
  expect(found).toEqual(Array.from({ length: kept }, (__, index) => count - kept + 1 + index));
});

test('a unit reports a limited number, the slowest among them', () => {
  const times: DirectoryTime[] = [];
  for (const ms of shuffled(1000)) noteTime(times, time(`d${ms}`, ms));
  expect(times.length).toBeLessThanOrEqual(40);
  const found = new Set(times.map(({ elapsedMs }) => elapsedMs));
  for (let ms = 991; ms <= 1000; ms++) expect(found).toContain(ms);
});
