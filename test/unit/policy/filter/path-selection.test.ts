/** What a walk visits for a list of files; test/parity asks rsync the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packPaths } from '../../../../src/policy/filter/path-keys.ts';
import { selectPaths, type PathSelection } from '../../../../src/policy/filter/path-selection.ts';

function select(paths: readonly string[], recursive: boolean): PathSelection {
  return selectPaths(packPaths(paths, recursive), recursive);
}

test('the way to a listed path is visited, and nothing else', () => {
  const selection = select(['b/c/d', 'a', 'b/e', 'a'], false);
  expect(selection.childrenOf('')).toEqual(['a', 'b']);
  expect(selection.childrenOf('b')).toEqual(['c', 'e']);
  expect(selection.childrenOf('b/c')).toEqual(['d']);
  expect(selection.childrenOf('a')).toEqual([]);
  expect(selection.childrenOf('nowhere')).toEqual([]);
  expect(['', 'a', 'b', 'b/c', 'b/c/d'].filter((path) => selection.isWhole(path))).toEqual([]);
  expect(['a', 'b', 'b/c', 'b/c/d', 'b/e'].filter((path) => selection.isOnTheWay(path))).toEqual([
    'b',
    'b/c',
  ]);
});

test('names that sort before a slash do not come between a directory and what is below it', () => {
  const selection = select(['a/x', 'a!', 'a-b', 'a', 'a\x01/y', 'a.b/z'], false);
  expect(selection.childrenOf('')).toEqual(['a', 'a\x01', 'a!', 'a-b', 'a.b']);
  expect(selection.childrenOf('a')).toEqual(['x']);
  expect(selection.childrenOf('a\x01')).toEqual(['y']);
});

test('without recursion a trailing slash selects what is directly in the directory', () => {
  const selection = select(['a/', 'a/b/c', 'a/', 'd'], false);
  expect(['', 'a', 'a/b', 'd'].filter((path) => selection.isWhole(path))).toEqual(['a']);
  expect(selection.childrenOf('a')).toEqual(['b']);
  expect(selection.childrenOf('a/b')).toEqual(['c']);
  expect(selection.isOnTheWay('a')).toBe(true);
  expect(select(['a/'], false).isOnTheWay('a')).toBe(false);
});

test('without recursion the source itself selects what is directly in it', () => {
  const selection = select(['.', 'a/b'], false);
  expect(['', 'a', 'c'].filter((path) => selection.isWhole(path))).toEqual(['']);
  expect(selection.childrenOf('a')).toEqual(['b']);
});

test('with recursion everything below a listed directory is selected', () => {
  const selection = select(['a/b/', 'a/b/c/d', 'a/b', 'a/b!', 'e'], true);
  const whole = ['a/b', 'a/b!', 'a/b/c', 'a/b/x/y', 'e', 'e/f'];
  expect(['', 'a', 'a/ab', 'a/bb', 'f', ...whole].filter((path) => selection.isWhole(path))).toEqual(whole);
  expect(selection.childrenOf('a')).toEqual(['b', 'b!']);
});

test('with recursion the source itself is everything', () => {
  const selection = select(['a/b', '.'], true);
  expect(['', 'a', 'x/y'].filter((path) => !selection.isWhole(path))).toEqual([]);
});

test('an empty list selects nothing', () => {
  const selection = select([], true);
  expect(selection.childrenOf('')).toEqual([]);
  expect(selection.isWhole('')).toBe(false);
  expect(selection.isOnTheWay('')).toBe(false);
});

const paths = fc.array(
  fc
    .array(fc.constantFrom('a', 'a!', 'b', '\x01', '\xff'), { minLength: 1, maxLength: 4 })
    .map((names) => names.join('/')),
  { maxLength: 12 },
);

test('a walk finds every listed path and its directories, each once and in order of bytes', () => {
  fc.assert(
    fc.property(paths, (list) => {
      const selection = select(list, false);
      const visited: string[] = [];
      const walk = (directory: string): void => {
        for (const name of selection.childrenOf(directory)) {
          const path = directory === '' ? name : `${directory}/${name}`;
          visited.push(path);
          walk(path);
        }
      };
      walk('');
      const prefixes = list.flatMap((path) =>
        path.split('/').map((_, index, all) => all.slice(0, index + 1)),
      );
      const byComponents = new Set(prefixes.map((names) => names.join('\0')).toSorted());
      expect(visited).toEqual([...byComponents].map((path) => path.replaceAll('\0', '/')));
    }),
  );
});

test('with recursion a directory is whole when it or one above it was listed', () => {
  fc.assert(
    fc.property(paths, paths, (list, asked) => {
      const selection = select(list, true);
      const expected = asked.filter((path) => list.some((listed) => `${path}/`.startsWith(`${listed}/`)));
      expect(asked.filter((path) => selection.isWhole(path))).toEqual(expected);
    }),
  );
});
