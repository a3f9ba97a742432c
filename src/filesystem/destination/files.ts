/**
 * Opens the destination's files for writing, and marks, cuts and closes them. Their content is copied
 * elsewhere.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } from '../../linux/constants.ts';
import type { Awaitable } from '../../linux/call-table.ts';
import {
  EACCES,
  check,
  EINVAL,
  EISDIR,
  ELOOP,
  ENOENT,
  ENXIO,
  EOPNOTSUPP,
  EPERM,
  EEXIST,
} from '../../linux/system-error.ts';
import type { Timestamp } from '../../model/entry.ts';
import type { NameIn, OpenFile } from '../root.ts';
import { takeTimespecs, releaseTimespecs } from '../../linux/times.ts';

const WRITING = O_WRONLY | O_NOFOLLOW | O_CLOEXEC;

/** Undefined if the name is taken. @param path for error messages @throws SystemError */
export async function createFile(at: NameIn, mode: number, path: ByteString): Promise<OpenFile | undefined> {
  const fd = await open(at, WRITING | O_CREAT | O_EXCL, mode);
  return fd === -EEXIST ? undefined : written(at, fd, path);
}

/** Undefined if nothing has that name. Opens whatever has the name, without blocking. @throws SystemError */
export async function openExisting(at: NameIn, path: ByteString): Promise<OpenFile | undefined> {
  const fd = await open(at, WRITING | O_NONBLOCK, 0);
  return fd === -ENOENT ? undefined : written(at, fd, path);
}

/** A symbolic link, a FIFO or socket, a directory, or a file that this user may not write. */
const NOT_WRITABLE: ReadonlySet<number> = new Set([-ELOOP, -ENXIO, -EISDIR, -EACCES, -EPERM]);

/**
 * Undefined if the entry of that name must not be written to. @param mode of a new file @throws SystemError
 */
export async function openOrCreate(
  at: NameIn,
  mode: number,
  path: ByteString,
): Promise<OpenFile | undefined> {
  const fd = await open(at, WRITING | O_NONBLOCK | O_CREAT, mode);
  return NOT_WRITABLE.has(fd) ? undefined : written(at, fd, path);
}

function open({ directory, name }: NameIn, flags: number, mode: number): Awaitable<number> {
  return directory.linux.openat(directory.fd, name, flags, mode);
}

function written({ directory: { linux } }: NameIn, fd: number, path: ByteString): OpenFile {
  return { linux, fd: check(fd, 'openat', path), path, side: 'destination' };
}

/** NFS: errors of earlier writes appear here. @throws SystemError */
export async function closeWritten({ linux, fd, path }: OpenFile): Promise<void> {
  check(await linux.close(fd), 'close', path);
}

/**
 * For use after a failure that is already reported. False: earlier writes were lost, which nobody has
 * reported yet.
 */
export async function closeFailed({ linux, fd }: OpenFile): Promise<boolean> {
  return (await linux.close(fd)) === 0;
}

/** @throws SystemError */
export async function cutTo({ linux, fd, path }: OpenFile, sizeBytes: number): Promise<void> {
  check(await linux.ftruncate(fd, sizeBytes), 'ftruncate', path);
}

/** False: the file system cannot store the mode, or somebody else owns the file. @throws SystemError */
export async function tryMode({ linux, fd, path }: OpenFile, mode: number): Promise<boolean> {
  const result = await linux.fchmod(fd, mode);
  if (result === -EPERM || result === -EOPNOTSUPP || result === -EINVAL) return false;
  check(result, 'fchmod', path);
  return true;
}

/** @throws SystemError */
export async function flushToDisk({ linux, fd, path }: OpenFile): Promise<void> {
  check(await linux.fsync(fd), 'fsync', path);
}

/** False if the time could not be set. */
export async function tryMtime({ linux, fd }: OpenFile, mtime: Timestamp): Promise<boolean> {
  const times = takeTimespecs(undefined, mtime);
  const result = await linux.futimens(fd, times);
  releaseTimespecs(times);
  return result === 0;
}
