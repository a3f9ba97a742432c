/** Which names some destination may treat as one, and which differ only in form. */
import { describe, expect, it, test } from 'vitest';
import { differsInFormOnly, foldedName, isSameFile } from '../../../../src/policy/names/folded-name.ts';
import { utf8 } from '../../../support/tree.ts';
import { entryOf } from '../../../support/entries.ts';

const SAME = [
  ['case', 'Docs', 'dOCS'],
  ['case of other letters', 'ÉTÉ', 'été'],
  ['composed and decomposed', 'caf\u00e9', 'cafe\u0301'],
  ['dots and blanks at the end', 'name', 'name. .'],
  ['final sigma', 'ΟΔΟΣ', 'οδοσ'],
  ['sharp s', 'straße', 'STRASSE'],
  ['a soft hyphen', 'a\u00adb', 'ab'],
  ['a compatible form', '\uff21', 'a'],
] as const;

test.each(SAME)('%s is no difference', (_, one, other) => {
  expect(foldedName(utf8(one))).toBe(foldedName(utf8(other)));
});

test.each([
  ['a', 'b'],
  ['.a', 'a'],
  [' a', 'a'],
  ['a.b', 'ab'],
  ['a-b', 'a_b'],
])('%j and %j are different', (one, other) => {
  expect(foldedName(one)).not.toBe(foldedName(other));
});

it('accepts names that are not text', () => {
  expect(foldedName('A\xff')).toBe(foldedName('a\xff'));
});

describe('a difference in form alone', () => {
  it.each([
    ['caf\u00e9', 'cafe\u0301', true],
    ['name', 'name.', true],
    ['a', 'A', false],
    ['\u00e9', 'E\u0301', false],
  ])('%j and %j: %j', (one, other, isForm) => {
    expect(differsInFormOnly(utf8(one), utf8(other))).toBe(isForm);
  });
});

test.each([
  ['one inode', { inode: 1n, sizeBytes: 2 }, true],
  ['another inode, all else equal', { inode: 2n }, true],
  ['another inode and size', { inode: 2n, sizeBytes: 2 }, false],
  ['another inode and mode', { inode: 2n, mode: 0o100600 }, false],
  ['another inode and user', { inode: 2n, uid: 1 }, false],
  ['another inode and group', { inode: 2n, gid: 1 }, false],
  ['another inode and number of names', { inode: 2n, linkCount: 2 }, false],
  ['another inode and second of mtime', { inode: 2n, mtimeSec: 1 }, false],
  ['another inode and nanosecond of mtime', { inode: 2n, mtimeNsec: 1 }, false],
  ['another inode and second of ctime', { inode: 2n, ctimeSec: 1 }, false],
  ['another inode and nanosecond of ctime', { inode: 2n, ctimeNsec: 1 }, false],
  ['one inode number of another device', { inode: 1n, device: 9 }, false],
])('%s', (_, other, isSame) => {
  expect(isSameFile(entryOf({ inode: 1n }), entryOf(other))).toBe(isSame);
});
