/** Makes a stretch of an existing file read as zeros and, where possible, take no space. */
import { FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE } from './linux/constants.ts';
import { check, EINVAL, ENOSYS, EOPNOTSUPP } from './linux/system-error.ts';
import type { OpenFile } from './root.ts';

const PUNCH = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;

/**
 * For a file that is being written anew from its start: where holes cannot be punched it is cut off at
 * the hole instead, as all that follows is still to be written. NFS: no holes are punched before 4.2.
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
