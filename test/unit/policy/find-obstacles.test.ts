/** What of an entry a destination cannot hold, at each limit and one past it. */
import { expect, it } from 'vitest';
import type { Entry } from '../../../src/model/entry.ts';
import { limitsOf } from '../../../src/policy/destination-limits.ts';
import { attributeObstacle, findObstacles } from '../../../src/policy/find-obstacles.ts';
import { parseMounts } from '../../../src/filesystem/mounts.ts';
import { BLOCK_DEVICE, CHARACTER_DEVICE, DIRECTORY, entryOf, FIFO, SYMLINK } from '../../support/entries.ts';

const [EFS, EXT4, OTHER] = ['nfs4 fs-0a.efs.eu-west-1.amazonaws.com:/', 'ext4 /dev/a', 'nfs nas:/x'].map(
  (of) => parseMounts(`1 0 0:1 / /mnt rw - ${of} rw`)[0],
);

it.for<[string, string, typeof EFS, Partial<Entry>, string[]]>([
  ['a name', 'd/'.padEnd(257, 'n'), EFS, {}, []],
  ['a longer one', 'd/'.padEnd(258, 'n'), EFS, {}, ['ENAMETOOLONG']],
  ['a file', 'f', EFS, { sizeBytes: 52_673_613_135_872 }, []],
  ['a larger one', 'f', EFS, { sizeBytes: 52_673_613_135_873 }, ['EFBIG']],
  ['a file of ext4', 'f', EXT4, { sizeBytes: 16 * 1024 ** 4 - 4096 }, []],
  ['a larger one of ext4', 'f', EXT4, { sizeBytes: 16 * 1024 ** 4 - 4095 }, ['EFBIG']],
  ['links', 'f', EFS, { linkCount: 177 }, []],
  ['more of them', 'f', EFS, { linkCount: 178 }, ['EMLINK']],
  ['more of them of ext4', 'f', EXT4, { linkCount: 65_001 }, ['EMLINK']],
  ['the links of a directory', 'd', EFS, { mode: 0o040755, linkCount: 1000 }, []],
  ['anything on another', 'f', OTHER, { linkCount: 1e6, sizeBytes: 2 ** 53 - 1 }, []],
  ['more bytes than a number counts', 'f', OTHER, { sizeBytes: 2 ** 53 }, ['EFBIG']],
])('%s', ([, path, mount, differing, codes]) => {
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
  const found = findObstacles(path, entryOf(differing), limitsOf(EFS));
  expect(found.map(({ kind }) => kind)).toEqual(kinds);
});

it('more links than one file may have are split, everything else fails', () => {
  const [links] = findObstacles('f', entryOf({ linkCount: 178 }), limitsOf(EFS));
  expect(links).toEqual({
    kind: 'hard links',
    detail: '178 names, at most 177',
    code: 'EMLINK',
    effect: 'split',
  });
  const [device] = findObstacles('n', entryOf({ mode: BLOCK_DEVICE }), limitsOf(EFS));
  expect(device).toMatchObject({
    detail: 'a block device, which the destination does not keep',
    effect: 'fails',
  });
  expect(findObstacles('n', entryOf({ mode: BLOCK_DEVICE }), limitsOf(EXT4))).toEqual([]);
});

it('attributes and ACLs are told apart', () => {
  expect(attributeObstacle('acl').detail).toContain('an ACL');
  expect(attributeObstacle('extended attributes').detail).toContain('extended attributes');
  expect(attributeObstacle('acl')).toMatchObject({ kind: 'acl', code: 'EOPNOTSUPP', effect: 'incomplete' });
});

it('a name longer than the file system itself says', () => {
  expect(findObstacles('n'.repeat(144), entryOf(), limitsOf(OTHER, 143))).toHaveLength(1);
});
