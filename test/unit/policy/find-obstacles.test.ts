/** What of an entry a destination cannot hold, at each limit and one past it. */
import { expect, it } from 'vitest';
import type { Entry } from '../../../src/model/entry.ts';
import { limitsOf } from '../../../src/policy/destination-limits.ts';
import { findObstacles } from '../../../src/policy/find-obstacles.ts';
import { parseMounts } from '../../../src/filesystem/mounts.ts';
import { entryOf } from '../../support/entries.ts';

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
  ['anything on another', 'f', OTHER, { linkCount: 1e6, sizeBytes: 2 ** 52 }, []],
])('%s', ([, path, mount, differing, codes]) => {
  const found = findObstacles(path, entryOf(differing), limitsOf(mount));
  expect(found.map(({ code }) => code)).toEqual(codes);
});

it('a name longer than the file system itself says', () => {
  expect(findObstacles('n'.repeat(144), entryOf(), limitsOf(OTHER, 143))).toHaveLength(1);
});
