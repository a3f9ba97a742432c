/** What file systems can hold, by their type, against what their own documentation says. */
import { expect, test } from 'vitest';
import { parseMounts } from '../../../src/filesystem/mounts.ts';
import { limitsOf, linkLimitOf, type DestinationLimits } from '../../../src/policy/destination-limits.ts';

function mountOf(type: string) {
  return parseMounts(`1 0 0:1 / /mnt rw - ${type} rw`)[0];
}

const EFS = 'nfs4 fs-0a.efs.eu-west-1.amazonaws.com:/';

test.each<[string, Partial<DestinationLimits>]>([
  [
    EFS,
    {
      nameBytes: 255,
      linkTargetBytes: 4080,
      fileBytes: 52_673_613_135_872,
      directoryLevels: 1000,
      links: 177,
      holdsDevices: false,
      holdsAttributes: false,
    },
  ],
  [
    'ext4 /dev/a',
    { fileBytes: 17_592_186_040_320, links: 65_000, holdsDevices: true, holdsAttributes: true },
  ],
  ['ext3 /dev/a', { fileBytes: Infinity, links: 65_000, directoryLevels: Infinity }],
  ['vfat /dev/a', { fileBytes: 4_294_967_295, links: 1 }],
  ['nfs nas:/x', { fileBytes: Infinity, links: Infinity, linkTargetBytes: Infinity, holdsDevices: true }],
])('%s', (type, limits) => {
  expect(limitsOf(mountOf(type))).toMatchObject(limits);
  expect(linkLimitOf(mountOf(type))).toBe(limits.links);
});

test('nothing is known of no mount', () => {
  expect(limitsOf(undefined).fileBytes).toBe(Infinity);
  expect(linkLimitOf(undefined)).toBe(Infinity);
});

test('of two limits on names the smaller holds', () => {
  expect(limitsOf(mountOf(EFS), 143).nameBytes).toBe(143);
  expect(limitsOf(mountOf(EFS), 1000).nameBytes).toBe(255);
  expect(limitsOf(mountOf('ext4 /dev/a'), 143).nameBytes).toBe(143);
});
