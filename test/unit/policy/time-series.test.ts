/** However long a run is, its samples stay few, lose nothing, and never mix two phases. */
import { expect, test } from 'vitest';
import { TimeSeries } from '../../../src/policy/time-series.ts';

const NONE = { entries: 0, bytes: 0 };

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

test('a day of progress at ten per second becomes a few hundred samples that add up', () => {
  const series = new TimeSeries();
  const phaseMs = 8 * 3_600_000;
  let startMs = 0;
  for (const phase of ['preparing', 'syncing', 'verifying'] as const) {
    series.startPhase(phase, startMs);
    for (let atMs = 100; atMs <= phaseMs; atMs += 100) {
      series.add(startMs + atMs, { entries: atMs / 100, bytes: atMs });
    }
    series.endPhase(startMs + phaseMs, { entries: phaseMs / 100 + 1, bytes: phaseMs });
    startMs += phaseMs;
  }
  const { samples } = series;
  expect(samples.length).toBeGreaterThan(100);
  expect(samples.length).toBeLessThanOrEqual(245);
  expect(sum(samples.map(({ elapsedMs }) => elapsedMs))).toBe(3 * phaseMs);
  expect(sum(samples.map(({ bytes }) => bytes))).toBe(3 * phaseMs);
  const verified = samples.filter(({ phase }) => phase === 'verifying');
  expect(sum(verified.map(({ entries }) => entries))).toBe(phaseMs / 100 + 1);
  expect(verified[0]?.startMs).toBe(2 * phaseMs);
});

test('samples have no gaps', () => {
  const series = new TimeSeries();
  series.startPhase('syncing', 0);
  for (let atMs = 0; atMs < 100_000; atMs += 37) series.add(atMs, NONE);
  const ends = series.samples.map(({ startMs, elapsedMs }) => startMs + elapsedMs);
  expect(series.samples.slice(1).map(({ startMs }) => startMs)).toEqual(ends.slice(0, -1));
});

test('bytes that are subtracted and copied again count once', () => {
  const series = new TimeSeries();
  series.startPhase('syncing', 0);
  for (const [atMs, bytes] of [
    [100, 50],
    [200, 10],
    [300, 70],
  ] as const) {
    series.add(atMs, { entries: 0, bytes });
  }
  expect(series.samples.map(({ bytes }) => bytes)).toEqual([50, 0, 20]);
});

test('a sample is recorded once its interval has passed in the phase', () => {
  const series = new TimeSeries();
  series.startPhase('syncing', 50);
  series.add(149, { entries: 1, bytes: 1 });
  expect(series.samples).toEqual([]);
  series.add(150, { entries: 3, bytes: 7 });
  expect(series.samples).toEqual([{ phase: 'syncing', startMs: 50, elapsedMs: 100, entries: 3, bytes: 7 }]);
});

test('a run begins with Preparing', () => {
  const series = new TimeSeries();
  series.add(100, { entries: 3, bytes: 7 });
  expect(series.samples).toEqual([{ phase: 'preparing', startMs: 0, elapsedMs: 100, entries: 3, bytes: 7 }]);
});

test('a phase ends with a sample of the remaining time, if any', () => {
  const series = new TimeSeries();
  series.startPhase('syncing', 50);
  series.endPhase(50, NONE);
  expect(series.samples).toEqual([]);
  series.endPhase(51, { entries: 1, bytes: 2 });
  expect(series.samples).toEqual([{ phase: 'syncing', startMs: 50, elapsedMs: 1, entries: 1, bytes: 2 }]);
});

test.each([
  ['240 samples stay', 240, 240, [100, 1, 10]],
  ['of 241 samples two become one each', 241, 121, [200, 2, 20]],
])('%s', (_, count, kept, first) => {
  const series = new TimeSeries();
  series.startPhase('syncing', 0);
  for (let index = 1; index <= count; index++) series.add(100 * index, { entries: index, bytes: 10 * index });
  const values = series.samples.map(({ elapsedMs, entries, bytes }) => [elapsedMs, entries, bytes]);
  expect(values).toHaveLength(kept);
  expect(values[0]).toEqual(first);
  expect(values[119]).toEqual(first);
});
