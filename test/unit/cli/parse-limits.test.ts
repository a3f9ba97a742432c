/** What a limits file may say, and what is refused. */
import { describe, expect, test } from 'vitest';
import { parseLimits } from '../../../src/cli/parse-limits.ts';
import { UsageError } from '../../../src/errors.ts';

const OTHERWISE = { bandwidthBytesPerSec: 1, operationsPerSec: 2 };
const MIB = 1024 * 1024;

describe('parseLimits', () => {
  test.each([
    ['bwlimit=10M\nopslimit=500\n', { bandwidthBytesPerSec: 10 * MIB, operationsPerSec: 500 }],
    ['opslimit=500', { bandwidthBytesPerSec: 1, operationsPerSec: 500 }],
    ['# by day\n\n  bwlimit = 50\r\n', { bandwidthBytesPerSec: 50 * 1024, operationsPerSec: 2 }],
    ['bwlimit=0\nopslimit=0', { bandwidthBytesPerSec: 0, operationsPerSec: 0 }],
    ['opslimit=1\nopslimit=3', { bandwidthBytesPerSec: 1, operationsPerSec: 3 }],
    ['', OTHERWISE],
  ])('%j', (text, limits) => {
    expect(parseLimits(text, OTHERWISE)).toEqual(limits);
  });

  test.each([
    ['bwlimit=fast', 'line 1: "fast" is not a rate'],
    ['opslimit=1\nbwlimit=', 'line 2: "" is not a rate'],
    ['opslimit=-1', 'line 1: it takes a whole number from 0 to 1000000000'],
    ['opslimit=1.5', 'line 1: it takes a whole number'],
    ['bwlimit', 'line 1: "bwlimit" is neither bwlimit=RATE nor opslimit=N'],
    ['--bwlimit=1', 'line 1: "--bwlimit=1" is neither'],
    ['\nspeed=4', 'line 2: "speed=4" is neither'],
  ])('refuses %j', (text, message) => {
    expect(() => parseLimits(text, OTHERWISE)).toThrow(UsageError);
    expect(() => parseLimits(text, OTHERWISE)).toThrow(message);
  });
});
