/** Which directories of the destination a run may have anything to do with. */
import { expect, test } from 'vitest';
import { compileFilter } from '../../../../src/policy/filter/filter.ts';
import { packPaths } from '../../../../src/policy/filter/path-keys.ts';
import { selectPaths } from '../../../../src/policy/filter/path-selection.ts';
import { takesPart } from '../../../../src/policy/filter/takes-part.ts';

const exclude = (pattern: string) => compileFilter([{ action: 'exclude', pattern }]);
const list = (paths: readonly string[], isRecursive: boolean) =>
  selectPaths(packPaths(paths, isRecursive), isRecursive);

test.each([
  ['without rules', undefined, undefined, true],
  ['another is excluded', exclude('/other'), undefined, true],
  ['it is excluded', exclude('/a/b'), undefined, false],
  ['what is above it is excluded', exclude('/a'), undefined, false],
  ['it is listed', undefined, list(['a/b'], false), true],
  ['a path below it is listed', undefined, list(['a/b/c'], false), true],
  ['a path below it is listed, and the rules exclude it', exclude('/a'), list(['a/b/c'], false), true],
  ['what is above it is listed with all below', undefined, list(['a'], true), true],
  ['another is listed', undefined, list(['a/c'], true), false],
])('a/b takes part: %s', (_, filter, selection, expected) => {
  expect(takesPart('a/b', { filter, selection })).toBe(expected);
});
