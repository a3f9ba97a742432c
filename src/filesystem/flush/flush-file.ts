/** Flushes a file's content to the disk. */
import {
  SYNC_FILE_RANGE_WAIT_AFTER,
  SYNC_FILE_RANGE_WAIT_BEFORE,
  SYNC_FILE_RANGE_WRITE,
} from '../../linux/constants.ts';
import { claimedRanges } from '../data-ranges.ts';
import { check, ENOSYS } from '../../linux/system-error.ts';
import type { OpenFile } from '../root.ts';

/** Takes about a second even on a slow disk. */
const STEP_BYTES = 64 * 1024 * 1024;
const WRITE_AND_WAIT = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;

/**
 * fsync(2) of a large file cannot be interrupted and looks like a hang, so most of the content is flushed
 * before it, in steps.
 * @param onStep called between steps; an exception ends the flush
 * @throws SystemError
 */
export async function flushFile(file: OpenFile, sizeBytes: number, onStep: () => void): Promise<void> {
  if (sizeBytes > STEP_BYTES) await flushAhead(file, sizeBytes, onStep);
  check(await file.linux.fsync(file.fd), 'fsync', file.path);
}

/** Steps count data only: holes may be exabytes and take no time. */
async function flushAhead(file: OpenFile, sizeBytes: number, onStep: () => void): Promise<void> {
  let from = 0;
  let dataBytes = 0;
  for await (const { offset, end } of claimedRanges(file, sizeBytes)) {
    for (let at = offset; at < end;) {
      const stepBytes = Math.min(end - at, STEP_BYTES - dataBytes);
      at += stepBytes;
      dataBytes += stepBytes;
      if (dataBytes < STEP_BYTES) continue;
      await flushRange(file, from, at);
      onStep();
      from = at;
      dataBytes = 0;
    }
  }
  if (dataBytes > 0) await flushRange(file, from, sizeBytes);
}

async function flushRange({ linux, fd, path }: OpenFile, from: number, end: number): Promise<void> {
  const result = await linux.sync_file_range(fd, from, end - from, WRITE_AND_WAIT);
  // sync_file_range consumes a write error, and the later fsync would not report it: check it here.
  if (result !== -ENOSYS) check(result, 'sync_file_range', path);
}
