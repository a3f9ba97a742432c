/** The slowest directories are found without holding all, and their times add up. */
import { expect, test } from 'vitest';
import type { DirectoryTime } from '../../../src/model/run-statistics.ts';
import { noteTime, SlowestDirectories } from '../../../src/policy/slowest-directories.ts';

function time(path: string, elapsedMs: number): DirectoryTime {
  return { phase: 'syncing', path, elapsedMs };
}

/** 1 to `count`, each once, in an order that is none. */
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

test('a directory that several units worked in has the sum', () => {
  const slowest = new SlowestDirectories();
  for (const [path, ms] of [['a', 3], ['b', 5], ['a', 4]] as const) slowest.add(time(path, ms)); // prettier-ignore
  expect(slowest.list()).toEqual([time('a', 7), time('b', 5)]);
});

test('a unit tells of no more than some, the slowest among them', () => {
  const times: DirectoryTime[] = [];
  for (const ms of shuffled(1000)) noteTime(times, time(`d${ms}`, ms));
  expect(times.length).toBeLessThanOrEqual(40);
  const found = new Set(times.map(({ elapsedMs }) => elapsedMs));
  for (let ms = 991; ms <= 1000; ms++) expect(found).toContain(ms);
});
