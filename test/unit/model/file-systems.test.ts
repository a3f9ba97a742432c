/** The table of file systems, checked against man pages, the kernel and each maker's documentation. */
import { describe, expect, test } from 'vitest';
import type { FileSystem } from '../../../src/model/file-system.ts';
import { ELASTIC_FILE_SYSTEM, fileSystemOf, KNOWN_FILE_SYSTEMS } from '../../../src/model/file-systems.ts';

function typed(fileSystemType: string): FileSystem {
  return fileSystemOf({ fileSystemType });
}

const ALL_TYPES = [
  ...['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', '9p', 'virtiofs', 'ceph', 'afs', 'coda', 'lustre', 'beegfs'],
  ...['gpfs', 'glusterfs', 'orangefs', 'pvfs2', 'ocfs2', 'gfs2', 'wekafs', 'panfs', 'fuse'],
  ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs', 'zfs', 'overlay', 'tmpfs', 'ramfs'],
  ...['vfat', 'msdos', 'exfat', 'ntfs', 'ntfs3', 'udf', 'hfs', 'hfsplus', 'minix', 'reiserfs'],
];

/** All types for which `isTrue` holds. */
function typesThat(isTrue: (fileSystem: FileSystem) => boolean): string[] {
  return ALL_TYPES.filter((type) => isTrue(typed(type))).toSorted();
}

test('the known types', () => {
  expect(KNOWN_FILE_SYSTEMS).toHaveLength(ALL_TYPES.length);
  expect(KNOWN_FILE_SYSTEMS).toEqual(expect.arrayContaining(ALL_TYPES.map(typed)));
});

describe('an unknown type', () => {
  const cautious: FileSystem = {
    isRemote: false,
    mayDenyRoot: false,
    isNfs: false,
    isNfs4: false,
    deniesOtherUsers: false,
    branches: 'none',
    isInMemory: false,
    copiesUnderFileLock: false,
    truthfulHolesMagic: undefined,
    keepsTimes: false,
    granularityNs: 1,
    timeRanges: [],
    limits: {
      nameBytes: Infinity,
      linkTargetBytes: Infinity,
      fileBytes: Infinity,
      directoryLevels: Infinity,
      links: Infinity,
      holdsDevices: true,
      holdsAttributes: true,
      isComplete: false,
    },
  };

  test.each(['bcachefs', '', 'constructor', 'ext4.copy', 'NFS', 'efs'])('"%s" is not trusted', (type) => {
    expect(typed(type)).toEqual(cautious);
  });

  test('nor is a path without a mount', () => {
    expect(fileSystemOf(undefined)).toEqual(cautious);
  });

  test('the control files of an NFS server are not NFS', () => {
    expect(typed('nfsd')).toEqual(cautious);
  });
});

test.each(['fuse.sshfs', 'fuse.s3fs', 'fuse.rclone', 'fuse.'])('%s is FUSE', (type) => {
  expect(typed(type)).toBe(typed('fuse'));
});

test('a FUSE program on a disk is not remote', () => {
  expect(typed('fuseblk')).toBe(typed('unheard of'));
});

test('FUSE: remote, may deny root, shows its source, is not trusted', () => {
  expect(typed('fuse')).toMatchObject({
    isRemote: true,
    deniesOtherUsers: true,
    branches: 'source',
    truthfulHolesMagic: undefined,
    keepsTimes: false,
    limits: { isComplete: false },
  });
  expect(typesThat(({ deniesOtherUsers }) => deniesOtherUsers)).toEqual(['fuse']);
});

test('remote types', () => {
  expect(typesThat(({ isRemote }) => isRemote)).toEqual(ALL_TYPES.slice(0, 21).toSorted());
});

test('only servers may deny root', () => {
  expect(typesThat(({ mayDenyRoot }) => mayDenyRoot)).toEqual(typesThat(({ isRemote }) => isRemote));
});

test('the kernel has two types for NFS', () => {
  expect(typesThat(({ isNfs }) => isNfs)).toEqual(['nfs', 'nfs4']);
  expect(typesThat(({ isNfs4 }) => isNfs4)).toEqual(['nfs4']);
});

test('overlays show directories of other file systems', () => {
  expect(typed('overlay').branches).toBe('layers');
  expect(typesThat(({ branches }) => branches !== 'none')).toEqual(['fuse', 'overlay']);
});

test('in memory: tmpfs(5), ramfs', () => {
  expect(typesThat(({ isInMemory }) => isInMemory)).toEqual(['ramfs', 'tmpfs']);
});

test('the kernel copies bytes and locks the file, where extents are not shared', () => {
  const types = typesThat(({ copiesUnderFileLock }) => copiesUnderFileLock);
  expect(types).toEqual(['ext2', 'ext3', 'ext4', 'tmpfs']);
});

/** Numbers from statfs(2). */
test.each([
  ['EXT4_SUPER_MAGIC', 0xef53, ['ext2', 'ext3', 'ext4']],
  ['XFS_SUPER_MAGIC', 0x58465342, ['xfs']],
  ['BTRFS_SUPER_MAGIC', 0x9123683e, ['btrfs']],
  ['TMPFS_MAGIC', 0x01021994, ['tmpfs']],
  ['NFS_SUPER_MAGIC', 0x6969, ['nfs', 'nfs4']],
])('holes are trusted on %s', (_, magic, types) => {
  expect(typesThat(({ truthfulHolesMagic }) => truthfulHolesMagic === magic)).toEqual(types);
});

test.each([
  ['FUSE_SUPER_MAGIC', 0x65735546],
  ['OVERLAYFS_SUPER_MAGIC', 0x794c7630],
  ['ZFS_SUPER_MAGIC', 0x2fc12fc1],
  ['MSDOS_SUPER_MAGIC', 0x4d44],
  ['CIFS_SUPER_MAGIC', 0xff534d42],
])('holes are not trusted on %s', (_, magic) => {
  expect(typesThat(({ truthfulHolesMagic }) => truthfulHolesMagic === magic)).toEqual([]);
});

test('these keep times exactly', () => {
  const disks = ['btrfs', 'ext2', 'ext3', 'ext4', 'f2fs'];
  const others = ['nfs', 'nfs4', 'overlay', 'tmpfs', 'xfs', 'zfs'];
  expect(typesThat(({ keepsTimes }) => keepsTimes)).toEqual([...disks, ...others]);
});

test.each([
  ['2 s', 2e9, ['msdos', 'vfat']],
  ['1 s', 1e9, ['ext2', 'ext3', 'hfs', 'hfsplus', 'minix', 'reiserfs']],
  ['10 ms', 1e7, ['exfat']],
  ['1 µs', 1e3, ['udf']],
  ['100 ns', 100, ['cifs', 'ntfs', 'ntfs3', 'smb3']],
])('times in steps of %s', (_, stepNs, types) => {
  expect(typesThat(({ granularityNs }) => granularityNs === stepNs)).toEqual(types);
});

test('all others keep nanoseconds, as far as the type tells', () => {
  expect(typesThat(({ granularityNs }) => granularityNs === 1)).toHaveLength(ALL_TYPES.length - 14);
});

/** Seconds since 1970 of a UTC time. */
function utc(text: string): number {
  return Date.parse(`${text}Z`) / 1000;
}

const FROM_1901 = utc('1901-12-13T20:45:52');

test.each<[string, [earliestSec: number, latestSec: number][]]>([
  ['nfs', [[0, utc('2106-02-07T06:28:15')]]],
  ['nfs4', []],
  ['ext2', [[FROM_1901, utc('2038-01-19T03:14:07')]]],
  [
    'ext4',
    [
      [FROM_1901, utc('2038-01-19T03:14:07')],
      [FROM_1901, utc('2446-05-10T22:38:55')],
    ],
  ],
  [
    'xfs',
    [
      [FROM_1901, utc('2038-01-19T03:14:07')],
      [FROM_1901, utc('2486-07-02T20:20:24')],
    ],
  ],
  ['vfat', [[utc('1980-01-01T00:00:00'), utc('2107-12-31T23:59:58')]]],
  ['exfat', [[utc('1980-01-01T00:00:00'), utc('2107-12-31T23:59:59')]]],
  ['ntfs3', [[utc('1601-01-01T00:00:00'), Infinity]]],
  ['cifs', [[utc('1601-01-01T00:00:00'), Infinity]]],
  ['btrfs', []],
  ['tmpfs', []],
])('the times of %s end at', (type, ends) => {
  expect(typed(type).timeRanges.map(({ earliestSec, latestSec }) => [earliestSec, latestSec])).toEqual(ends);
});

test.each([
  ['ext4', { links: 65_000, fileBytes: 16 * 2 ** 40 - 4096, isComplete: true }],
  ['ext3', { links: 65_000, fileBytes: Infinity, isComplete: true }],
  // The ext2 driver allows 32,000 and the ext4 driver 65,000.
  ['ext2', { links: Infinity, isComplete: false }],
  ['btrfs', { links: 65_535, isComplete: true }],
  ['vfat', { links: 1, fileBytes: 2 ** 32 - 1, isComplete: false }],
  ['exfat', { links: 1, fileBytes: Infinity, isComplete: false }],
  ['nfs4', { links: Infinity, isComplete: false }],
])('the limits of %s', (type, limits) => {
  expect(typed(type).limits).toMatchObject(limits);
});

test('Amazon EFS is NFS v4 with limits of its own', () => {
  expect({ ...ELASTIC_FILE_SYSTEM, limits: undefined }).toEqual({ ...typed('nfs4'), limits: undefined });
  expect(ELASTIC_FILE_SYSTEM.limits).toMatchObject({ links: 177, directoryLevels: 1000, isComplete: true });
});
