import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Entry } from '../../../../src/model/entry.ts';
import {
  hasGrown,
  isSameVersion,
  isUnsettled,
  nameHash,
  SETTLE_MS,
  stateHash,
} from '../../../../src/policy/compare/fingerprint.ts';
import { anyEntry, entryOf } from '../../../support/entries.ts';

// FNV-1a, 32 bits: the test vectors its authors publish.
test.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['b', 0xe70c2de5],
  ['foobar', 0xbf9cf968],
])('nameHash of %j', (name, hash) => {
  expect(nameHash(name)).toBe(hash);
});

describe('stateHash', () => {
  it.each<[string, Partial<Entry>]>([
    ['a write', { ctimeSec: 1_600_000_003, mtimeSec: 1_600_000_003 }],
    ['a write a nanosecond later', { ctimeNsec: 345_678_913 }],
    ['a chmod', { ctimeSec: 1_600_000_003 }],
    ['a time set back', { mtimeNsec: 0 }],
    ['another size, where there is no ctime', { sizeBytes: 6 }],
    ['a time before 1970', { mtimeSec: -1_600_000_000 }],
  ])('distinguishes %s', (_, fields) => {
    expect(stateHash(entryOf(fields))).not.toBe(stateHash(entryOf()));
  });

  it('does not depend on fields that reading may change', () => {
    const read = entryOf({ atimeSec: 1, atimeNsec: 1, blocks: 0, linkCount: 2, device: 5 });
    expect(stateHash(read)).toBe(stateHash(entryOf()));
  });

  it('is a 32-bit integer for any entry', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        const hash = stateHash(entry);
        return Number.isInteger(hash) && hash >= 0 && hash <= 0xffffffff;
      }),
    );
  });

  it.each([1_320_300_256, 4_131_261_777])("is not one of Preparing's marks: %d bytes", (sizeBytes) => {
    // Otherwise these would be 0 (a directory) and 1 (left alone, so never judged).
    expect(stateHash(entryOf({ sizeBytes }))).toBe(2);
  });

  it('spreads: ten thousand files written a nanosecond apart have as many', () => {
    const hashes = Array.from({ length: 10_000 }, (_, ns) =>
      stateHash(entryOf({ ctimeNsec: ns, mtimeNsec: ns })),
    );
    // By chance, 0.01 pairs collide.
    expect(new Set(hashes).size).toBeGreaterThanOrEqual(9_998);
  });
});

test.each<[string, Partial<Entry>, boolean]>([
  ['untouched', {}, true],
  ['read', { atimeSec: 1, atimeNsec: 1 }, true],
  ['another file of the same name', { inode: 18n }, false],
  ['longer', { sizeBytes: 6 }, false],
  ['another mtime', { mtimeSec: 1 }, false],
  ['an mtime a nanosecond away', { mtimeNsec: 1 }, false],
  ['written, its mtime set back', { ctimeSec: 1 }, false],
  ['written within the second, its mtime set back', { ctimeNsec: 1 }, false],
])('%s', (_, fields, same) => {
  expect(isSameVersion(entryOf(), entryOf(fields))).toBe(same);
});

test.each<[string, Partial<Entry>, boolean]>([
  ['longer', { sizeBytes: entryOf().sizeBytes + 1 }, true],
  ['longer, and written', { sizeBytes: entryOf().sizeBytes + 1, mtimeSec: 1, ctimeSec: 1 }, true],
  ['as long', { mtimeSec: 1 }, false],
  ['shorter', { sizeBytes: entryOf().sizeBytes - 1 }, false],
  ['longer, another file of the same name', { sizeBytes: entryOf().sizeBytes + 1, inode: 18n }, false],
])('a file that is %s has grown', (_, fields, grown) => {
  expect(hasGrown(entryOf(), entryOf(fields))).toBe(grown);
});

const NOW_SEC = 1_800_000_000;
const NOW_MS = NOW_SEC * 1000;
const OLD = { mtimeSec: 1_700_000_000, mtimeNsec: 0, ctimeSec: 1_700_000_000, ctimeNsec: 0 };

describe('isUnsettled', () => {
  it('waits for longer than the coarsest timestamps and the cache of an NFS client', () => {
    expect(SETTLE_MS).toBe(3000);
  });

  it('is false of what is old', () => {
    expect(isUnsettled(entryOf(OLD), NOW_MS)).toBe(false);
  });

  describe.each(['ctime', 'mtime'])('by %s', (kind) => {
    it.each([
      [0, 0, true],
      [-2, 0, true],
      [-3, 1_000_000, true],
      [-3, 0, false],
      [-4, 999_000_000, false],
      [-4, 0, false],
      [2, 999_000_000, true],
      [3, 0, false],
      [3600, 0, false],
    ])('%d s and %d ns from now: %s', (sec, nsec, expected) => {
      const changed = entryOf({ ...OLD, [`${kind}Sec`]: NOW_SEC + sec, [`${kind}Nsec`]: nsec });
      expect(isUnsettled(changed, NOW_MS)).toBe(expected);
    });
  });
});
