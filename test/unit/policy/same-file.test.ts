/** Whether two names lead to one file, also where inode numbers are made of names. */
import { expect, test } from 'vitest';
import { isSameFile } from '../../../src/policy/same-file.ts';
import { entryOf } from '../../support/entries.ts';

test.each([
  ['one inode', { inode: 1n, sizeBytes: 2 }, true],
  ['another inode, all else equal', { inode: 2n }, true],
  ['another inode and ctime', { inode: 2n, ctimeNsec: 1 }, false],
  ['another inode and size', { inode: 2n, sizeBytes: 2 }, false],
  ['one inode number of another device', { inode: 1n, device: 9 }, false],
])('%s', (_, other, isSame) => {
  expect(isSameFile(entryOf({ inode: 1n }), entryOf(other))).toBe(isSame);
});
