/** Opens a regular file for reading, never through a symbolic link, and never blocks on a FIFO. */
import type { ByteString } from '../model/byte-string.ts';
import {
  O_CLOEXEC,
  O_NOATIME,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  POSIX_FADV_SEQUENTIAL,
} from '../linux/constants.ts';
import type { Awaitable } from '../linux/call-table.ts';
import { check, EPERM } from '../linux/system-error.ts';
import { childPath, type OpenDirectory, type OpenFile } from './root.ts';

const READ_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

/**
 * `keepAtime` works only for the owner and root; for others the access time changes as usual. @throws
 * SystemError
 */
export async function openForReading(
  directory: OpenDirectory,
  name: ByteString,
  keepAtime = false,
): Promise<OpenFile> {
  const { linux } = directory;
  const path = childPath(directory.path, name);
  let fd = await linux.openat(directory.fd, name, READ_FLAGS | (keepAtime ? O_NOATIME : 0), 0);
  if (fd === -EPERM && keepAtime) fd = await linux.openat(directory.fd, name, READ_FLAGS, 0);
  return { linux, fd: check(fd, 'openat', path), path };
}

/**
 * Opens the file again for a readahead of its own; gives the same file if that fails. PERF: with one
 * descriptor for two distant readers, the kernel reads ahead for only one of them.
 */
export async function reopenForReading(file: OpenFile, keepAtime = false): Promise<OpenFile> {
  const same = await openSameForReading(file, keepAtime);
  if (same === undefined) return file;
  await expectSequentialReads(same);
  return same;
}

/** Undefined if it cannot be opened again. */
export async function openSameForReading(file: OpenFile, keepAtime = false): Promise<OpenFile | undefined> {
  const flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | (keepAtime ? O_NOATIME : 0);
  const fd = await file.linux.open(`/proc/self/fd/${file.fd}`, flags, 0);
  return fd < 0 ? undefined : { ...file, fd };
}

/**
 * PERF: doubles the kernel's readahead: 2 GiB at 1 ms a round trip and 128 KiB of readahead took 3.1 s
 * instead of 3.4. It is only a hint, so errors are ignored.
 */
export async function expectSequentialReads(file: OpenFile): Promise<void> {
  await file.linux.posix_fadvise(file.fd, 0, 0, POSIX_FADV_SEQUENTIAL);
}

/** A file that was only read has nothing to flush, so errors of close are ignored. */
export function closeRead(file: OpenFile): Awaitable<number> {
  return file.linux.local.close(file.fd);
}

export async function withFile<T>(file: OpenFile, use: (file: OpenFile) => Promise<T>): Promise<T> {
  try {
    return await use(file);
  } finally {
    await closeRead(file);
  }
}
