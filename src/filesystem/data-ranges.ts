/** Where a file holds data, and where holes: SEEK_DATA and SEEK_HOLE. */
import { SEEK_DATA, SEEK_END, SEEK_HOLE } from './linux/constants.ts';
import { checkFile, EINVAL, ENXIO, EOPNOTSUPP } from './linux/system-error.ts';
import type { OpenFile } from './root.ts';

export interface DataRange {
  readonly offset: number;
  /** First byte after it. */
  readonly end: number;
}

/** Size of the blocks that statx counts. */
const STAT_BLOCK_SIZE_BYTES = 512;

/** Fewer blocks than the size needs: holes, or compression, or data held in the inode. */
export function mayHaveHoles(entry: { readonly sizeBytes: number; readonly blocks: number }): boolean {
  return entry.blocks * STAT_BLOCK_SIZE_BYTES < entry.sizeBytes;
}

/** Data before `limit`, ascending. All of it where the file system cannot tell. NFS: cannot before 4.2. */
export async function* dataRanges(file: OpenFile, limit: number, start = 0): AsyncGenerator<DataRange, void> {
  for (let position = start; position < limit;) {
    const offset = await file.linux.lseek(file.fd, position, SEEK_DATA);
    if (offset === -ENXIO || offset >= limit) return;
    if (offset === -EINVAL || offset === -EOPNOTSUPP) {
      yield { offset: position, end: limit };
      return;
    }
    checkFile(offset, 'lseek', file);
    const hole = await file.linux.lseek(file.fd, offset, SEEK_HOLE);
    // Cut short since: the reader will find its end.
    const end = hole === -ENXIO ? limit : Math.min(limit, checkFile(hole, 'lseek', file));
    yield { offset, end };
    position = end;
  }
}

/** All data, though it has too few blocks: a file system that cannot tell, or one that compresses. */
export function isAllData(first: IteratorResult<DataRange, void> | undefined, sizeBytes: number): boolean {
  return first?.done === false && first.value.offset === 0 && first.value.end === sizeBytes;
}

/** The file's size now, as the client knows it. */
export async function endOf(file: OpenFile): Promise<number> {
  return checkFile(await file.linux.lseek(file.fd, 0, SEEK_END), 'lseek', file);
}
