/** Temporary files without a name: records are appended, then read back; nothing outlives the process. */
import { fstatSync, readSync, writeSync } from 'node:fs';
import { FatalError, LocationError } from '../errors.ts';
import type { Linux } from './linux/call-table.ts';
import { AT_FDCWD, O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR, O_TMPFILE } from './linux/constants.ts';
import { linuxCalls } from './linux/linux.ts';
import { check, EINVAL, EISDIR, EOPNOTSUPP, SystemError } from './linux/system-error.ts';
import { displayName } from '../model/display-name.ts';

const WRITE_SIZE_BYTES = 256 * 1024;
const PRIVATE = 0o600;

/** Gives the descriptor; it is the caller's to close. @param directory latin1 @throws LocationError */
export async function createSpool(directory: string): Promise<number> {
  const linux = linuxCalls('blocking');
  try {
    const fd = await linux.open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, PRIVATE);
    // Kernels and file systems without O_TMPFILE answer as if the directory was to be opened.
    const isUnsupported = fd === -EOPNOTSUPP || fd === -EISDIR || fd === -EINVAL;
    return isUnsupported ? await createUnlinked(linux, directory) : check(fd, 'open', directory);
  } catch (error) {
    throw failure(LocationError, 'create a temporary file in', { path: directory, cause: error });
  }
}

async function createUnlinked(linux: Linux, directory: string): Promise<number> {
  const path = `${directory}/.efs-sync-${crypto.randomUUID()}`;
  const fd = check(
    await linux.open(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC, PRIVATE),
    'open',
    path,
  );
  check(await linux.unlinkat(AT_FDCWD, path, 0), 'unlinkat', path);
  return fd;
}

/** Appends through a buffer. The disk is local, so calls block; Node's own take a descriptor exactly. */
export class SpoolWriter {
  readonly #fd: number;
  readonly #buffer = Buffer.allocUnsafeSlow(WRITE_SIZE_BYTES);
  #buffered = 0;
  #writtenBytes: number;

  /** @param startBytes what the spool holds already */
  constructor(fd: number, startBytes = 0) {
    this.#fd = fd;
    this.#writtenBytes = startBytes;
  }

  get lengthBytes(): number {
    return this.#writtenBytes + this.#buffered;
  }

  /** Gives the offset at which the bytes will be found. @throws FatalError, for one when the disk is full */
  append(bytes: Uint8Array): number {
    const offset = this.lengthBytes;
    if (this.#buffered + bytes.length > WRITE_SIZE_BYTES) this.flush();
    if (bytes.length > WRITE_SIZE_BYTES) this.#write(bytes);
    else {
      this.#buffer.set(bytes, this.#buffered);
      this.#buffered += bytes.length;
    }
    return offset;
  }

  /** What was appended can be read from now on. */
  flush(): void {
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
      throw fatal('write', 'the temporary file that holds the plan', error);
    }
  }
}

/** Nobody needs what it holds any more: that it could not be written would change nothing. */
export async function closeSpool(fd: number): Promise<void> {
  await linuxCalls('blocking').close(fd);
}

/** Bytes flushed into it so far. @throws FatalError */
export function spoolLength(fd: number): number {
  try {
    return fstatSync(fd).size;
  } catch (error) {
    throw fatal('look at', 'the temporary file that holds the plan', error);
  }
}

/** @throws FatalError where the spool does not hold so much */
export function readSpool(fd: number, offset: number, lengthBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(lengthBytes);
  readSpoolInto(bytes, fd, offset);
  return bytes;
}

/** Fills `bytes`. @throws FatalError where the spool does not hold so much */
export function readSpoolInto(bytes: Buffer, fd: number, offset: number): void {
  const { length } = bytes;
  try {
    for (let filled = 0; filled < length;) {
      const count = readSync(fd, bytes, filled, length - filled, offset + filled);
      if (count === 0) throw new Error(`it ends at byte ${offset + filled}`);
      filled += count;
    }
  } catch (error) {
    throw fatal('read', 'the temporary file that holds the plan', error);
  }
}

function fatal(attempt: string, path: string, cause: unknown): FatalError {
  return failure(FatalError, attempt, { path, cause });
}

function failure<E>(
  Failure: new (message: string, detail: object) => E,
  attempt: string,
  { path, cause }: { path: string; cause: unknown },
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
