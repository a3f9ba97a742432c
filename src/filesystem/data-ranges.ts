/**
 * Finds where a file, or either of two, holds data and where holes: SEEK_DATA and SEEK_HOLE, if the file system
 * can be trusted.
 */
import { KNOWN_FILE_SYSTEMS } from '../model/file-systems.ts';
import { readFileSystemState } from './file-system-state.ts';
import { SEEK_DATA, SEEK_END, SEEK_HOLE } from '../linux/constants.ts';
import { checkFile, EINVAL, ENXIO, EOPNOTSUPP } from '../linux/system-error.ts';
import type { OpenFile } from './root.ts';

export interface DataRange {
  readonly offset: number;
  /** Offset of the first byte after it. */
  readonly end: number;
}

/** The block size that statx counts in. */
const STAT_BLOCK_SIZE_BYTES = 512;

/** Fewer blocks than the size needs: the file has holes, or is compressed, or its data lies in the inode. */
export function mayHaveHoles(entry: { readonly sizeBytes: number; readonly blocks: number }): boolean {
  return entry.blocks * STAT_BLOCK_SIZE_BYTES < entry.sizeBytes;
}

type Ranges = AsyncGenerator<DataRange, void>;

/**
 * Yields data ranges before `limit`, ascending; the rest reads as zeros. If the file system cannot tell, or
 * may report data as a hole, everything counts as data. PERF: one more call for a file that reports a hole.
 */
export async function* dataRanges(file: OpenFile, limit: number, start = 0): Ranges {
  const whole = { offset: start, end: limit };
  let isFirst = true;
  for await (const range of claimedRanges(file, limit, start)) {
    const isWhole = range.offset === start && range.end === limit;
    if (isFirst && !isWhole && !(await tellsHolesTruly(file))) {
      yield whole;
      return;
    }
    isFirst = false;
    yield range;
  }
  if (isFirst && start < limit && !(await tellsHolesTruly(file))) yield whole;
}

const TRUTHFUL_MAGICS: ReadonlySet<number> = new Set(
  KNOWN_FILE_SYSTEMS.flatMap(({ truthfulHolesMagic }) => truthfulHolesMagic ?? []),
);

/** Asks statfs(2), as the open file may be on any mount below the root. False if statfs fails. */
async function tellsHolesTruly(file: OpenFile): Promise<boolean> {
  const state = await readFileSystemState(file);
  return state !== undefined && TRUTHFUL_MAGICS.has(state.type);
}

/**
 * As `dataRanges`, but trusts the file system: only for callers that a false hole does not harm. NFS: there
 * are no holes before 4.2.
 */
export async function* claimedRanges(file: OpenFile, limit: number, start = 0): Ranges {
  for (let position = start; position < limit;) {
    const offset = await file.linux.lseek(file.fd, position, SEEK_DATA);
    if (offset === -ENXIO || offset >= limit) return;
    if (offset === -EINVAL || offset === -EOPNOTSUPP) {
      yield { offset: position, end: limit };
      return;
    }
    checkFile(offset, 'lseek', file);
    const hole = await file.linux.lseek(file.fd, offset, SEEK_HOLE);
    // The file was truncated meanwhile: the reader will find its end.
    const end = hole === -ENXIO ? limit : Math.min(limit, checkFile(hole, 'lseek', file));
    yield { offset, end };
    position = end;
  }
}

/** All of it is data, though it has too few blocks: the file system cannot tell holes, or compresses. */
export function isAllData(first: IteratorResult<DataRange, void> | undefined, sizeBytes: number): boolean {
  return first?.done === false && first.value.offset === 0 && first.value.end === sizeBytes;
}

/** The file's size now, as the client knows it. */
export async function endOf(file: OpenFile): Promise<number> {
  return checkFile(await file.linux.lseek(file.fd, 0, SEEK_END), 'lseek', file);
}

/** Shorter holes are read: skipping them costs as much. */
const MIN_SHARED_HOLE_SIZE_BYTES = 1024 * 1024;

/**
 * Which ranges of two files to read, in order: everything but long holes that both are known to have. The
 * first may be empty; the last ends where `within` ends.
 */
export async function* rangesOfEither(first: OpenFile, second: OpenFile, within: DataRange): Ranges {
  const { offset: start } = within;
  const end = Math.min(within.end, await endOf(first), await endOf(second));
  let pending: DataRange = { offset: start, end: start };
  for await (const range of inOrder(dataRanges(first, end, start), dataRanges(second, end, start))) {
    if (range.offset - pending.end < MIN_SHARED_HOLE_SIZE_BYTES) {
      pending = { offset: pending.offset, end: Math.max(pending.end, range.end) };
    } else {
      yield pending;
      pending = range;
    }
  }
  // Reads to the end of `within`, in case one file is longer or grows.
  if (end - pending.end < MIN_SHARED_HOLE_SIZE_BYTES) yield { offset: pending.offset, end: within.end };
  else {
    yield pending;
    yield { offset: end, end: within.end };
  }
}

/** Merges both sequences by offset. */
async function* inOrder(first: Ranges, second: Ranges): Ranges {
  let [a, b] = [await first.next(), await second.next()];
  while (a.done !== true || b.done !== true) {
    if (b.done === true || (a.done !== true && a.value.offset <= b.value.offset)) {
      yield a.value as DataRange;
      a = await first.next();
    } else {
      yield b.value;
      b = await second.next();
    }
  }
}
