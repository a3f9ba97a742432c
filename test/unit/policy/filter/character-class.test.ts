/** Which bytes a class accepts, and which classes are malformed. */
import { expect, it, test } from 'vitest';
import {
  byteSetWhere,
  literalSet,
  NOT_SLASH,
  readCharacterClass,
} from '../../../../src/policy/filter/character-class.ts';

const PRINTABLE = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => index + 32));

function charactersOf(text: string): string[] {
  return text.split('');
}

function acceptedBy(pattern: string, candidates = PRINTABLE): string | undefined {
  const accepts = readCharacterClass(pattern, 1)?.accepts;
  return (
    accepts &&
    charactersOf(candidates)
      .filter((char) => accepts[char.charCodeAt(0)] === 1)
      .join('')
  );
}

test.each([
  ['[ab]', 'ab'],
  ['[a-c]', 'abc'],
  ['[a-cx]', 'abcx'],
  ['[]a]', ']a'],
  ['[a-]', '-a'],
  ['[-a]', '-a'],
  ['[a-c-e]', '-abce'],
  ['[c-a]', 'c'],
  ['[\\]]', ']'],
  ['[a\\-c]', '-ac'],
  ['[+-\\-]', '+,-'],
  ['[--/]', '-.'],
  ['[/]', ''],
  ['[[:digit:]]', '0123456789'],
  ['[[:digit:]a]', '0123456789a'],
  ['[[:digit:]-a]', '-0123456789a'],
  ['[[:xdigit:]]', '0123456789ABCDEFabcdef'],
  ['[[:digit]', ':[dgit'],
  ['[[:]', ':['],
  ['[[ab:]', ':[ab'],
  ['[a:digit:]', ':adgit'],
  ['[][:digit:]]', ']0123456789'],
  ['[+-[:]', '+,-.0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ['],
])('%s accepts %j', (pattern, accepted) => {
  expect(charactersOf(acceptedBy(pattern) ?? '?').toSorted()).toEqual(charactersOf(accepted).toSorted());
});

test.each(['!', '^'])('[%sa-y] accepts everything else but the slash', (negation) => {
  const accepted = acceptedBy(`[${negation}a-y]`);
  expect(accepted).toBe(PRINTABLE.replace(/[a-y/]/g, ''));
  expect(acceptedBy(`[${negation}a-y]`, '\n\x01\xe9')).toBe('\n\x01\xe9');
});

test.each([
  ['alnum', /[0-9A-Za-z]/],
  ['alpha', /[A-Za-z]/],
  ['blank', /[ \t]/],
  ['cntrl', /[^ -~]/],
  ['graph', /[!-~]/],
  ['lower', /[a-z]/],
  ['print', /[ -~]/],
  ['punct', /[^ 0-9A-Za-z\t\n\v\f\r]/],
  ['space', /[ \t\n\v\f\r]/],
  ['upper', /[A-Z]/],
])('[:%s:]', (name, expected) => {
  const candidates = `${PRINTABLE}\t\n\v\f\r`.replace('/', '');
  expect(acceptedBy(`[[:${name}:]]`, candidates)).toBe(
    charactersOf(candidates)
      .filter((char) => expected.test(char))
      .join(''),
  );
  expect(acceptedBy(`[[:${name}:]]`, '\x80\xe9\xff')).toBe('');
});

test.each([
  '[',
  '[a',
  '[]',
  '[!]',
  '[!',
  '[\\',
  '[a-',
  '[a-\\',
  '[[:alpha:]',
  '[[::]]',
  '[[:nonsense:]]',
  '[[:',
  '[[:alpha',
])('%s is malformed', (pattern) => {
  expect(acceptedBy(pattern)).toBeUndefined();
});

test('reading ends after the closing bracket', () => {
  expect(readCharacterClass('x[ab]c', 2)?.end).toBe(5);
  expect(readCharacterClass('x[+-\\]]c', 2)?.end).toBe(7);
});

function bytesOf(set: ArrayLike<number> | undefined): number[] {
  return [...Array(256).keys()].filter((byte) => set?.[byte] === 1);
}

it('has a place for each byte', () => {
  const set = byteSetWhere((byte) => byte === 0 || byte > 253);
  expect(set).toHaveLength(256);
  expect(bytesOf(set)).toEqual([0, 254, 255]);
});

it('knows all but the slash', () => {
  expect(bytesOf(NOT_SLASH)).toEqual([...Array(256).keys()].filter((byte) => byte !== 0x2f));
});

it('has one set for each literal byte, and none for what is no byte', () => {
  for (const byte of [0, 0x2f, 255]) {
    expect(bytesOf(literalSet(byte))).toEqual([byte]);
    expect(literalSet(byte)).toBe(literalSet(byte));
  }
  for (const none of [256, 1000, NaN]) expect(literalSet(none)).toBeUndefined();
});
