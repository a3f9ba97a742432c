/** Reads and writes whole blocks at an offset: short counts are continued, interrupted calls repeated. */
import type { Awaitable } from './linux/call-table.ts';
import { check, EAGAIN, EINTR, EIO } from './linux/system-error.ts';
import type { OpenFile } from './root.ts';

/** EAGAIN that lasts longer than this goes to the caller, who waits before trying again. */
const AGAIN_TRIES = 16;

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
  do {
    const space = filled === 0 ? buffer : buffer.subarray(filled);
    const result = await repeat(() => file.linux.pread(file.fd, space, space.length, offset + filled));
    const count = check(result, 'pread', file.path);
    if (count === 0) break;
    filled += count;
  } while (filled < buffer.length && offset + filled !== expectedEnd);
  return filled;
}

export async function writeBlock(file: OpenFile, bytes: Buffer, offset: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const rest = written === 0 ? bytes : bytes.subarray(written);
    const result = await repeat(() => file.linux.pwrite(file.fd, rest, rest.length, offset + written));
    // No regular file takes nothing without an error; going on would never end.
    written += check(result === 0 ? -EIO : result, 'pwrite', file.path);
  }
}

async function repeat(call: () => Awaitable<number>): Promise<number> {
  let result = await call();
  for (let tries = 1; result === -EINTR || (result === -EAGAIN && tries < AGAIN_TRIES); tries++) {
    result = await call();
  }
  return result;
}
