/** Temporary files without a name: records are appended, and read back in any order. Nothing outlives the process. */
import type { ByteString, Shown } from '../model/byte-string.ts';
import { readSync, writeSync } from 'node:fs';
import { FatalError, LocationError } from '../model/run/errors.ts';
import type { Linux } from '../linux/call-table.ts';
import { AT_FDCWD, O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR, O_TMPFILE } from '../linux/constants.ts';
import { linuxCalls } from '../linux/linux.ts';
import { check, EINVAL, EISDIR, EOPNOTSUPP, SystemError } from '../linux/system-error.ts';
import { release } from '../flow/byte-pool.ts';
import { SPOOL_BUFFER_BYTES } from '../model/concurrency.ts';
import { displayName } from '../model/display-name.ts';

const PRIVATE = 0o600;

/** The caller closes it. @param directory latin1 @throws LocationError */
export async function createSpool(directory: ByteString): Promise<Spool> {
  const linux = linuxCalls('blocking');
  try {
    const fd = await linux.open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, PRIVATE);
    // Kernels and file systems without O_TMPFILE try to open the directory itself, and answer accordingly.
    const isUnsupported = fd === -EOPNOTSUPP || fd === -EISDIR || fd === -EINVAL;
    return new Spool(isUnsupported ? await createUnlinked(linux, directory) : check(fd, 'open', directory));
  } catch (error) {
    throw failure(LocationError, 'create a temporary file in', { path: directory, cause: error });
  }
}

async function createUnlinked(linux: Linux, directory: ByteString): Promise<number> {
  const path = `${directory}/.efs-sync-${crypto.randomUUID()}`;
  const fd = check(
    await linux.open(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC, PRIVATE),
    'open',
    path,
  );
  check(await linux.unlinkat(AT_FDCWD, path, 0), 'unlinkat', path);
  return fd;
}

/** The disk is local, so calls block; Node's own calls take a descriptor as it is. */
export class Spool {
  readonly #fd: number;
  /** What is not written yet: a small run writes nothing at all. */
  #buffer = Buffer.alloc(0);
  #buffered = 0;
  #writtenBytes = 0;
  #blocks: SpoolBlocks | undefined;

  constructor(fd: number) {
    this.#fd = fd;
  }

  get lengthBytes(): number {
    return this.#writtenBytes + this.#buffered;
  }

  /** Gives the offset of the bytes. @throws FatalError, for instance when the disk is full */
  append(bytes: Uint8Array): number {
    const offset = this.lengthBytes;
    if (this.#buffered + bytes.length > SPOOL_BUFFER_BYTES) this.#flush();
    if (bytes.length > SPOOL_BUFFER_BYTES) this.#write(bytes);
    else {
      if (this.#buffer.length === 0) this.#buffer = Buffer.allocUnsafeSlow(SPOOL_BUFFER_BYTES);
      this.#buffer.set(bytes, this.#buffered);
      this.#buffered += bytes.length;
    }
    return offset;
  }

  /** Appends bytes of a message, and releases them. @throws FatalError */
  take(bytes: Uint8Array): void {
    this.append(bytes);
    release(bytes);
  }

  /** Valid until the next call. @throws FatalError if it is shorter than that */
  read(offset: number, lengthBytes: number): Buffer {
    const start = offset - this.#writtenBytes;
    if (start >= 0 && start + lengthBytes <= this.#buffered) {
      return this.#buffer.subarray(start, start + lengthBytes);
    }
    if (offset + lengthBytes > this.#writtenBytes) this.#flush();
    this.#blocks ??= new SpoolBlocks(this.#fd);
    return this.#blocks.read(offset, lengthBytes);
  }

  /** As `read`, but large records without a detour. */
  readInto(bytes: Buffer, offset: number): void {
    if (offset >= this.#writtenBytes || bytes.length < BLOCK_BYTES / 2) {
      this.read(offset, bytes.length).copy(bytes);
      return;
    }
    if (offset + bytes.length > this.#writtenBytes) this.#flush();
    fill(bytes, this.#fd, offset);
  }

  /** Nobody needs the content any more, so errors are ignored. */
  async close(): Promise<void> {
    await linuxCalls('blocking').close(this.#fd);
  }

  #flush(): void {
    const bytes = this.#buffer.subarray(0, this.#buffered);
    this.#buffered = 0;
    this.#write(bytes);
  }

  #write(bytes: Uint8Array): void {
    try {
      for (let done = 0; done < bytes.length;) {
        const count = writeSync(this.#fd, bytes, done, bytes.length - done, this.#writtenBytes);
        done += count;
        this.#writtenBytes += count;
      }
    } catch (error) {
      throw fatal('write', error);
    }
  }
}

const BLOCK_BYTES = 8 * 1024;
const BLOCKS = 128;

interface Block {
  start: number;
  lengthBytes: number;
  readonly buffer: Buffer;
}

/**
 * Reads a block at a time, so that neighbours cost one call. PERF: reading a record for each of 2,000,000 hard-linked
 * names, twice, took 5 s of calls; most records were neighbours.
 */
class SpoolBlocks {
  readonly #fd: number;
  readonly #blocks: readonly Block[] = Array.from({ length: BLOCKS }, () => ({
    start: -1,
    lengthBytes: 0,
    buffer: Buffer.allocUnsafeSlow(BLOCK_BYTES),
  }));

  constructor(fd: number) {
    this.#fd = fd;
  }

  read(offset: number, lengthBytes: number): Buffer {
    const number = Math.floor(offset / BLOCK_BYTES);
    const start = number * BLOCK_BYTES;
    const block = this.#blockAt(start, number % BLOCKS);
    const within = offset - start;
    if (within + lengthBytes <= block.lengthBytes) return block.buffer.subarray(within, within + lengthBytes);
    // It crosses into the next block, or the spool has grown since.
    const bytes = Buffer.allocUnsafe(lengthBytes);
    fill(bytes, this.#fd, offset);
    return bytes;
  }

  #blockAt(start: number, slot: number): Block {
    const block = this.#blocks[slot] as Block;
    if (block.start === start) return block;
    return Object.assign(block, { start, lengthBytes: readInto(block.buffer, this.#fd, start) });
  }
}

/** @throws FatalError if the spool is shorter than that */
function fill(bytes: Buffer, fd: number, offset: number): void {
  const filled = readInto(bytes, fd, offset);
  if (filled < bytes.length) throw fatal('read', new Error(`it ends at byte ${offset + filled}`));
}

/** Gives how much it filled: less at the end of the spool. @throws FatalError */
function readInto(bytes: Buffer, fd: number, offset: number): number {
  let filled = 0;
  try {
    while (filled < bytes.length) {
      const count = readSync(fd, bytes, filled, bytes.length - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
  } catch (error) {
    throw fatal('read', error);
  }
  return filled;
}

function fatal(attempt: string, cause: unknown): FatalError {
  return failure(FatalError, attempt, { path: 'the temporary file that holds the plan', cause });
}

function failure<E>(
  Failure: new (message: Shown, detail: object) => E,
  attempt: string,
  { path, cause }: { path: ByteString; cause: unknown },
): E {
  const reason = cause instanceof SystemError ? cause.reason : (cause as Error).message;
  const { code, syscall } = cause as NodeJS.ErrnoException;
  return new Failure(`cannot ${attempt} ${displayName(path)}: ${reason}`, {
    ...(code !== undefined && { code }),
    ...(syscall !== undefined && { syscall }),
    path,
    cause,
  });
}
