/** Reads and writes whole blocks at an offset: continues after short counts and repeats interrupted calls. */
import { check, checkFile, EAGAIN, EINTR, EIO } from '../linux/system-error.ts';
import type { OpenFile } from './root.ts';

/** After this many EINTR or EAGAIN in a row the caller gets the error, and waits before it retries. */
const MOST_INTERRUPTIONS = 16;

/**
 * Fills the buffer, or as much of it as the file holds, and gives the count. PERF: a short read that ends
 * exactly at `expectedEnd` counts as the end of the file, which saves one round trip per file.
 */
export async function readBlock(
  file: OpenFile,
  buffer: Buffer,
  offset: number,
  expectedEnd = Infinity,
): Promise<number> {
  let filled = 0;
  for (let interruptions = 0; ;) {
    const space = filled === 0 ? buffer : buffer.subarray(filled);
    const result = await file.linux.pread(file.fd, space, space.length, offset + filled);
    if (isInterrupted(result, interruptions)) {
      interruptions++;
      continue;
    }
    filled += checkFile(result, 'pread', file);
    if (result === 0 || filled === buffer.length || offset + filled === expectedEnd) return filled;
  }
}

export async function writeBlock(file: OpenFile, bytes: Buffer, offset: number): Promise<void> {
  for (let written = 0, interruptions = 0; written < bytes.length;) {
    const rest = written === 0 ? bytes : bytes.subarray(written);
    const result = await file.linux.pwrite(file.fd, rest, rest.length, offset + written);
    if (isInterrupted(result, interruptions)) {
      interruptions++;
      continue;
    }
    // A write of 0 bytes without an error is never normal for a regular file, and repeating it could loop
    // without end.
    written += check(result === 0 ? -EIO : result, 'pwrite', file.path);
  }
}

function isInterrupted(result: number, before: number): boolean {
  return (result === -EINTR || result === -EAGAIN) && before < MOST_INTERRUPTIONS;
}
