/** Numbers as people read them, at the edges where they round. */
import { expect, test } from 'vitest';
import {
  counted,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
} from '../../../../src/report/text/quantities.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1_234_567, '1,234,567'],
])('formatCount(%i)', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test.each([
  [0, '0 entries'],
  [1, '1 entry'],
  [2000, '2,000 entries'],
])('counted(%i)', (count, text) => {
  expect(counted(count, 'entry', 'entries')).toBe(text);
});

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1,023 bytes'],
  [1024, '1.00 KiB'],
  [10_234, '9.99 KiB'],
  [10_240, '10.0 KiB'],
  [102_400, '100 KiB'],
  [1_048_064, '1.00 MiB'],
  [1_048_575, '1.00 MiB'],
  [2 ** 40, '1.00 TiB'],
  [52_673_613_135_872, '47.9 TiB'],
])('formatBytes(%i)', (sizeBytes, text) => {
  expect(formatBytes(sizeBytes)).toBe(text);
});

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1.00 s'],
  [9994, '9.99 s'],
  [9996, '10.0 s'],
  [59_949, '59.9 s'],
  [59_999, '1 min 00 s'],
  [3_599_400, '59 min 59 s'],
  [3_600_000, '1 h 00 min'],
])('formatDuration(%f)', (elapsedMs, text) => {
  expect(formatDuration(elapsedMs)).toBe(text);
});

test.each([
  [0, '0:00'],
  [59.6, '1:00'],
  [3661, '1:01:01'],
])('formatClock(%f)', (seconds, text) => {
  expect(formatClock(seconds)).toBe(text);
});
