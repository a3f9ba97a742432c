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

function sample(sec: number, bytes: number) {
  return { atMs: sec * 1000, bytes, fraction: bytes / 1000 };
}

describe('speed', () => {
  test('is unknown within the first second', () => {
    const meter = new SpeedMeter();
    meter.add(sample(0, 0));
    expect(meter.add(sample(0.9, 100))).toEqual({
      bytesPerSec: 0,
      remainingSec: undefined,
    });
  });

  test('is that of the last seconds', () => {
    const meter = new SpeedMeter();
    meter.add(sample(0, 0));
    meter.add(sample(1, 500));
    for (let sec = 2; sec <= 30; sec += 1) meter.add(sample(sec, 500 + sec));
    const speed = meter.add(sample(31, 531));
    expect(speed.bytesPerSec).toBe(1);
    expect(speed.remainingSec).toBeCloseTo(469);
  });
});

test.each([
  [0, undefined, '5 of 10 files, 500 bytes of 1,000 bytes'],
  [2048, 61, '5 of 10 files, 500 bytes of 1,000 bytes, 2.00 KiB/s, 1:01 left'],
])('the line at %i bytes a second', (bytesPerSec, remainingSec, text) => {
  const progress = progressOf('syncing', tallyOf(HALF), TASK.settings);
  expect(progressText(progress, { bytesPerSec, remainingSec })).toBe(text);
});
