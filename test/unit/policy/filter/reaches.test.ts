import { expect, test } from 'vitest';
import type { FilterRule } from '../../../../src/model/settings.ts';
import { packPaths } from '../../../../src/policy/filter/path-keys.ts';
import { reachesBy } from '../../../../src/policy/filter/reaches.ts';

const EXCLUDE: readonly FilterRule[] = [{ action: 'exclude', pattern: '/a/b' }];

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
  ['it is listed', ['a/b'], true],
  ['a path below it is listed', ['a/b/c'], true],
  ['another is listed', ['a/c'], false],
])('a/b with a list that is not recursive: %s', (_, listed, expected) => {
  const selected = { ...rules([]), filesFrom: packPaths(listed, false), filesFromRecursive: false };
  expect(reachesBy(selected, 'destination')('a/b')).toBe(expected);
});
