/** The syntax of a --files-from list. */
import { expect, test } from 'vitest';
import { UsageError } from '../../../../src/errors.ts';
import { parseFilesFrom } from '../../../../src/policy/filter/files-from.ts';

test.each<[text: string, expected: string[]]>([
  ['', []],
  ['a', ['a']],
  ['a\nb/c\n', ['a', 'b/c']],
  ['a\r\nb\rc', ['a', 'b', 'c']],
  ['\n\na\n\n', ['a']],
  ['# one\n;two\n./#three\na#b', ['#three', 'a#b']],
  ['/a', ['a']],
  ['//a///b', ['a/b']],
  ['./a/./b', ['a/b']],
  ['a/', ['a/']],
  ['a//', ['a/']],
  ['a/.', ['a/']],
  ['.', ['.']],
  ['./', ['.']],
  ['/', ['.']],
  ['...', ['...']],
  ['..a/b..', ['..a/b..']],
  [' a ', [' a ']],
  ['\xe9\xff', ['\xe9\xff']],
])('%j', (text, expected) => {
  expect([...parseFilesFrom([text], false)]).toEqual(expected);
});

test('with from0 only NUL ends a path', () => {
  expect([...parseFilesFrom(['a\nb\0\0#c\0d\r\0'], true)]).toEqual(['a\nb', 'd\r']);
});

test.each(['..', '../a', 'a/..', 'a/../b'])('%s is refused: it may lead out of the source', (path) => {
  const message = 'line 3 of the list has a ".." component: name paths below the source';
  expect(() => [...parseFilesFrom([`a\n\n${path}`], false)]).toThrow(new UsageError(message));
});

test('a list for from0 that is read without it is refused', () => {
  const message = 'line 1 of the list holds a NUL: is --from0 missing?';
  expect(() => [...parseFilesFrom(['a\0b\0'], false)]).toThrow(new UsageError(message));
});

test('parts that are cut anywhere are read as the whole, with the same line numbers', () => {
  const text = 'a/b\r\n\r\n#c\rd\n\ne/./f/\r\n;g\nh';
  const whole = [...parseFilesFrom([text], false)];
  expect(whole).toEqual(['a/b', 'd', 'e/f/', 'h']);
  for (let first = 0; first <= text.length; first++) {
    for (let second = first; second <= text.length; second++) {
      const parts = [text.slice(0, first), text.slice(first, second), text.slice(second)];
      expect([...parseFilesFrom(parts, false)]).toEqual(whole);
      expect(() => [...parseFilesFrom([...parts, '\n..'], false)]).toThrow('line 9 of the list');
    }
  }
});
