/** Reads and writes whole blocks at an offset: short counts are continued, interrupted calls repeated. */
import { check, checkFile, EAGAIN, EINTR, EIO } from './linux/system-error.ts';
import type { OpenFile } from './root.ts';

/** EINTR or EAGAIN that lasts longer than this goes to the caller, who waits before trying again. */
const MOST_INTERRUPTIONS = 16;

/**
 * Fills the buffer, or as much of it as the file holds, and gives the count. A short read that ends
 * exactly at `expectedEnd` is taken for the end of the file: one round trip less a file.
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
    // No regular file takes nothing without an error; going on would never end.
    written += check(result === 0 ? -EIO : result, 'pwrite', file.path);
  }
}

function isInterrupted(result: number, before: number): boolean {
  return (result === -EINTR || result === -EAGAIN) && before < MOST_INTERRUPTIONS;
}
