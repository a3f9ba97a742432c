/** Opens a regular file for reading, never through a symbolic link, never waiting on a FIFO. */
import {
  O_CLOEXEC,
  O_NOATIME,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  POSIX_FADV_SEQUENTIAL,
} from './linux/constants.ts';
import type { Awaitable } from './linux/call-table.ts';
import { check, EPERM } from './linux/system-error.ts';
import { childPath, type OpenDirectory, type OpenFile } from './root.ts';

const READ_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

/** `keepAtime`: only the owner and root may ask for that; others read as usual. @throws SystemError */
export async function openForReading(
  directory: OpenDirectory,
  name: string,
  keepAtime = false,
): Promise<OpenFile> {
  const { linux } = directory;
  const path = childPath(directory.path, name);
  let fd = await linux.openat(directory.fd, name, READ_FLAGS | (keepAtime ? O_NOATIME : 0), 0);
  if (fd === -EPERM && keepAtime) fd = await linux.openat(directory.fd, name, READ_FLAGS, 0);
  return { linux, fd: check(fd, 'openat', path), path };
}

/**
 * The same file with a readahead of its own, or as it is where it cannot be had. PERF: whoever reads far
 * apart through one descriptor has the kernel read ahead for the one or the other.
 */
export async function reopenForReading(file: OpenFile, keepAtime = false): Promise<OpenFile> {
  const flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | (keepAtime ? O_NOATIME : 0);
  const fd = await file.linux.open(`/proc/self/fd/${file.fd}`, flags, 0);
  if (fd < 0) return file;
  await expectSequentialReads({ ...file, fd });
  return { ...file, fd };
}

/**
 * PERF: the kernel reads twice as far ahead: 2 GiB at 1 ms a round trip and 128 KiB of readahead took 3.1 s
 * instead of 3.4. It is a hint: where it does not take, reading goes on as it would.
 */
export async function expectSequentialReads(file: OpenFile): Promise<void> {
  await file.linux.posix_fadvise(file.fd, 0, 0, POSIX_FADV_SEQUENTIAL);
}

/** A file that was only read has nothing to flush: close can lose nothing. */
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
