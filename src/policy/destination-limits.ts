/** What a file system can hold, as far as its type tells. */
import type { Mount } from '../model/location.ts';
import { isElasticFileSystem } from './elastic-file-system.ts';

/** Infinity: not known, or without a limit. */
export interface DestinationLimits {
  readonly nameBytes: number;
  readonly linkTargetBytes: number;
  readonly fileBytes: number;
  readonly directoryLevels: number;
  readonly links: number;
  readonly holdsDevices: boolean;
  /** Extended attributes, and ACLs, which are some. */
  readonly holdsAttributes: boolean;
  /** It takes all names, hard links and attributes within these limits; of other file systems nobody knows. */
  readonly isComplete: boolean;
}

const UNKNOWN: DestinationLimits = {
  nameBytes: Infinity,
  linkTargetBytes: Infinity,
  fileBytes: Infinity,
  directoryLevels: Infinity,
  links: Infinity,
  holdsDevices: true,
  holdsAttributes: true,
  isComplete: false,
};

const UNLIMITED: DestinationLimits = { ...UNKNOWN, isComplete: true };

/** https://docs.aws.amazon.com/efs/latest/ug/limits.html and nfs4-unsupported-features.html there */
const EFS: DestinationLimits = {
  nameBytes: 255,
  linkTargetBytes: 4080,
  fileBytes: 52_673_613_135_872,
  directoryLevels: 1000,
  links: 177,
  holdsDevices: false,
  holdsAttributes: false,
  isComplete: true,
};

/** Of the driver, which serves ext3 as well; with blocks of 4 KiB, the largest that common machines take. */
const EXT4: DestinationLimits = { ...UNLIMITED, fileBytes: 16 * 1024 ** 4 - 4096, links: 65_000 };
const EXFAT: DestinationLimits = { ...UNKNOWN, links: 1 };
const VFAT: DestinationLimits = { ...EXFAT, fileBytes: 4 * 1024 ** 3 - 1 };

const BY_TYPE: ReadonlyMap<string | undefined, DestinationLimits> = new Map([
  ['ext4', EXT4],
  ['ext3', { ...EXT4, fileBytes: Infinity }],
  ['xfs', UNLIMITED],
  ['btrfs', { ...UNLIMITED, links: 65_535 }],
  ['tmpfs', UNLIMITED],
  ['vfat', VFAT],
  ['msdos', VFAT],
  ['exfat', EXFAT],
]);

/** @param longestNameBytes as the file system itself says */
export function limitsOf(mount: Mount | undefined, longestNameBytes = Infinity): DestinationLimits {
  const limits = isElasticFileSystem(mount) ? EFS : (BY_TYPE.get(mount?.fileSystemType) ?? UNKNOWN);
  return { ...limits, nameBytes: Math.min(limits.nameBytes, longestNameBytes) };
}

/** How many names one file may have; where that is not known the server says it when it is asked. */
export function linkLimitOf(mount: Mount | undefined): number {
  return limitsOf(mount).links;
}
