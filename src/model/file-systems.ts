/**
 * The table of file systems, and the only place that names types. To add one, add an entry with its
 * differences from an unknown type.
 */
import {
  UNKNOWN_FILE_SYSTEM,
  UNKNOWN_LIMITS,
  type DestinationLimits,
  type FileSystem,
  type TimeRange,
} from './file-system.ts';

const SECOND_NS = 1_000_000_000;

const UNLIMITED: DestinationLimits = { ...UNKNOWN_LIMITS, isComplete: true };

const SIGNED_32: TimeRange = { earliestSec: -(2 ** 31), latestSec: 2 ** 31 - 1 };
/** Counts from 1601: NTFS_TIME_OFFSET in fs/smb/client/netmisc.c. */
const NTFS_TIMES: TimeRange = { earliestSec: -11_644_473_600, latestSec: Infinity };

type Known = Partial<FileSystem>;

const REMOTE: Known = { isRemote: true, mayDenyRoot: true };
const SMB: Known = { ...REMOTE, granularityNs: 100, timeRanges: [NTFS_TIMES] };
/**
 * Before version 4.2 the client reports everything as data. From 4.2 on the server reports its own file
 * system's holes.
 */
const NFS: Known = { ...REMOTE, isNfs: true, keepsTimes: true, truthfulHolesMagic: 0x6969 };
const NFS4: Known = { ...NFS, isNfs4: true };

/** Holes: from the extent tree, and the page cache for pages not yet written. */
const EXT: Known = { keepsTimes: true, copiesUnderFileLock: true, truthfulHolesMagic: 0xef53 };
/** EXT4_LINK_MAX in fs/ext4/ext4.h; the file size is for blocks of 4 KiB, the largest on common machines. */
const EXT4_LIMITS: DestinationLimits = { ...UNLIMITED, fileBytes: 16 * 1024 ** 4 - 4096, links: 65_000 };
/** For inodes of 128 and of 256 bytes: fs/ext4/ext4.h. */
const EXT4_TIMES = [SIGNED_32, { earliestSec: -(2 ** 31), latestSec: 2 ** 34 - 2 ** 31 - 1 }];

/** 1980 to 2107: fs/fat/inode.c. */
const FAT: Known = {
  granularityNs: 2 * SECOND_NS,
  timeRanges: [{ earliestSec: 315_532_800, latestSec: 4_354_819_198 }],
  limits: { ...UNKNOWN_LIMITS, fileBytes: 4 * 1024 ** 3 - 1, links: 1 },
};

/** Keyed by the type's name in mountinfo, see proc(5). */
const TABLE: Readonly<Record<string, Known>> = {
  // RFC 1813: nfstime3 is an unsigned 32-bit number.
  nfs: { ...NFS, timeRanges: [{ earliestSec: 0, latestSec: 2 ** 32 - 1 }] },
  nfs4: NFS4,
  cifs: SMB,
  smb3: SMB,
  smbfs: REMOTE,
  '9p': REMOTE,
  afs: REMOTE,
  beegfs: REMOTE,
  ceph: REMOTE,
  coda: REMOTE,
  gfs2: REMOTE,
  glusterfs: REMOTE,
  gpfs: REMOTE,
  lustre: REMOTE,
  ocfs2: REMOTE,
  orangefs: REMOTE,
  panfs: REMOTE,
  pvfs2: REMOTE,
  virtiofs: REMOTE,
  wekafs: REMOTE,
  // Any program may serve it, even a remote one. `fuseblk` is listed apart: it is on a disk of this machine.
  fuse: { ...REMOTE, deniesOtherUsers: true, branches: 'source' },

  // Whole seconds with inodes of 128 bytes, as on ext3. Limits depend on the driver, ext2 or ext4.
  ext2: { ...EXT, granularityNs: SECOND_NS, timeRanges: [SIGNED_32] },
  // Served by the driver of ext4.
  ext3: {
    ...EXT,
    granularityNs: SECOND_NS,
    timeRanges: EXT4_TIMES,
    limits: { ...EXT4_LIMITS, fileBytes: Infinity },
  },
  ext4: { ...EXT, timeRanges: EXT4_TIMES, limits: EXT4_LIMITS },
  // Times without and with `bigtime`: fs/xfs/libxfs/xfs_format.h. Holes come from the extents, by iomap.
  xfs: {
    keepsTimes: true,
    truthfulHolesMagic: 0x58465342,
    timeRanges: [SIGNED_32, { earliestSec: -(2 ** 31), latestSec: 16_299_260_424 }],
    limits: UNLIMITED,
  },
  // BTRFS_LINK_MAX in fs/btrfs/ctree.h. Holes come from the extents and the ranges not yet written.
  btrfs: {
    keepsTimes: true,
    truthfulHolesMagic: 0x9123683e,
    limits: { ...UNLIMITED, links: 65_535 },
  },
  f2fs: { keepsTimes: true },
  // Its holes are not trusted: OpenZFS reported fresh data as a hole until 2.2.2.
  zfs: { keepsTimes: true },
  // Its layers may be of any type.
  overlay: { keepsTimes: true, branches: 'layers' },
  // Exact holes: the page cache is the file.
  tmpfs: {
    isInMemory: true,
    keepsTimes: true,
    copiesUnderFileLock: true,
    truthfulHolesMagic: 0x01021994,
    limits: UNLIMITED,
  },
  ramfs: { isInMemory: true },

  vfat: FAT,
  msdos: FAT,
  // EXFAT_MAX_TIMESTAMP_SECS in fs/exfat/exfat_fs.h.
  exfat: {
    granularityNs: 10_000_000,
    timeRanges: [{ earliestSec: 315_532_800, latestSec: 4_354_819_199 }],
    limits: { ...UNKNOWN_LIMITS, links: 1 },
  },
  ntfs: { granularityNs: 100, timeRanges: [NTFS_TIMES] },
  ntfs3: { granularityNs: 100, timeRanges: [NTFS_TIMES] },
  udf: { granularityNs: 1_000 },
  hfs: { granularityNs: SECOND_NS },
  hfsplus: { granularityNs: SECOND_NS },
  minix: { granularityNs: SECOND_NS },
  reiserfs: { granularityNs: SECOND_NS },
};

const BY_TYPE: ReadonlyMap<string, FileSystem> = new Map(
  Object.entries(TABLE).map(([type, known]) => [type, { ...UNKNOWN_FILE_SYSTEM, ...known }]),
);

export const KNOWN_FILE_SYSTEMS: readonly FileSystem[] = [...BY_TYPE.values()];

/**
 * Mounted as `nfs4`; only its server's name identifies it.
 * https://docs.aws.amazon.com/efs/latest/ug/limits.html and nfs4-unsupported-features.html there.
 */
export const ELASTIC_FILE_SYSTEM: FileSystem = {
  ...UNKNOWN_FILE_SYSTEM,
  ...NFS4,
  limits: {
    nameBytes: 255,
    linkTargetBytes: 4080,
    fileBytes: 52_673_613_135_872,
    directoryLevels: 1000,
    links: 177,
    holdsDevices: false,
    holdsAttributes: false,
    isComplete: true,
  },
};

/** @param mount undefined if the mount is unknown */
export function fileSystemOf(mount: { readonly fileSystemType: string } | undefined): FileSystem {
  const type = mount?.fileSystemType ?? '';
  // The kernel appends a FUSE program's own name: `fuse.sshfs`.
  return BY_TYPE.get(type.startsWith('fuse.') ? 'fuse' : type) ?? UNKNOWN_FILE_SYSTEM;
}
