/** Reads statfs(2) for the file system of an open file or directory. */
import type { ByteString } from '../model/byte-string.ts';
import type { Linux } from '../linux/call-table.ts';

export interface FileSystemState {
  /** Its magic number: statfs(2). */
  readonly type: number;
  /** Undefined if the file system does not say. */
  readonly longestNameBytes: number | undefined;
  /** Available to users other than root: some file systems reserve space for root. */
  readonly availableBytes: number;
  /** Undefined if the file system has no fixed number of inodes. */
  readonly freeInodes: number | undefined;
}

/** Words of struct statfs of 64-bit Linux. */
const STATFS_BYTES = 120;
const Word = { type: 0, blockBytes: 1, availableBlocks: 4, inodes: 5, freeInodes: 6, nameBytes: 8 } as const;

/** Undefined if statfs fails. */
export async function readFileSystemState(at: {
  readonly linux: Pick<Linux, 'statfs'>;
  readonly fd: number;
}): Promise<FileSystemState | undefined> {
  return readFileSystemStateAt(at.linux, `/proc/self/fd/${at.fd}`);
}

/** Undefined if statfs fails. */
export async function readFileSystemStateAt(
  linux: Pick<Linux, 'statfs'>,
  path: ByteString,
): Promise<FileSystemState | undefined> {
  const buffer = Buffer.alloc(STATFS_BYTES);
  if ((await linux.statfs(path, buffer)) < 0) return undefined;
  const word = (index: number) => Number(buffer.readBigInt64LE(index * 8));
  const nameBytes = word(Word.nameBytes);
  return {
    type: word(Word.type),
    longestNameBytes: nameBytes > 0 ? nameBytes : undefined,
    availableBytes: word(Word.availableBlocks) * word(Word.blockBytes),
    freeInodes: word(Word.inodes) > 0 ? word(Word.freeInodes) : undefined,
  };
}
