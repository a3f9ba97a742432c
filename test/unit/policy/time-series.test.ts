/** However long a run is, its samples stay few, lose nothing, and never mix two phases. */
import { expect, test } from 'vitest';
import { TimeSeries } from '../../../src/policy/time-series.ts';

const NONE = { entries: 0, bytes: 0 };

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

test('a day of progress ten times a second is a few hundred samples that add up', () => {
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

test('samples follow each other without a gap', () => {
  const series = new TimeSeries();
  series.startPhase('syncing', 0);
  for (let atMs = 0; atMs < 100_000; atMs += 37) series.add(atMs, NONE);
  const ends = series.samples.map(({ startMs, elapsedMs }) => startMs + elapsedMs);
  expect(series.samples.slice(1).map(({ startMs }) => startMs)).toEqual(ends.slice(0, -1));
});

test('bytes that were taken back and copied again count once', () => {
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
