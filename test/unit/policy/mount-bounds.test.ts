import { expect, test } from 'vitest';
import { mountBoundsOf, type BelowRoot } from '../../../src/policy/mount-bounds.ts';

const BELOW: BelowRoot = { device: 1, isMountRoot: false, deviceAbove: 1, rootDevice: 1 };
const NEITHER = { isMountPoint: false, isOutside: false };

test.each<[string, Partial<BelowRoot>, boolean, ReturnType<typeof mountBoundsOf>]>([
  ['a directory', {}, true, NEITHER],
  ['a bind mount', { isMountRoot: true }, false, { isMountPoint: true, isOutside: false }],
  ['a bind mount with -x', { isMountRoot: true }, true, { isMountPoint: true, isOutside: true }],
  ['a device of its own that is not mounted', { device: 2 }, false, NEITHER],
  ['such a device with -x', { device: 2 }, true, { isMountPoint: false, isOutside: true }],
  [
    'below what is mounted, with -x',
    { device: 2, deviceAbove: 2 },
    true,
    { isMountPoint: false, isOutside: true },
  ],
  ['an old kernel', { isMountRoot: undefined }, true, NEITHER],
  [
    'an old kernel and another device',
    { isMountRoot: undefined, device: 2 },
    false,
    { isMountPoint: true, isOutside: false },
  ],
  [
    'an old kernel below what is mounted',
    { isMountRoot: undefined, device: 2, deviceAbove: 2 },
    false,
    NEITHER,
  ],
  [
    'an old kernel, nothing known above',
    { isMountRoot: undefined, device: 2, deviceAbove: undefined },
    false,
    NEITHER,
  ],
])('%s', (_, below, oneFileSystem, expected) => {
  expect(mountBoundsOf({ ...BELOW, ...below }, oneFileSystem)).toEqual(expected);
});
