/** Names that differ only by case or Unicode form, whatever their order and bytes. */
import { expect, test } from 'vitest';
import { utf8Bytes } from '../../../src/model/display-name.ts';
import { caseFolded, collisionText, findCollisions } from '../../../src/policy/names/colliding-names.ts';

function collisions(names: readonly string[]): readonly (readonly string[])[] {
  const listed = names.map(utf8Bytes).toSorted();
  return [...findCollisions([listed], (name) => listed.includes(name))];
}

test.each([
  ['nothing has a fold', ['a', 'b', '1'], []],
  ['capitals alone', ['A', 'B'], []],
  ['against a name that folds to itself', ['README', 'readme'], [['README', 'readme']]],
  [
    'three alike',
    ['AB', 'Ab', 'ab'],
    [
      ['AB', 'ab'],
      ['Ab', 'ab'],
    ],
  ],
  ['two capitals', ['AB', 'Ab'], [['Ab', 'AB']]],
  ['accents count', ['e', '\u00e9'], []],
  ['sharp s', ['STRASSE', 'stra\u00dfe'], [['stra\u00dfe', 'STRASSE']]],
  ['dotless i', ['i', '\u0131'], []],
  ['sigma at the end', ['\u03b1\u03c2', '\u03b1\u03c3'], [['\u03b1\u03c2', '\u03b1\u03c3']]],
] as const)('%s', (_, names, expected) => {
  expect(collisions(names)).toEqual(expected.map((pair) => pair.map(utf8Bytes)));
});

test('both normal forms are one, and the text says why they look the same', () => {
  const [found] = collisions(['\u00e9', 'e\u0301']);
  expect(found).toEqual(['\u00e9', 'e\u0301'].map(utf8Bytes));
  expect(collisionText(found as [string, string])).toMatch(/ in another Unicode form$/);
});

test('bytes that are not UTF-8 stay apart', () => {
  expect(caseFolded('A\xff')).toBe('a\xff');
  expect(caseFolded('A\xfe')).not.toBe(caseFolded('A\xff'));
});
