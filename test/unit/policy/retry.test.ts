import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { isFatal, isTransient, waitBeforeRetryMs } from '../../../src/policy/retry.ts';

describe('isTransient', () => {
  it.each([
    ...['EAGAIN', 'EBUSY', 'EINTR', 'EMFILE', 'ENFILE', 'ESTALE', 'ETIMEDOUT'].map(
      (code) => [code, true, true] as const,
    ),
    ['EIO', false, true],
    ...['EACCES', 'ENOENT', 'ENOSPC', 'EROFS', 'ENAMETOOLONG', 'EEXIST', 'ELOOP', ''].map(
      (code) => [code, false, false] as const,
    ),
  ] as const)('%s: %s on a disk, %s on a mount', (code, local, remote) => {
    expect(isTransient(code, false)).toBe(local);
    expect(isTransient(code, true)).toBe(remote);
  });
});

test.each([
  ['ENOSPC', true],
  ['EROFS', true],
  ['EDQUOT', true],
  ['EIO', false],
  ['EACCES', false],
  ['EFBIG', false],
])('%s ends the run: %s', (code, fatal) => {
  expect(isFatal(code)).toBe(fatal);
});

describe('waitBeforeRetryMs', () => {
  it.each([
    [1, 0, 25],
    [1, 1, 50],
    [2, 0, 50],
    [2, 1, 100],
    [3, 0.5, 150],
    [7, 1, 3200],
    [8, 1, 5000],
    [1000, 1, 5000],
    [5000, 0, 2500],
  ])('try %i, chance %d: %d ms', (tries, random, waitMs) => {
    expect(waitBeforeRetryMs(tries, random)).toBe(waitMs);
  });

  it('never waits less for a later try of the same chance', () => {
    const tries = fc.integer({ min: 1, max: 2000 });
    fc.assert(
      fc.property(tries, fc.double({ min: 0, max: 1, noNaN: true }), (count, random) => {
        return waitBeforeRetryMs(count + 1, random) >= waitBeforeRetryMs(count, random);
      }),
    );
  });
});
