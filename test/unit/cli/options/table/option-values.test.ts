/** Sizes and rates; test/parity asks rsync the same. */
import { expect, test } from 'vitest';
import { UsageError } from '../../../../../src/model/run/errors.ts';
import { parseRate, parseSize } from '../../../../../src/cli/options/table/option-values.ts';

test.each([
  ['0', 0],
  ['100', 100],
  ['100b', 100],
  ['100B', 100],
  ['1k', 1024],
  ['1K', 1024],
  ['1KiB', 1024],
  ['1kib', 1024],
  ['1kb', 1000],
  ['1KB', 1000],
  ['1.5m', 1_572_864],
  ['1.5mb-1', 1_499_999],
  ['2g+1', 2_147_483_649],
  ['3GB', 3_000_000_000],
  ['1t', 2 ** 40],
  ['2PiB', 2 ** 51],
  ['.5k', 512],
  ['.25k', 256],
  ['12.5k', 12_800],
  ['5.', 5],
  ['1.0005k', 1024],
  ['8191P', 8191 * 2 ** 50],
])('size %s', (text, sizeBytes) => {
  expect(parseSize(text)).toBe(sizeBytes);
});

test.each([
  '',
  '.',
  'k',
  '+1',
  '-1',
  '1x',
  '1ki',
  '1k+2',
  '1e3',
  '0x10',
  ' 1',
  '1 ',
  '1,5k',
  '1k+1-1',
  '1\n',
])('size %j is refused', (text) => {
  const shown = text.replace('\n', '\\#012');
  const message = `"${shown}" is not a size: write a number with an optional unit, such as 1.5m, 2GiB or 500kb`;
  expect(() => parseSize(text)).toThrow(new UsageError(message));
});

test('a size out of range is refused', () => {
  expect(() => parseSize('0-1')).toThrow(new UsageError('"0-1" is negative'));
  expect(() => parseSize('8192P')).toThrow(new UsageError('"8192P" is too large: the maximum is 8191P'));
});

test.each([
  ['0', 0],
  ['0k', 0],
  ['1', 1024],
  ['0.5', 1024],
  ['512b', 1024],
  ['100', 102_400],
  ['1.5m', 1_572_864],
  ['2MB', 2_000_000 - (2_000_000 % 1024)],
  ['1k+1', 1024],
])('rate %s', (text, bytesPerSec) => {
  expect(parseRate(text)).toBe(bytesPerSec);
});

test('an invalid or too small rate is refused', () => {
  const tooSmall = 'the rate "511b" is too small: the minimum is 512 bytes per second, and 0 means no limit';
  expect(() => parseRate('511b')).toThrow(new UsageError(tooSmall));
  expect(() => parseRate('fast')).toThrow(/^"fast" is not a rate: /);
});
