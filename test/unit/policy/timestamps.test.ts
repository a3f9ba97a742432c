import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Entry } from '../../../src/model/entry.ts';
import { isBeyondRange, sameMtime } from '../../../src/policy/timestamps.ts';
import { anyEntry, entryOf } from '../../support/entries.ts';

const SECOND_NS = 1_000_000_000;
/** A ctime that shows a clock of nanoseconds. */
const FINE = { ctimeNsec: 345_678_912 };

function mtime(sec: number, nsec: number, ctimeNsec = FINE.ctimeNsec) {
  return entryOf({ mtimeSec: sec, mtimeNsec: nsec, ctimeNsec });
}

describe('a destination that keeps nanoseconds', () => {
  it.each([
    [mtime(5, 123_456_789), mtime(5, 123_456_789), true],
    [mtime(5, 123_456_789), mtime(5, 123_456_788), false],
    [mtime(5, 123_456_789), mtime(4, 123_456_789), false],
    [mtime(5, 123_456_789), mtime(5, 123_456_000), false],
    [mtime(5, 123_456_789), mtime(5, 0), false],
    [mtime(-5, 1), mtime(-5, 1), true],
    [mtime(-5, 1), mtime(-5, 0), false],
  ])('holds it to them (%#)', (source, destination, same) => {
    expect(sameMtime(source, destination, 1)).toBe(same);
  });
});

describe('a destination whose ctime shows a coarser clock', () => {
  it.each([
    ['100 ns', mtime(5, 123_456_789), mtime(5, 123_456_700, 300), true],
    ['100 ns', mtime(5, 123_456_789), mtime(5, 123_456_600, 300), false],
    ['100 ns, its ctime by chance coarser', mtime(5, 123_456_789), mtime(5, 123_456_700, 0), true],
    ['1 µs', mtime(5, 123_456_789), mtime(5, 123_456_000, 7000), true],
    ['1 µs', mtime(5, 123_456_789), mtime(5, 123_457_000, 7000), false],
    ['1 ms', mtime(5, 123_456_789), mtime(5, 123_000_000, 7_000_000), true],
    ['10 ms', mtime(5, 123_456_789), mtime(5, 120_000_000, 70_000_000), true],
    ['10 ms', mtime(5, 123_456_789), mtime(5, 110_000_000, 70_000_000), false],
    ['1 s', mtime(5, 999_999_999), mtime(5, 0, 0), true],
    ['1 s', mtime(-5, 999_999_999), mtime(-5, 0, 0), true],
    ['1 s', mtime(5, 999_999_999), mtime(6, 0, 0), false],
    ['1 s', mtime(5, 0), mtime(4, 0, 0), false],
    ['1 s, far away', mtime(2 ** 53, 3_999_999_999), mtime(2 ** 53, 3_000_000_000, 0), true],
    ['1 s, far away', mtime(2 ** 53, 3_999_999_999), mtime(2 ** 53, 2_000_000_000, 0), false],
  ])('%s: holds it to that (%#)', (_, source, destination, same) => {
    expect(sameMtime(source, destination, 1)).toBe(same);
  });
});

describe('a destination of known granularity', () => {
  it.for<[string, number, Entry, Entry, boolean]>([
    ['FAT, 2 s', 2 * SECOND_NS, mtime(5, 1), mtime(4, 0), true],
    ['FAT, 2 s', 2 * SECOND_NS, mtime(-5, 1), mtime(-6, 0), true],
    ['FAT, 2 s', 2 * SECOND_NS, mtime(6, 0), mtime(4, 0), false],
    ['FAT, 2 s, but it holds half a second', 2 * SECOND_NS, mtime(4, 7), mtime(4, 500_000_000), false],
    ['ext3, 1 s', SECOND_NS, mtime(5, 1), mtime(5, 0), true],
    ['100 ns', 100, mtime(5, 199), mtime(5, 100), true],
    ['100 ns', 100, mtime(5, 200), mtime(5, 100), false],
    ['100 ns, in another second', 100, mtime(5, 100), mtime(6, 100), false],
    ['100 ns, in an earlier second', 100, mtime(5, 199), mtime(4, 100), false],
    ['1 ns', 1, mtime(5, 101), mtime(5, 100), false],
    ['unknown', 0, mtime(5, 101), mtime(5, 100), false],
  ])('%s (%#)', ([, granularityNs, source, destination, same]) => {
    expect(sameMtime(source, destination, granularityNs)).toBe(same);
  });
});

describe('a time that the destination cannot hold', () => {
  it.for<[string, Entry, Entry, boolean]>([
    ['later than ext4 holds with inodes of 128 bytes', mtime(2 ** 40, 5), mtime(2 ** 31 - 1, 0), true],
    ['later than NFS v3 holds', mtime(2 ** 40, 5), mtime(2 ** 32 - 1, 0), true],
    ['later than ext4 holds', mtime(2 ** 40, 5), mtime(2 ** 34 - 2 ** 31 - 1, 0), true],
    ['earlier than NFS v3 holds', mtime(-1, 5), mtime(0, 0), true],
    ['earlier than ext4 holds', mtime(-(2 ** 40), 5), mtime(-(2 ** 31), 0), true],
    ['a nanosecond there shows that it was not cut', mtime(2 ** 40, 5), mtime(2 ** 31 - 1, 1), false],
    ['likewise at the beginning', mtime(-1, 5), mtime(0, 1), false],
    ['the end, but it is earlier', mtime(2 ** 31 - 2, 0), mtime(2 ** 31 - 1, 0), false],
    ['the beginning, but it is later', mtime(1, 0), mtime(0, 0), false],
    ['exactly the end', mtime(2 ** 31 - 1, 0), mtime(2 ** 31 - 1, 0), false],
    ['exactly the beginning', mtime(0, 0), mtime(0, 0), false],
    ['some other time', mtime(2 ** 40, 5), mtime(2 ** 31, 0), false],
  ])('%s', ([, source, destination, expected]) => {
    expect(isBeyondRange(source, destination)).toBe(expected);
  });
});

const grains = fc.constantFrom(1, 100, 1000, 1_000_000, 10_000_000, SECOND_NS, 2 * SECOND_NS);
const times = fc.record({
  sec: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
  nsec: fc.integer({ min: 0, max: SECOND_NS - 1 }),
});

function truncate({ sec, nsec }: { sec: number; nsec: number }, grainNs: number) {
  const totalNs = BigInt(sec) * BigInt(SECOND_NS) + BigInt(nsec);
  const below = ((totalNs % BigInt(grainNs)) + BigInt(grainNs)) % BigInt(grainNs);
  const keptNs = totalNs - below;
  const nsecKept = ((keptNs % BigInt(SECOND_NS)) + BigInt(SECOND_NS)) % BigInt(SECOND_NS);
  return { sec: Number((keptNs - nsecKept) / BigInt(SECOND_NS)), nsec: Number(nsecKept) };
}

test('an entry has the mtime of itself', () => {
  fc.assert(fc.property(anyEntry, grains, (entry, grain) => sameMtime(entry, entry, grain)));
});

test('the time a file system cut off is the same, a step further it is not', () => {
  fc.assert(
    fc.property(times, grains, fc.constantFrom(-1, 0, 1), (time, grainNs, steps) => {
      const moved = BigInt(time.sec) * BigInt(SECOND_NS) + BigInt(time.nsec) + BigInt(steps * grainNs);
      const nsec = ((moved % BigInt(SECOND_NS)) + BigInt(SECOND_NS)) % BigInt(SECOND_NS);
      const kept = truncate({ sec: Number((moved - nsec) / BigInt(SECOND_NS)), nsec: Number(nsec) }, grainNs);
      const source = mtime(time.sec, time.nsec);
      expect(sameMtime(source, mtime(kept.sec, kept.nsec), grainNs)).toBe(steps === 0);
    }),
  );
});
