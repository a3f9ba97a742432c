import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Entry } from '../../../src/model/entry.ts';
import { nameHash, stateHash } from '../../../src/policy/fingerprint.ts';
import { anyEntry, entryOf } from '../../support/entries.ts';

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
  ])('tells %s', (_, fields) => {
    expect(stateHash(entryOf(fields))).not.toBe(stateHash(entryOf()));
  });

  it('does not depend on what reading or looking up may move', () => {
    const read = entryOf({ atimeSec: 1, atimeNsec: 1, blocks: 0, linkCount: 2, device: 5 });
    expect(stateHash(read)).toBe(stateHash(entryOf()));
  });

  it('is a whole number of 32 bits for any entry', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        const hash = stateHash(entry);
        return Number.isInteger(hash) && hash >= 0 && hash <= 0xffffffff;
      }),
    );
  });

  it('spreads: ten thousand files written a nanosecond apart have as many', () => {
    const hashes = Array.from({ length: 10_000 }, (_, ns) =>
      stateHash(entryOf({ ctimeNsec: ns, mtimeNsec: ns })),
    );
    // Chance makes 0.01 pairs collide.
    expect(new Set(hashes).size).toBeGreaterThanOrEqual(9_998);
  });
});
