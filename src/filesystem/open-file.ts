/** Opens a regular file for reading, never through a symbolic link, never waiting on a FIFO. */
import { O_CLOEXEC, O_NOATIME, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from './linux/constants.ts';
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
