/** How far a phase is: never complete before it ends, and unknown if there is no total. */
import { describe, expect, test } from 'vitest';
import { progressOf, progressText, SpeedMeter } from '../../../../src/report/text/progress.ts';
import { TASK, tallyOf } from '../../../support/reports.ts';

const HALF = {
  filesToTransfer: 10,
  bytesToTransfer: 1000,
  filesTransferred: 5,
  bytesTransferred: 500,
  entriesToDelete: 2,
  entriesDeleted: 1,
};

describe('the fraction done', () => {
  test.each([
    ['preparing', HALF, undefined],
    ['syncing', HALF, 0.5],
    ['syncing', { ...HALF, filesTransferred: 10, bytesTransferred: 1000, entriesDeleted: 2 }, 0.99],
    ['syncing', { ...HALF, bytesTransferred: 10_000_000 }, 0.99],
    ['syncing', {}, undefined],
    ['verifying', {}, undefined],
    ['verifying', { sourceFiles: 4, sourceBytes: 8, filesVerified: 1, bytesVerified: 2 }, 0.25],
  ] as const)('%s %j: %s', (phase, counts, fraction) => {
    expect(progressOf(phase, tallyOf(counts), TASK.settings).fraction).toBe(fraction);
  });

  test('of verifying counts transferred files if only those are verified', () => {
    const settings = { ...TASK.settings, verify: 'transferred' } as const;
    const tally = tallyOf({ ...HALF, sourceFiles: 1000, filesVerified: 5, bytesVerified: 500 });
    expect(progressOf('verifying', tally, settings).fraction).toBe(0.5);
  });
});

const START = progressOf('syncing', tallyOf(HALF), { verify: 'none' });

function look(meter: SpeedMeter, sec: number, bytes: number, later = 0) {
  return meter.add(sec * 1000, { ...START, bytes, fraction: bytes / 1000, later });
}

describe('speed', () => {
  test('is unknown within the first second', () => {
    const meter = new SpeedMeter();
    look(meter, 0, 0);
    expect(look(meter, 0.9, 100)).toEqual({
      bytesPerSec: 0,
      remainingSec: undefined,
    });
  });

  test('is that of the last seconds', () => {
    const meter = new SpeedMeter();
    look(meter, 0, 0);
    look(meter, 1, 500);
    for (let sec = 2; sec <= 30; sec += 1) look(meter, sec, 500 + sec);
    const speed = look(meter, 31, 531);
    expect(speed.bytesPerSec).toBe(1);
    expect(speed.remainingSec).toBeCloseTo(469);
  });
});

test('the time left is that of the whole run', () => {
  const meter = new SpeedMeter();
  look(meter, 0, 0);
  expect(look(meter, 2, 200).remainingSec).toBeCloseTo(8);
  expect(look(meter, 2, 200, 3).remainingSec).toBeCloseTo(38);
});

test.each([
  ['none', 0],
  ['transferred', 0.75],
  ['full', 2],
] as const)('what is to be verified with --verify=%s, of what is to be synced', (verify, later) => {
  const counts = { filesToTransfer: 3, entriesToAdjust: 1, sourceFiles: 8 };
  expect(progressOf('syncing', tallyOf(counts), { verify }).later).toBe(later);
});

test.each([
  [0, undefined, '5 of 10 files, 500 bytes of 1,000 bytes'],
  [2048, 61, '5 of 10 files, 500 bytes of 1,000 bytes, 2.00 KiB/s, 1:01 left'],
])('the line at %i bytes a second', (bytesPerSec, remainingSec, text) => {
  const progress = progressOf('syncing', tallyOf(HALF), TASK.settings);
  expect(progressText(progress, { bytesPerSec, remainingSec })).toBe(text);
});
