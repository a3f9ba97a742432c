import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  classOfSourceFailure,
  isDenial,
  isFull,
  isTooMuchInFlight,
  isTransient,
  mayBeFatal,
  squashAdvice,
  waitBeforeRetryMs,
} from '../../../src/policy/judge-failure.ts';

const DISK = { isRemote: false, isEfs: false };
const SERVER = { isRemote: true, isEfs: false };
const EFS = { isRemote: true, isEfs: true };

describe('isTransient', () => {
  it.each([
    ['EAGAIN', true, true, true],
    ['EBUSY', true, true, true],
    ['EINTR', true, true, true],
    ['EMFILE', true, true, true],
    ['ENFILE', true, true, true],
    ['ENOMEM', true, true, true],
    ['ESTALE', true, true, true],
    ['ETIMEDOUT', true, true, true],
    ['ECONNRESET', true, true, true],
    ['EHOSTUNREACH', true, true, true],
    ['ENETDOWN', true, true, true],
    ['ENETUNREACH', true, true, true],
    ['EIO', false, true, true],
    ['EDQUOT', false, false, true],
    ['EACCES', false, false, false],
    ['EPERM', false, false, false],
    ['ENOENT', false, false, false],
    ['ENOSPC', false, false, false],
    ['EROFS', false, false, false],
    ['EFBIG', false, false, false],
    ['ENAMETOOLONG', false, false, false],
    ['EEXIST', false, false, false],
    ['ELOOP', false, false, false],
    ['EMLINK', false, false, false],
    ['', false, false, false],
  ] as const)('%s: %s on a disk, %s on a server, %s on EFS', (code, disk, server, efs) => {
    expect(isTransient(code, DISK)).toBe(disk);
    expect(isTransient(code, SERVER)).toBe(server);
    expect(isTransient(code, EFS)).toBe(efs);
  });
});

describe('mayBeFatal', () => {
  it.each([
    ['ENOSPC', 'pwrite', true, true],
    ['EROFS', 'pwrite', true, true],
    ['EDQUOT', 'pwrite', true, false],
    ['EIO', 'pwrite', false, false],
    ['EACCES', 'openat', false, false],
    ['EFBIG', 'pwrite', false, false],
    ['ENOSPC', 'setxattr user.a', false, false],
    ['EDQUOT', 'removexattr user.a', false, false],
    ['EROFS', 'setxattr user.a', true, true],
  ])('%s of %s may end the run: %s; on EFS: %s', (code, syscall, elsewhere, efs) => {
    expect(mayBeFatal({ code, syscall }, SERVER)).toBe(elsewhere);
    expect(mayBeFatal({ code, syscall }, DISK)).toBe(elsewhere);
    expect(mayBeFatal({ code, syscall }, EFS)).toBe(efs);
  });

  it('no code is both: a fatal error is not retried', () => {
    const codes = fc.constantFrom('ENOSPC', 'EROFS', 'EDQUOT', 'EIO', 'ESTALE', 'EACCES');
    fc.assert(
      fc.property(codes, fc.constantFrom(DISK, SERVER, EFS), (code, place) => {
        return !(mayBeFatal({ code, syscall: 'pwrite' }, place) && isTransient(code, place));
      }),
    );
  });
});

test.each([
  [0, 5, true],
  [1024 * 1024 - 1, undefined, true],
  [1024 * 1024, undefined, false],
  [1024 * 1024, 1, false],
  [1e12, 0, true],
])('%s bytes and %s inodes left is full: %s', (availableBytes, freeInodes, expected) => {
  expect(isFull({ availableBytes, freeInodes })).toBe(expected);
});

test.each([
  ['EDQUOT', true],
  ['ENOSPC', false],
  ['EMFILE', true],
  ['ENFILE', false],
])('%s means too many calls in flight: %s', (code, expected) => {
  expect(isTooMuchInFlight(code)).toBe(expected);
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
    expect(waitBeforeRetryMs('EIO', tries, random)).toBe(waitMs);
  });

  it('is zero before the first fresh lookup', () => {
    expect([1, 2, 3].map((tries) => waitBeforeRetryMs('ESTALE', tries, 1))).toEqual([0, 100, 200]);
  });

  it('never waits less for a later try of the same chance', () => {
    const codes = fc.constantFrom('EIO', 'ESTALE');
    const tries = fc.integer({ min: 1, max: 2000 });
    fc.assert(
      fc.property(codes, tries, fc.double({ min: 0, max: 1, noNaN: true }), (code, count, random) => {
        return waitBeforeRetryMs(code, count + 1, random) >= waitBeforeRetryMs(code, count, random);
      }),
    );
  });
});

test.each([
  ['ENOENT', 'statx', 'vanished'],
  ['ESTALE', 'pread', 'vanished'],
  ['ENOTDIR', 'openat2', 'changed'],
  ['ELOOP', 'openat', 'changed'],
  ['EISDIR', 'openat', 'changed'],
  ['ENXIO', 'openat', 'changed'],
  ['ESPIPE', 'lseek', 'changed'],
  ['EINVAL', 'readlinkat', 'changed'],
  ['EINVAL', 'pread', 'failed'],
  ['EACCES', 'readlinkat', 'failed'],
  ['EACCES', 'openat', 'failed'],
  ['EIO', 'pread', 'failed'],
  ['', '', 'failed'],
])('%s of %s: %s', (code, syscall, expected) => {
  expect(classOfSourceFailure(code, syscall)).toBe(expected);
});

test.each([
  ['EACCES', true],
  ['EPERM', true],
  ['ENOENT', false],
  ['EROFS', false],
  ['', false],
])('%s is a denial: %j', (code, expected) => {
  expect(isDenial(code)).toBe(expected);
});

test('each side is named, and only the destination may be Amazon EFS', () => {
  expect(squashAdvice('source')).toMatch(
    /^the source server does not give root .*root_squash.*; export it to this machine with no_root_squash and mount it again$/,
  );
  expect(squashAdvice('destination')).toMatch(
    /^the destination server does not give root .*no_root_squash.*; on Amazon EFS, .*ClientRootAccess and use no access point/,
  );
});
