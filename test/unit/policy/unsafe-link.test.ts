/** --safe-links: where rsync sees a link lead. */
import { expect, it } from 'vitest';
import { isUnsafeLink } from '../../../src/policy/unsafe-link.ts';

it.each([
  ['l', 'd/e', false],
  ['l', '.', false],
  ['l', '..', true],
  ['l', '../x', true],
  ['l', './../x', true],
  ['l', '/etc', true],
  ['l', '', true],
  ['l', '..a/..b', false],
  ['d/l', '..', false],
  ['d/l', '../x', false],
  ['d/l', '..//x', false],
  ['d/l', '../../x', true],
  ['d/l', '../../', true],
  ['d/e/l', '../../', false],
  ['d/e/l', '../..', true],
  ['d/e/l', 'x/../y', true],
  ['d/e/l', 'x/..', true],
])('%s -> %j: %s', (path, target, isUnsafe) => {
  expect(isUnsafeLink(path, target)).toBe(isUnsafe);
});
