/** Which names may be one at some destination, and which differ in form alone. */
import { describe, expect, it, test } from 'vitest';
import { differsInFormOnly, foldedName } from '../../../src/policy/folded-name.ts';
import { utf8 } from '../../support/tree.ts';

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
])('%j and %j are two', (one, other) => {
  expect(foldedName(one)).not.toBe(foldedName(other));
});

it('takes names that are no text', () => {
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
