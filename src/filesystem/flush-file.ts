/** Brings a file's content to the disk. */
import {
  SYNC_FILE_RANGE_WAIT_AFTER,
  SYNC_FILE_RANGE_WAIT_BEFORE,
  SYNC_FILE_RANGE_WRITE,
} from './linux/constants.ts';
import { dataRanges } from './data-ranges.ts';
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
  if (sizeBytes > STEP_BYTES) await flushAhead(file, sizeBytes, onStep);
  check(await file.linux.fsync(file.fd), 'fsync', file.path);
}

/** In steps of so much data: holes, which may be exabytes, take none. */
async function flushAhead(file: OpenFile, sizeBytes: number, onStep: () => void): Promise<void> {
  let from = 0;
  let dataBytes = 0;
  for await (const { offset, end } of dataRanges(file, sizeBytes)) {
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
  // What it finds is taken away from the fsync that follows.
  if (result !== -ENOSYS) check(result, 'sync_file_range', path);
}
