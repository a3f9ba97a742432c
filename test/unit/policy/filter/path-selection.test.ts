/** What a walk visits for a list of files; test/parity asks rsync the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packPaths } from '../../../../src/policy/filter/path-keys.ts';
import {
  mostEntriesToList,
  reachesBy,
  selectName,
  selectPaths,
  type PathSelection,
} from '../../../../src/policy/filter/path-selection.ts';
import type { FilterRule } from '../../../../src/model/filter-list.ts';

function select(paths: readonly string[], recursive: boolean): PathSelection {
  return selectPaths(packPaths(paths, recursive), recursive);
}

test('the parents of a listed path are visited, and nothing else', () => {
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

test('names that sort before a slash do not come between a directory and its entries', () => {
  const selection = select(['a/x', 'a!', 'a-b', 'a', 'a\x01/y', 'a.b/z'], false);
  expect(selection.childrenOf('')).toEqual(['a', 'a\x01', 'a!', 'a-b', 'a.b']);
  expect(selection.childrenOf('a')).toEqual(['x']);
  expect(selection.childrenOf('a\x01')).toEqual(['y']);
});

test("without recursion a trailing slash selects the directory's direct entries", () => {
  const selection = select(['a/', 'a/b/c', 'a/', 'd'], false);
  expect(['', 'a', 'a/b', 'd'].filter((path) => selection.isWhole(path))).toEqual(['a']);
  expect(selection.childrenOf('a')).toEqual(['b']);
  expect(selection.childrenOf('a/b')).toEqual(['c']);
  expect(selection.isOnTheWay('a')).toBe(true);
  expect(select(['a/'], false).isOnTheWay('a')).toBe(false);
});

test('without recursion the source itself selects its direct entries', () => {
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

test('with recursion a directory is complete if it or a parent is listed', () => {
  fc.assert(
    fc.property(paths, paths, (list, asked) => {
      const selection = select(list, true);
      const expected = asked.filter((path) => list.some((listed) => `${path}/`.startsWith(`${listed}/`)));
      expect(asked.filter((path) => selection.isWhole(path))).toEqual(expected);
    }),
  );
});

test('the root keeps its metadata unless it is listed itself', () => {
  for (const recursive of [false, true]) {
    expect(select(['a', 'b/c', 'd/'], recursive).leavesRoot).toBe(true);
    expect(select([], recursive).leavesRoot).toBe(true);
    expect(select(['.'], recursive).leavesRoot).toBe(false);
    expect(select(['a', '.'], recursive).leavesRoot).toBe(false);
  }
});

test('a path counts as listed with or without a trailing slash', () => {
  for (const recursive of [true, false]) {
    const selection = select(['a/', 'b/c', 'd'], recursive);
    expect(['', 'a', 'b', 'b/c', 'c', 'd', 'd/e'].filter((path) => selection.isListed(path))).toEqual([
      'a',
      'b/c',
      'd',
    ]);
  }
});

test('the listed paths below a directory, each once, and none with a mere common prefix', () => {
  const list = ['a', 'a/', 'a/b/', 'a/b', 'a/b/c', 'a!/x', 'a/c/d/e', 'b'];
  expect([...select(list, false).listedBelow('a')]).toEqual(['a/b', 'a/b/c', 'a/c/d/e']);
  expect([...select(list, false).listedBelow('a/c')]).toEqual(['a/c/d/e']);
  expect([...select(list, false).listedBelow('a/b/c')]).toEqual([]);
  expect([...select(list, false).listedBelow('b')]).toEqual([]);
  expect([...select(list, true).listedBelow('a')]).toEqual(['a/b', 'a/b/c', 'a/c/d/e']);
  expect([...select(['x/y'], true).listedBelow('')]).toEqual(['x/y']);
});

test('with recursion a listed path below a listed directory is visited', () => {
  const selection = select(['a', 'a/b/c', 'a/b/c/d'], true);
  expect(selection.childrenOf('a')).toEqual(['b']);
  expect(selection.isOnTheWay('a/b')).toBe(true);
  expect(selection.isOnTheWay('a/b/c')).toBe(true);
  expect(selection.isOnTheWay('a/b/c/d')).toBe(false);
  expect(['a', 'a/b', 'a/x/y', 'a/b/c/d/e'].filter((path) => !selection.isWhole(path))).toEqual([]);
});

test('a rule that excludes a directory ends its selection, except for listed paths below', () => {
  const packed = packPaths(['a', 'a/no/yes', 'no', 'b'], true);
  const selection = selectPaths(packed, true, (path) => path.endsWith('no'));
  expect(['a', 'a/x', 'a/no/yes', 'a/no/yes/x', 'b'].filter((path) => !selection.isWhole(path))).toEqual([]);
  expect(
    ['', 'no', 'no/x', 'a/no', 'a/no/x', 'a/no/yes/no', 'b/no'].filter((path) => selection.isWhole(path)),
  ).toEqual([]);
});

test('no rule excludes the root', () => {
  for (const recursive of [true, false]) {
    const selection = selectPaths(packPaths(['.'], recursive), recursive, () => true);
    expect(selection.isWhole('')).toBe(true);
  }
});

test('a single name is visited, and is not complete', () => {
  const selection = selectName('b');
  for (const path of ['', 'a', 'a/b']) {
    expect(selection.childrenOf(path)).toEqual(['b']);
    expect(selection.isWhole(path)).toBe(false);
  }
});

test('without recursion likewise', () => {
  const selection = selectPaths(
    packPaths(['.', 'no/', 'a/'], false),
    false,
    (path) => path === 'no' || path === '',
  );
  expect(['', 'no', 'a'].filter((path) => selection.isWhole(path))).toEqual(['', 'a']);
});

const EXCLUDE: readonly FilterRule[] = [{ action: 'exclude', pattern: '/a/b/' }];

function rules(filters: readonly FilterRule[], listed?: readonly string[], deleteExcluded = false) {
  const filesFrom = listed === undefined ? undefined : packPaths(listed, true);
  return { filters, filesFrom, filesFromRecursive: true, deleteExcluded };
}

test.each([
  ['', true],
  ['a', true],
  ['a/b', false],
  ['a/b/c', false],
  ['b', true],
])('with a filter: %s: %s', (path, expected) => {
  expect(reachesBy(rules(EXCLUDE), 'source')(path)).toBe(expected);
  expect(reachesBy(rules(EXCLUDE), 'destination')(path)).toBe(expected);
});

test.each([
  ['no list', undefined],
  ['a list without it', ['a']],
])('the root is always walked, with %s', (_, listed) => {
  const all: readonly FilterRule[] = [{ action: 'exclude', pattern: '*' }];
  expect(reachesBy(rules(all, listed), 'source')('')).toBe(true);
});

test('--delete-excluded takes protection away at the destination alone', () => {
  expect(reachesBy(rules(EXCLUDE, undefined, true), 'destination')('a/b')).toBe(true);
  expect(reachesBy(rules(EXCLUDE, undefined, true), 'source')('a/b')).toBe(false);
});

test.each([
  ['a', true],
  ['a/b', true],
  ['a/b/c', true],
  ['a/b/c/d', true],
  ['a/x', false],
  ['x', false],
])('with a list: %s: %s', (path, expected) => {
  // A listed path below an excluded one is visited even so.
  expect(reachesBy(rules(EXCLUDE, ['a/b/c']), 'source')(path)).toBe(expected);
});

test.each([
  ['a/b', true],
  ['a/b/c', true],
  ['a/b/x', false],
  ['a/x', true],
])('with a list of a directory and a path below an excluded one: %s: %s', (path, expected) => {
  expect(reachesBy(rules(EXCLUDE, ['a', 'a/b/c']), 'source')(path)).toBe(expected);
});

test.each([
  ['it is listed', ['a/b'], true],
  ['a path below it is listed', ['a/b/c'], true],
  ['another is listed', ['a/c'], false],
])('a/b with a list that is not recursive: %s', (_, listed, expected) => {
  const selected = { ...rules([]), filesFrom: packPaths(listed, false), filesFromRecursive: false };
  expect(reachesBy(selected, 'destination')('a/b')).toBe(expected);
});

test('a few names are looked up; for many the directory is listed, up to a bound', () => {
  expect([0, 1, 15, 16, 1000].map(mostEntriesToList)).toEqual([0, 0, 0, 256, 16_000]);
});
