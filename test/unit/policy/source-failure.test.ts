/** A source that moved on after it was listed is told apart from one that cannot be read. */
import { expect, test } from 'vitest';
import { classOfSourceFailure } from '../../../src/policy/source-failure.ts';

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
