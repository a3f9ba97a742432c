import { expect, test } from 'vitest';
import { isNamedByRule, ownDirectories } from '../../../src/policy/file-system-directories.ts';
import { describeSpared } from '../../../src/policy/spared-paths.ts';

const NAMES = ['.ckpt', '.snapshot', '.snapshots', '.zfs', 'a', 'lost+found'];

test('snapshots are in the root of any mount, lost+found where a whole file system is mounted', () => {
  const snapshots = ['.ckpt', '.snapshot', '.zfs'].map((name) => ({ name, partOf: 'snapshots' }));
  expect(ownDirectories(NAMES, false)).toEqual(snapshots);
  expect(ownDirectories(NAMES, true)).toEqual([...snapshots, { name: 'lost+found', partOf: 'file system' }]);
});

test.each(['b', '/b', 'b/', '/a/b/', 'b/*', 'b/**', '/b/***'])('%s names b', (pattern) => {
  expect(isNamedByRule([{ action: 'include', pattern }], 'b')).toBe(true);
  expect(isNamedByRule([{ action: 'exclude', pattern }], 'b')).toBe(false);
  expect(isNamedByRule([{ action: 'include', pattern, isNegated: true }], 'b')).toBe(false);
});

test.each(['*', '*/', '/**', '?', 'ab', 'b/a', 'b/a/'])('%s does not', (pattern) => {
  expect(isNamedByRule([{ action: 'include', pattern }], 'b')).toBe(false);
});

test('each kind is told by itself', () => {
  const at = { side: 'source', what: undefined } as const;
  expect(
    describeSpared([
      { ...at, path: '.snapshot', partOf: 'snapshots' },
      { ...at, path: 'm/lost+found', partOf: 'file system' },
      { ...at, path: '.nfs1' },
    ]),
  ).toEqual([
    'skipped because they are deleted files that a process still has open: .nfs1 in the source',
    'skipped because they hold snapshots: .snapshot in the source',
    'skipped because they are part of a file system itself: m/lost+found in the source',
  ]);
});
