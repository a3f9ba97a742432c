/** Brings a file's content to the disk. */
import {
  SYNC_FILE_RANGE_WAIT_AFTER,
  SYNC_FILE_RANGE_WAIT_BEFORE,
  SYNC_FILE_RANGE_WRITE,
} from './linux/constants.ts';
import { check, ENOSYS } from './linux/system-error.ts';
import type { OpenFile } from './root.ts';

/** So much takes about a second even on a slow disk. */
const STEP_BYTES = 64 * 1024 * 1024;
const WRITE_AND_WAIT = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;

/**
 * fsync(2) of a large file cannot be ended while it lasts, and looks like a hang: most of the content goes ahead of
 * it, in steps. @param onStep called between them; what it throws ends it @throws SystemError
 */
export async function flushFile(file: OpenFile, sizeBytes: number, onStep: () => void): Promise<void> {
  const { linux, fd, path } = file;
  for (let offset = 0; offset + STEP_BYTES < sizeBytes; offset += STEP_BYTES) {
    const result = await linux.sync_file_range(fd, offset, STEP_BYTES, WRITE_AND_WAIT);
    // It takes an error away from the fsync that follows.
    if (result === -ENOSYS) break;
    check(result, 'sync_file_range', path);
    onStep();
  }
  check(await linux.fsync(fd), 'fsync', path);
}
