/** What file systems can hold, by type, checked against their own documentation. */
import { expect, it, test } from 'vitest';
import { parseMounts } from '../../../../src/filesystem/mounts/mounts.ts';
import type { DestinationLimits } from '../../../../src/model/file-system.ts';
import {
  attributeObstacle,
  findObstacles,
  limitsOf,
  linkLimitOf,
  type Found,
} from '../../../../src/policy/file-systems/destination-limits.ts';
import type { Entry } from '../../../../src/model/entry.ts';
import {
  BLOCK_DEVICE,
  CHARACTER_DEVICE,
  DIRECTORY,
  entryOf,
  FIFO,
  SYMLINK,
} from '../../../support/entries.ts';

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
      isComplete: true,
    },
  ],
  [
    'ext4 /dev/a',
    {
      fileBytes: 17_592_186_040_320,
      links: 65_000,
      holdsDevices: true,
      holdsAttributes: true,
      isComplete: true,
    },
  ],
  ['ext3 /dev/a', { fileBytes: Infinity, links: 65_000, directoryLevels: Infinity, isComplete: true }],
  ['xfs /dev/a', { fileBytes: Infinity, links: Infinity, holdsDevices: true, isComplete: true }],
  ['btrfs /dev/a', { fileBytes: Infinity, links: 65_535, holdsDevices: true, isComplete: true }],
  ['tmpfs tmpfs', { fileBytes: Infinity, links: Infinity, holdsDevices: true, isComplete: true }],
  ['vfat /dev/a', { fileBytes: 4_294_967_295, links: 1, isComplete: false }],
  ['msdos /dev/a', { fileBytes: 4_294_967_295, links: 1, isComplete: false }],
  ['exfat /dev/a', { fileBytes: Infinity, links: 1, isComplete: false }],
  [
    'nfs nas:/x',
    {
      fileBytes: Infinity,
      links: Infinity,
      linkTargetBytes: Infinity,
      holdsDevices: true,
      isComplete: false,
    },
  ],
])('%s', (type, limits) => {
  expect(limitsOf(mountOf(type))).toMatchObject(limits);
  expect(linkLimitOf(mountOf(type))).toBe(limits.links);
});

test('nothing is known without a mount', () => {
  expect(limitsOf(undefined)).toMatchObject({ fileBytes: Infinity, isComplete: false });
  expect(linkLimitOf(undefined)).toBe(Infinity);
});

test('of two limits on names the smaller holds', () => {
  expect(limitsOf(mountOf(EFS), 143).nameBytes).toBe(143);
  expect(limitsOf(mountOf(EFS), 1000).nameBytes).toBe(255);
  expect(limitsOf(mountOf('ext4 /dev/a'), 143).nameBytes).toBe(143);
});

const [ON_EFS, EXT4, OTHER] = [EFS, 'ext4 /dev/a', 'nfs nas:/x'].map(mountOf);

it.for<[string, string, typeof ON_EFS, Partial<Entry>, string[]]>([
  ['a name', 'd/'.padEnd(257, 'n'), ON_EFS, {}, []],
  ['a longer one', 'd/'.padEnd(258, 'n'), ON_EFS, {}, ['ENAMETOOLONG']],
  ['a file', 'f', ON_EFS, { sizeBytes: 52_673_613_135_872 }, []],
  ['a larger one', 'f', ON_EFS, { sizeBytes: 52_673_613_135_873 }, ['EFBIG']],
  ['a file of ext4', 'f', EXT4, { sizeBytes: 16 * 1024 ** 4 - 4096 }, []],
  ['a larger one of ext4', 'f', EXT4, { sizeBytes: 16 * 1024 ** 4 - 4095 }, ['EFBIG']],
  ['links', 'f', ON_EFS, { linkCount: 177 }, []],
  ['more of them', 'f', ON_EFS, { linkCount: 178 }, ['EMLINK']],
  ['more of them of ext4', 'f', EXT4, { linkCount: 65_001 }, ['EMLINK']],
  ['the links of a directory', 'd', ON_EFS, { mode: 0o040755, linkCount: 1000 }, []],
  ['anything on another', 'f', OTHER, { linkCount: 1e6, sizeBytes: 2 ** 53 - 1 }, []],
  ['more bytes than a number counts', 'f', OTHER, { sizeBytes: 2 ** 53 }, ['EFBIG']],
])('what stands in the way: %s', ([, path, mount, differing, codes]) => {
  const found = findObstacles(path, entryOf(differing), limitsOf(mount));
  expect(found.map(({ code }) => code)).toEqual(codes);
});

const LEVELS = (count: number) => Array.from({ length: count }, () => 'd').join('/');

it.for<[string, string, Partial<Entry>, string[]]>([
  ['a thousand levels', LEVELS(1000), { mode: DIRECTORY }, []],
  ['a level more', LEVELS(1001), { mode: DIRECTORY }, ['directory depth']],
  ['a file below as many', `${LEVELS(1000)}/f`, {}, []],
  ['the root', '', { mode: DIRECTORY }, []],
  ['a link target', 'l', { mode: SYMLINK, sizeBytes: 4080 }, []],
  ['a longer one', 'l', { mode: SYMLINK, sizeBytes: 4081 }, ['link target']],
  ['a file as long', 'f', { sizeBytes: 4081 }, []],
  ['a block device', 'n', { mode: BLOCK_DEVICE }, ['device']],
  ['a character device', 'n', { mode: CHARACTER_DEVICE }, ['device']],
  ['a FIFO', 'n', { mode: FIFO }, []],
])('on Amazon EFS: %s', ([, path, differing, kinds]) => {
  const found = findObstacles(path, entryOf(differing), limitsOf(ON_EFS));
  expect(found.map(({ kind }) => kind)).toEqual(kinds);
});

it.for<[string, string, Partial<Entry>, Omit<Found, 'effect'>]>([
  [
    'a long name',
    'n'.repeat(256),
    {},
    { kind: 'name', detail: '256 bytes of name; the limit is 255', code: 'ENAMETOOLONG' },
  ],
  [
    'a deep directory',
    LEVELS(1001),
    { mode: DIRECTORY },
    { kind: 'directory depth', detail: '1,001 directory levels; the limit is 1,000', code: '' },
  ],
  [
    'a large file',
    'f',
    { sizeBytes: 52_673_613_135_873 },
    { kind: 'file size', detail: '52,673,613,135,873 bytes; the limit is 52,673,613,135,872', code: 'EFBIG' },
  ],
  [
    'a file of a size beyond numbers',
    'f',
    { sizeBytes: 2 ** 53 },
    {
      kind: 'file size',
      detail: 'more than 9,007,199,254,740,991 bytes, the most that efs-sync supports',
      code: 'EFBIG',
    },
  ],
  [
    'a long link target',
    'l',
    { mode: SYMLINK, sizeBytes: 4081 },
    { kind: 'link target', detail: '4,081 bytes of link target; the limit is 4,080', code: 'ENAMETOOLONG' },
  ],
  [
    'a device',
    'n',
    { mode: BLOCK_DEVICE },
    { kind: 'device', detail: 'a block device, which the destination cannot store', code: '' },
  ],
])('%s fails on Amazon EFS, and is told why', ([, path, differing, expected]) => {
  expect(findObstacles(path, entryOf(differing), limitsOf(ON_EFS))).toEqual([
    { ...expected, effect: 'fails' },
  ]);
});

it('more links than one file may have are split', () => {
  const found = findObstacles('f', entryOf({ linkCount: 178 }), limitsOf(ON_EFS));
  const detail = '178 names; the limit is 177';
  expect(found).toEqual([{ kind: 'hard links', detail, code: 'EMLINK', effect: 'split' }]);
});

it('a device is none where devices are kept', () => {
  expect(findObstacles('n', entryOf({ mode: BLOCK_DEVICE }), limitsOf(EXT4))).toEqual([]);
});

it('the root itself is no level', () => {
  const flat = { ...limitsOf(ON_EFS), directoryLevels: 0 };
  expect(findObstacles('', entryOf({ mode: DIRECTORY }), flat)).toEqual([]);
  expect(findObstacles('d', entryOf({ mode: DIRECTORY }), flat)).toHaveLength(1);
});

it('attributes and ACLs are told apart', () => {
  expect(attributeObstacle('acl').detail).toContain('an ACL');
  expect(attributeObstacle('extended attributes').detail).toContain('extended attributes');
  expect(attributeObstacle('acl')).toMatchObject({ kind: 'acl', code: 'EOPNOTSUPP', effect: 'incomplete' });
});

it('a name longer than the file system itself says', () => {
  expect(findObstacles('n'.repeat(144), entryOf(), limitsOf(OTHER, 143))).toHaveLength(1);
});
