/** A name counts as left alone in the directory where it was left alone, and in no other. */
import { expect, test } from 'vitest';
import { leftKey, leftKeysOf, LeftNames } from '../../../../src/engine/messages/left-names.ts';
import { nameHash } from '../../../../src/policy/compare/fingerprint.ts';

function leftNames(paths: readonly (readonly [directory: string, name: string])[]): LeftNames {
  const keys = paths.map(([directory, name]) => leftKey(directory, nameHash(name)));
  return new LeftNames(leftKeysOf(keys));
}

test('finds none in an empty set', () => {
  expect(leftNames([]).has('', 'a')).toBe(false);
});

test('finds any of many names, and no other', () => {
  const paths = Array.from({ length: 1000 }, (_, index) => [`d${index % 7}`, `f${index}`] as const);
  const left = leftNames(paths);
  for (const [directory, name] of paths) {
    expect(left.has(directory, name)).toBe(true);
    expect(left.has(`${directory}/`, name)).toBe(false);
    expect(left.has('', name)).toBe(false);
    expect(left.has(directory, `${name}x`)).toBe(false);
  }
});
