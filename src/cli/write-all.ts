/** Writes on a thread of the pool: what hangs there holds up no signal, and no run. */
import { write as writeWithCallback } from 'node:fs';
import { promisify } from 'node:util';

const write = promisify(writeWithCallback);

/** Goes on after a short write. @throws ErrnoException */
export async function writeAll(descriptor: number, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await write(descriptor, bytes, written, bytes.length - written)).bytesWritten;
  }
}
