/** Reads files that the operator named, on threads of the pool: what hangs there holds up no signal. */
import { close as closeWithCallback, read as readWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import { within, type Patience } from './patience.ts';

const [closeFile, readFile] = [promisify(closeWithCallback), promisify(readWithCallback)];

const PART_SIZE_BYTES = 1024 * 1024;

export interface Reading {
  readonly patience: Patience;
  /** What is read, as messages say it. */
  readonly shown: string;
  /** It is read until there is more; a device may have no end. */
  readonly mostBytes?: number;
}

/** @param file undefined: standard input. @throws Error, Interrupted, TimedOut */
export async function readParts(file: string | undefined, reading: Reading): Promise<Buffer[]> {
  const { patience, shown, mostBytes = Infinity } = reading;
  const descriptor = file === undefined ? 0 : await within(patience, shown, openAny(file));
  const parts: Buffer[] = [];
  for (let sizeBytes = 0; sizeBytes <= mostBytes;) {
    const part = await within(patience, shown, readPart(descriptor));
    if (part.length === 0) break;
    parts.push(part);
    sizeBytes += part.length;
  }
  // Not where reading failed: to close what hangs may hang as well.
  if (file !== undefined) await closeFile(descriptor);
  return parts;
}

async function openAny(file: string): Promise<number> {
  const { openInput } = await import('../sync.ts');
  return openInput(file, 'any');
}

/** All of a regular file that is open. @throws Error */
export async function readOpenFile(descriptor: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let part = await readPart(descriptor); part.length > 0; part = await readPart(descriptor)) {
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** @throws Error where it cannot be opened, or is no regular file */
export async function withRegularFile<T>(file: string, use: (descriptor: number) => Promise<T>): Promise<T> {
  const { openInput } = await import('../sync.ts');
  const descriptor = await openInput(file, 'regular');
  try {
    return await use(descriptor);
  } finally {
    await closeFile(descriptor);
  }
}

/** Empty: there is nothing more. */
async function readPart(descriptor: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(PART_SIZE_BYTES);
  const { bytesRead } = await readFile(descriptor, buffer, 0, buffer.length, null);
  const part = buffer.subarray(0, bytesRead);
  // A pipe gives little at once: the rest of the memory is let go of.
  return bytesRead === buffer.length ? part : Buffer.from(part);
}
