/** What a first copy takes, by the scan's pace and documented assumptions. */
import { expect, test } from 'vitest';
import { estimateFirstCopy, spoolBytesFor, statedSpace } from '../../../src/policy/estimate-run.ts';

const MIB = 1024 ** 2;
const extent = { entries: 640_000, inodes: 640_000, sizeBytes: 1000 * MIB, nameBytes: 6_400_000 };
const pace = { scanMs: 1000, latencyUs: 1000, callsOverlap: true, verify: 'full' } as const;

test('ten calls an entry, 64 at once on a mount, and reading everything twice', () => {
  expect(estimateFirstCopy(extent, pace)).toBe(1000 + 100_000 + 10_000 + 2000 + 10_000);
});

test('without verifying', () => {
  expect(estimateFirstCopy(extent, { ...pace, verify: 'none' })).toBe(111_000);
});

test('calls that block are made one after the other', () => {
  expect(estimateFirstCopy(extent, { ...pace, verify: 'none', callsOverlap: false })).toBe(6_411_000);
});

test('the plan holds names', () => {
  expect(spoolBytesFor(extent)).toBe(640_000 * 140 + 6_400_000);
});

test('8 EiB are no statement', () => {
  const stated = { availableBytes: 2 ** 60 - 1024, freeInodes: undefined };
  expect(statedSpace(stated)).toBe(stated);
  expect(statedSpace({ ...stated, availableBytes: 2 ** 63 - 4096 })).toBeUndefined();
});
