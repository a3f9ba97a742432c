/** Paths that somebody asks about: below the source, or absolute below either side. */
import { expect, test } from 'vitest';
import { UsageError } from '../../../src/model/run/errors.ts';
import { pathBelowRoots } from '../../../src/policy/path-below-roots.ts';

const ROOTS = ['/mnt/source', '/mnt/destination', '/real'];

test.each([
  ['a/b', 'a/b'],
  ['a/b/', 'a/b'],
  ['./a//b/.', 'a/b'],
  ['a/../b', 'b'],
  ['a/..', ''],
  ['.', ''],
  ['./', ''],
  ['..a', '..a'],
  ['/mnt/source', ''],
  ['/mnt/source/', ''],
  ['/mnt/source/a/', 'a'],
  ['/mnt/destination/a/b', 'a/b'],
  ['/real/../real/\xff\n', '\xff\n'],
])('%j is %j', (path, expected) => {
  expect(pathBelowRoots(path, ROOTS)).toBe(expected);
});

test('all is below a root that is /', () => {
  expect(pathBelowRoots('/a/b', ['/'])).toBe('a/b');
  expect(pathBelowRoots('/', ['/'])).toBe('');
});

test.each([
  ['', 'a path is empty: is a variable not set?'],
  ['..', '.. leads out of the source with ".."; give one as it is below the source'],
  ['a/../../b', 'a/../../b leads out of the source with ".."; give one as it is below the source'],
  ['/mnt', '/mnt lies in neither the source nor the destination; give one as it is below the source'],
  [
    '/mnt/source2',
    '/mnt/source2 lies in neither the source nor the destination; give one as it is below the source',
  ],
])('%j is refused', (path, message) => {
  expect(() => pathBelowRoots(path, ROOTS)).toThrow(new UsageError(message));
});
