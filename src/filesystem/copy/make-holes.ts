/** Makes holes in a copy, and finds the zeros that can become holes. */
import { FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE } from '../../linux/constants.ts';
import { check, EINVAL, ENOSYS, EOPNOTSUPP } from '../../linux/system-error.ts';
import type { OpenFile } from '../root.ts';

const PUNCH = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;

/**
 * Makes a range of an existing file read as zeros and, if possible, take no space. Only for a file that is
 * rewritten from its start: without hole punching it is cut at the hole, as everything after it is still to
 * be written. NFS: no holes are punched before 4.2.
 */
export async function clearRange(file: OpenFile, offset: number, end: number): Promise<void> {
  if (end <= offset) return;
  const result = await file.linux.fallocate(file.fd, PUNCH, offset, end - offset);
  if (result === -EOPNOTSUPP || result === -ENOSYS || result === -EINVAL) await truncate(file, offset);
  else check(result, 'fallocate', file.path);
}

export async function truncate(file: OpenFile, sizeBytes: number): Promise<void> {
  check(await file.linux.ftruncate(file.fd, sizeBytes), 'ftruncate', file.path);
}

interface Run {
  readonly start: number;
  readonly end: number;
  readonly isZero: boolean;
}

/** The smallest hole on most file systems. */
const UNIT_SIZE_BYTES = 4096;
const zeros = Buffer.alloc(UNIT_SIZE_BYTES);

/** Cuts the block into runs of zero units and of other units, in order. */
export function* zeroRuns(block: Buffer): Generator<Run, void> {
  for (let start = 0; start < block.length;) {
    const isZero = isZeroUnit(block, start);
    let end = start;
    do end = Math.min(end + UNIT_SIZE_BYTES, block.length);
    while (end < block.length && isZeroUnit(block, end) === isZero);
    yield { start, end, isZero };
    start = end;
  }
}

function isZeroUnit(block: Buffer, start: number): boolean {
  const end = Math.min(start + UNIT_SIZE_BYTES, block.length);
  return block.compare(zeros, 0, end - start, start, end) === 0;
}
