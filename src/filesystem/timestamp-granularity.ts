/** How finely a file system keeps timestamps. */
import type { Entry } from '../model/entry.ts';

const SECOND_NS = 1_000_000_000;

/** Those whose format is known to be coarse; ext2 and ext3 are when made with inodes of 128 bytes. */
const GRANULARITY_NS: Readonly<Record<string, number>> = {
  vfat: 2 * SECOND_NS,
  msdos: 2 * SECOND_NS,
  exfat: 10_000_000,
  ext2: SECOND_NS,
  ext3: SECOND_NS,
  hfs: SECOND_NS,
  hfsplus: SECOND_NS,
  minix: SECOND_NS,
  reiserfs: SECOND_NS,
  udf: 1_000,
  ntfs: 100,
  ntfs3: 100,
  cifs: 100,
  smb3: 100,
};

/** Nanoseconds; 1 where nothing coarser is known, or where the root directory itself shows finer ones. */
export function timestampGranularityOf(fileSystemType: string | undefined, root: Entry): number {
  const granularityNs = GRANULARITY_NS[fileSystemType ?? ''] ?? 1;
  const isFiner = [root.mtimeNsec, root.ctimeNsec, root.atimeNsec].some((nsec) => nsec % granularityNs !== 0);
  return isFiner ? 1 : granularityNs;
}
