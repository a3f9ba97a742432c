/** What statfs(2) tells of the file system that something open is on. */
import type { Linux } from './linux/call-table.ts';

export interface FileSystemState {
  /** Undefined: it does not say. */
  readonly longestNameBytes: number | undefined;
  /** For those who are not root: file systems keep some for root alone. */
  readonly availableBytes: number;
  /** Undefined: it has no table of inodes that could be full. */
  readonly freeInodes: number | undefined;
}

/** Words of struct statfs of 64-bit Linux. */
const STATFS_BYTES = 120;
const Word = { blockBytes: 1, availableBlocks: 4, inodes: 5, freeInodes: 6, nameBytes: 8 } as const;

/** Undefined: it cannot be asked. */
export async function readFileSystemState(at: {
  readonly linux: Pick<Linux, 'statfs'>;
  readonly fd: number;
}): Promise<FileSystemState | undefined> {
  const buffer = Buffer.alloc(STATFS_BYTES);
  if ((await at.linux.statfs(`/proc/self/fd/${at.fd}`, buffer)) < 0) return undefined;
  const word = (index: number) => Number(buffer.readBigInt64LE(index * 8));
  const nameBytes = word(Word.nameBytes);
  return {
    longestNameBytes: nameBytes > 0 ? nameBytes : undefined,
    availableBytes: word(Word.availableBlocks) * word(Word.blockBytes),
    freeInodes: word(Word.inodes) > 0 ? word(Word.freeInodes) : undefined,
  };
}
