/** The live line has whole fields only, whatever the width, and never more than fit. */
import { describe, expect, test } from 'vitest';
import { liveLine } from '../../../../src/report/text/live-line.ts';

const PROGRESS = {
  files: 138,
  totalFiles: 372,
  bytes: 522_240,
  totalBytes: 1_426_063,
  fraction: 0.389,
  later: 0,
};
const SPEED = { bytesPerSec: 281_600, remainingSec: 3 };

test.each([
  [200, 'Syncing 38% 0:03 left ##########.................., 138/372 files, 510 KiB/1.36 MiB, 275 KiB/s'],
  [80, 'Syncing 38% 0:03 left ####........, 138/372 files, 510 KiB/1.36 MiB, 275 KiB/s'],
  [70, 'Syncing 38% 0:03 left ####........, 138/372 files, 510 KiB/1.36 MiB'],
  [50, 'Syncing 38% 0:03 left ####........, 138/372 files'],
  [40, 'Syncing 38% 0:03 left ######..........'],
  [25, 'Syncing 38% 0:03 left'],
  [10, 'Syncing 3'],
])('at %i columns', (columns, line) => {
  expect(liveLine('syncing', PROGRESS, SPEED, columns)).toBe(line);
});

describe('at any width', () => {
  const LARGE = {
    files: 123_456,
    totalFiles: 1_234_567,
    bytes: 2 ** 42,
    totalBytes: 2 ** 45,
    fraction: 0.5,
    later: 0,
  };

  test.each(Array.from({ length: 140 }, (_, index) => index + 1))('%i columns', (columns) => {
    const line = liveLine('verifying', LARGE, { bytesPerSec: 2 ** 28, remainingSec: 98_765 }, columns);
    expect(line.length).toBeLessThan(columns);
    if (columns > 30)
      expect(line).toMatch(
        /^Verifying 50% \S+ left( [#.]+(, 123,456\/1,234,567 files(, 4.00 TiB\/32.0 TiB(, 256 MiB\/s)?)?)?)?$/,
      );
  });
});

test('without a speed there is no time left, and no rate', () => {
  const line = liveLine('syncing', PROGRESS, { bytesPerSec: 0, remainingSec: undefined }, 80);
  expect(line).toBe('Syncing 38% ##########.................., 138/372 files, 510 KiB/1.36 MiB');
});

test('while another phase is to come, the time left is a guess', () => {
  expect(liveLine('syncing', { ...PROGRESS, later: 2 }, SPEED, 50)).toBe(
    'Syncing 38% about 0:03 left #######.............',
  );
});

test('the mount that the run waits for comes last', () => {
  const speed = { ...SPEED, waitsFor: '/mnt/n\u00e4s' };
  expect(liveLine('syncing', PROGRESS, speed, 120)).toMatch(/, 275 KiB\/s, waiting for \/mnt\/n\\#344s$/);
  expect(liveLine('syncing', PROGRESS, speed, 80)).toMatch(/, 275 KiB\/s$/);
});
