import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Entry } from '../../../../src/model/entry.ts';
import {
  granularityOf,
  isBeyondRange,
  isUnkeepable,
  PROBE_TIME,
  sameMtime,
  wasReadLater,
  wasReadSince,
} from '../../../../src/policy/compare/timestamps.ts';
import { anyEntry, entryOf, SYMLINK } from '../../../support/entries.ts';

const SECOND_NS = 1_000_000_000;
/** A ctime from a clock with nanoseconds. */
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
  ])('must have them (%#)', (source, destination, same) => {
    expect(sameMtime(source, destination, 1)).toBe(same);
  });
});

describe('a destination whose ctime has a coarser clock', () => {
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
  ])('%s: must have that precision (%#)', (_, source, destination, same) => {
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
    [
      'the end, its last second cut off',
      mtime(2 ** 34 - 2 ** 31 - 1, 5),
      mtime(2 ** 34 - 2 ** 31 - 1, 0),
      true,
    ],
    ['later than XFS holds', mtime(2 ** 40, 5), mtime(16_299_260_424, 0), true],
    ['later than FAT holds', mtime(2 ** 40, 5), mtime(4_354_819_198, 0), true],
    ['later than exFAT holds', mtime(2 ** 40, 5), mtime(4_354_819_199, 0), true],
    ['earlier than FAT holds', mtime(7, 5), mtime(315_532_800, 0), true],
    ['earlier than NTFS holds', mtime(-(2 ** 40), 5), mtime(-11_644_473_600, 0), true],
    ['some other time', mtime(2 ** 40, 5), mtime(2 ** 31, 0), false],
    ['some other time before', mtime(-(2 ** 40), 5), mtime(1, 0), false],
  ])('%s', ([, source, destination, expected]) => {
    expect(isBeyondRange(source, destination)).toBe(expected);
  });
});

function asLink(entry: Entry): Entry {
  return { ...entry, mode: SYMLINK };
}

describe('a time that no copy can have', () => {
  const RULE = { timestampGranularityNs: 1, linkGranularityNs: 1, startsAt1970: false };
  const [early, epoch, end] = [mtime(-5, 0), mtime(0, 0), mtime(2 ** 31 - 1, 0)];
  const NO_LINKS = { ...RULE, linkGranularityNs: Infinity };
  const NO_FILES = { ...RULE, timestampGranularityNs: Infinity };

  it.for<[string, Entry, Entry, typeof RULE, boolean]>([
    ['1970 is one that files are given', early, epoch, RULE, false],
    ['but where NFS v3 begins', early, epoch, { ...RULE, startsAt1970: true }, true],
    ['where NFS v3 begins, what it holds', mtime(5, 0), epoch, { ...RULE, startsAt1970: true }, false],
    ['the end', mtime(2 ** 40, 0), end, RULE, true],
    ['within', mtime(7, 0), mtime(6, 0), RULE, false],
    ['of a destination that keeps none', mtime(7, 0), mtime(6, 0), NO_FILES, true],
    ['of a destination that keeps those of links', asLink(mtime(7, 0)), mtime(6, 0), NO_FILES, false],
    ['of a destination that keeps none of links', asLink(mtime(7, 0)), mtime(6, 0), NO_LINKS, true],
    ['of a destination that keeps those of files', mtime(7, 0), mtime(6, 0), NO_LINKS, false],
  ])('%s', ([, source, destination, rule, expected]) => {
    expect(isUnkeepable(source, destination, rule)).toBe(expected);
  });
});

describe("a stored time shows a file system's granularity", () => {
  const { sec, nsec } = PROBE_TIME;

  it.for<[number, number, number]>([
    [sec, nsec, 1],
    [sec, 123_456_700, 100],
    [sec, 123_456_000, 1000],
    [sec, 123_000_000, 1_000_000],
    [sec, 120_000_000, 10_000_000],
    [sec, 0, SECOND_NS],
    [sec - 1, 0, 2 * SECOND_NS],
    [sec - 1, 5, Infinity],
    [sec - 2, 0, Infinity],
    [sec + 1, 0, Infinity],
    [sec + 1, nsec, Infinity],
    [sec, nsec + 1, Infinity],
    [sec, 100_000_000, Infinity],
    [1_900_000_000, 5, Infinity],
  ])('%i.%i: %i ns', ([keptSec, keptNsec, granularityNs]) => {
    expect(granularityOf({ sec: keptSec, nsec: keptNsec })).toBe(granularityNs);
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

test('an entry has its own mtime', () => {
  fc.assert(fc.property(anyEntry, grains, (entry, grain) => sameMtime(entry, entry, grain)));
});

test('a truncated time is equal, one a step further is not', () => {
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

describe('a source that was read since the destination got its metadata', () => {
  it.each([
    [5, 7, false],
    [5, 6, false],
    [5, 8, true],
    [4, 999_999_999, false],
    [6, 0, true],
  ])('read at %d s and %d ns, set at 5 s and 7 ns: %s', (atimeSec, atimeNsec, expected) => {
    const destination = entryOf({ ctimeSec: 5, ctimeNsec: 7, atimeSec: 9 });
    expect(wasReadSince(entryOf({ atimeSec, atimeNsec }), destination)).toBe(expected);
    const same = entryOf({ atimeSec: 5, atimeNsec: 7, ctimeSec: 9 });
    expect(wasReadLater(entryOf({ atimeSec, atimeNsec }), same)).toBe(expected);
  });
});
