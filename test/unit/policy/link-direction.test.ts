/** Which links lead out of the tree by their text alone. */
import { expect, test } from 'vitest';
import { linkDirection } from '../../../src/policy/link-direction.ts';

test.each([
  ['l', '/x', 'absolute'],
  ['l', 'x', 'within'],
  ['l', '..', 'outward'],
  ['d/l', '..', 'within'],
  ['d/l', '../..', 'outward'],
  ['d/l', '.././/../x', 'outward'],
  ['l', 'a/../b', 'within'],
  ['l', 'a/../../root/b', 'outward'],
  ['l', '..x/..', 'within'],
  ['l', '', 'within'],
] as const)('%s -> %s leads %s', (path, target, direction) => {
  expect(linkDirection(path, target)).toBe(direction);
});
