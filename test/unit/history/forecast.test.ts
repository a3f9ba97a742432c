/** A forecast rests only on completed runs of the same kind and size. */
import { describe, expect, test } from 'vitest';
import type { Execution, ExecutionEnd } from '../../../src/model/run/execution.ts';
import type { Tally } from '../../../src/model/tally.ts';
import { forecastRun, forecastTimeLeft } from '../../../src/history/forecast.ts';
import { tallyOf } from '../../support/reports.ts';

const SYNC = { kind: 'sync', verify: 'full', checksum: false } as const;

type Parts = Partial<Omit<Execution, 'tally' | 'end'>> & {
  tally?: Partial<Tally>;
  end?: Partial<ExecutionEnd>;
};

function executionOf({ tally, end, ...parts }: Parts): Execution {
  const whole = {
    status: 'Success',
    exitStatus: 0,
    elapsedMs: 0,
    problems: 0,
    differences: 0,
    isComplete: true,
  } as const;
  return {
    ...SYNC,
    source: '/s',
    destination: '/d',
    pid: 1,
    startedAtMs: 0,
    stage: 'Verifying',
    stageStartedAtMs: 0,
    updatedAtMs: 0,
    phases: [],
    ...parts,
    tally: tallyOf(tally),
    ...(end && { end: { ...whole, ...end } }),
  };
}

function runOf(seconds: number, parts: Parts = {}): Execution {
  return executionOf({
    tally: { sourceEntries: 1000 },
    ...parts,
    end: { elapsedMs: seconds * 1000, ...parts.end },
  });
}

describe('the next run takes', () => {
  test.each<[string, Execution[], number]>([
    ['as long as the only one', [runOf(10)], 10],
    ['the middle of three', [runOf(30), runOf(10), runOf(20)], 20],
    ['after a first copy and a run with changes, as long as that', [runOf(10), runOf(10_000)], 10],
    [
      'what the last five tell, not those before',
      [1, 2, 3, 4, 5, 99, 99, 99, 99].map((seconds) => runOf(seconds)),
      3,
    ],
    [
      'what those of the same size tell',
      [runOf(10), runOf(99, { tally: { sourceEntries: 5000 } }), runOf(12)],
      10,
    ],
    [
      'what one tells that was just twice as large, the root counted',
      [runOf(10), runOf(1, { tally: { sourceEntries: 2001 } })],
      1,
    ],
    [
      'not what one tells that was larger than that',
      [runOf(10), runOf(1, { tally: { sourceEntries: 2002 } })],
      10,
    ],
    ['what those of the same kind tell', [runOf(1, { kind: 'verify' }), runOf(10)], 10],
    ['what those with the same verification tell', [runOf(1, { verify: 'none' }), runOf(10)], 10],
    ['what those that compare alike tell', [runOf(1, { checksum: true }), runOf(10)], 10],
    [
      'what those that came to their end tell',
      [runOf(1, { end: { isComplete: false } }), executionOf({}), runOf(10)],
      10,
    ],
  ])('%s', (_, past, seconds) => {
    expect(forecastRun(past, SYNC)?.elapsedMs).toBe(seconds * 1000);
  });

  test('an unknown time if no run has finished', () => {
    const past = [runOf(1, { end: { isComplete: false } }), executionOf({}), runOf(1, { kind: 'verify' })];
    expect(forecastRun(past, SYNC)).toBeUndefined();
    expect(forecastRun([], SYNC)).toBeUndefined();
  });

  test('and says what that is based on', () => {
    expect(forecastRun([runOf(10), runOf(30), runOf(20)], SYNC)).toEqual({
      elapsedMs: 20_000,
      shortestMs: 10_000,
      longestMs: 30_000,
      runs: 3,
    });
  });
});

describe('the remaining time of a current run', () => {
  const before = runOf(100, {
    phases: [
      { phase: 'preparing', elapsedMs: 20_000 },
      { phase: 'syncing', elapsedMs: 50_000 },
      { phase: 'verifying', elapsedMs: 30_000 },
    ],
  });
  const syncing = { stage: 'Syncing', stageStartedAtMs: 2000, updatedAtMs: 12_000 } as const;

  test.for<[string, Parts, Execution[], number | undefined, unknown]>([
    ['by its speed, and what is to come', syncing, [before], 0.5, { elapsedMs: 8000 + 30_000, unknown: [] }],
    ['by its speed alone', syncing, [], 0.5, { elapsedMs: 8000, unknown: ['verifying'] }],
    ['nothing more', { ...syncing, verify: 'none' }, [], 0.5, { elapsedMs: 8000, unknown: [] }],
    [
      'as long as before, without a speed',
      syncing,
      [before],
      undefined,
      { elapsedMs: 38_000 + 30_000, unknown: [] },
    ],
    ['likewise at the very beginning', syncing, [before], 0.001, { elapsedMs: 38_000 + 30_000, unknown: [] }],
    [
      'by its speed, from two hundredths on',
      syncing,
      [before],
      0.02,
      { elapsedMs: 488_000 + 30_000, unknown: [] },
    ],
    ['nobody knows what', syncing, [], undefined, undefined],
    ['all of it', { stage: 'Starting' }, [before], undefined, { elapsedMs: 100_000, unknown: [] }],
    ['nobody knows what before it began', { stage: 'Starting' }, [], undefined, undefined],
    [
      'no less than nothing',
      { ...syncing, updatedAtMs: 3000 },
      [],
      0.99,
      { elapsedMs: 0, unknown: ['verifying'] },
    ],
  ])('%s', ([, parts, past, fraction, expected]) => {
    expect(forecastTimeLeft(executionOf(parts), past, { fraction, nowMs: 14_000 })).toEqual(expected);
  });

  test.each<[string, Parts, number]>([
    ['under way', { stage: 'Verifying' }, 5000],
    ['not begun', { stage: 'Starting' }, 9000],
    ['of a task whose syncs verify nothing', { stage: 'Verifying', verify: 'none' }, 5000],
    ['of such a task, not begun', { stage: 'Starting', verify: 'none' }, 9000],
  ])('a verification has one phase: %s', (_, parts, elapsedMs) => {
    const verification = { kind: 'verify', ...parts } as const;
    const past = runOf(9, { ...verification, phases: [{ phase: 'verifying', elapsedMs: 9000 }] });
    const running = executionOf({ ...verification, updatedAtMs: 3000 });
    expect(forecastTimeLeft(running, [past], { fraction: undefined, nowMs: 4000 })).toEqual({
      elapsedMs,
      unknown: [],
    });
  });
});
