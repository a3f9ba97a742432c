/** Reads and writes files that the operator named, on pool threads: a call that hangs must not delay signals. */
import type { ByteString } from '../../model/byte-string.ts';
import { close as closeWithCallback, read as readWithCallback, write as writeWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import { type Patience, within } from '../../flow/patience.ts';

const [closeFile, readFile, write] = [
  promisify(closeWithCallback),
  promisify(readWithCallback),
  promisify(writeWithCallback),
];

const PART_SIZE_BYTES = 1024 * 1024;

export interface Reading {
  readonly patience: Patience;
  /** The input's name in messages. */
  readonly shown: string;
  /** Reading stops past this: a device may never end. */
  readonly mostBytes?: number;
}

/** @param file undefined: standard input. @throws Error, Interrupted, TimedOut */
export async function readParts(file: ByteString | undefined, reading: Reading): Promise<Buffer[]> {
  const { patience, shown, mostBytes = Infinity } = reading;
  const descriptor = file === undefined ? 0 : await within(patience, shown, openAny(file));
  const parts: Buffer[] = [];
  for (let sizeBytes = 0; sizeBytes <= mostBytes;) {
    const part = await within(patience, shown, readPart(descriptor));
    if (part.length === 0) break;
    parts.push(part);
    sizeBytes += part.length;
  }
  // Not after a failed read: closing a stuck file may hang as well.
  if (file !== undefined) await closeFile(descriptor);
  return parts;
}

/** Reads all of an open regular file. @throws Error */
export async function readOpenFile(descriptor: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let part = await readPart(descriptor); part.length > 0; part = await readPart(descriptor)) {
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** @throws Error if it cannot be opened or is no regular file */
export async function withRegularFile<T>(
  file: ByteString,
  use: (descriptor: number) => Promise<T>,
): Promise<T> {
  const { openInput } = await import('./operator-file.ts');
  const descriptor = await openInput(file, 'regular');
  try {
    return await use(descriptor);
  } finally {
    await closeFile(descriptor);
  }
}

/** Writes all of it, also after a short write. @throws ErrnoException */
export async function writeAll(descriptor: number, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await write(descriptor, bytes, written, bytes.length - written)).bytesWritten;
  }
}

async function openAny(file: ByteString): Promise<number> {
  const { openInput } = await import('./operator-file.ts');
  return openInput(file, 'any');
}

/** Empty at the end of the file. */
async function readPart(descriptor: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(PART_SIZE_BYTES);
  const { bytesRead } = await readFile(descriptor, buffer, 0, buffer.length, null);
  const part = buffer.subarray(0, bytesRead);
  // A pipe gives little at once: copy it, to free the rest of the buffer.
  return bytesRead === buffer.length ? part : Buffer.from(part);
}
