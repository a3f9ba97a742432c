/**
 * Opens a directory below a root without following symbolic links and without leaving the root, however long
 * the path: with openat2(2), or component by component on kernels without it.
 */
import type { ByteString } from '../model/byte-string.ts';
import type { Linux } from '../linux/call-table.ts';
import {
  O_CLOEXEC,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_RDONLY,
  PATH_MAX,
  RESOLVE_BENEATH,
  RESOLVE_NO_MAGICLINKS,
  RESOLVE_NO_SYMLINKS,
} from '../linux/constants.ts';
import { check, EAGAIN, ENAMETOOLONG, ENOSYS, EPERM, EXDEV, SystemError } from '../linux/system-error.ts';
import type { OpenDirectory, Root } from './root.ts';

const OPEN_DIRECTORY_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
/** openat2 returns EAGAIN after a concurrent rename of a parent; the kernel advises to try again. */
const RENAME_RACE_TRIES = 16;

/** struct open_how: flags, mode, resolve. */
const openHow = Buffer.alloc(24);
openHow.writeBigUInt64LE(BigInt(OPEN_DIRECTORY_FLAGS), 0);
openHow.writeBigUInt64LE(BigInt(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS), 16);

let openat2Missing = false;

/** The caller closes it with `closeDirectory`. @throws SystemError */
export async function openDirectory(root: Root, path: ByteString): Promise<OpenDirectory> {
  const { linux } = root;
  let fd = root.fd;
  for (const piece of path === '' ? ['.'] : shortPieces(path)) {
    const opened = await openBeneath(linux, fd, piece);
    if (fd !== root.fd) await closeQuietly(linux, fd);
    fd = check(opened, 'openat2', path);
  }
  return { linux, fd, path };
}

/** Ignores errors of close: the calls that changed names have reported theirs. */
export async function closeDirectory(directory: OpenDirectory): Promise<void> {
  await directory.linux.local.close(directory.fd);
}

/** Keeps the directory open while `use` runs. @throws SystemError */
export async function withDirectory<T>(
  root: Root,
  path: ByteString,
  use: (directory: OpenDirectory) => Promise<T>,
): Promise<T> {
  const directory = await openDirectory(root, path);
  try {
    return await use(directory);
  } finally {
    await closeDirectory(directory);
  }
}

/** Cuts at slashes so that each piece fits into one system call. */
function shortPieces(path: ByteString): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (path.length - start >= PATH_MAX) {
    const end = path.lastIndexOf('/', start + PATH_MAX - 2);
    if (end <= start) throw new SystemError(-ENAMETOOLONG, 'openat2', path);
    pieces.push(path.slice(start, end));
    start = end + 1;
  }
  pieces.push(path.slice(start));
  return pieces;
}

async function openBeneath(linux: Linux, directoryFd: number, path: ByteString): Promise<number> {
  for (let tries = 1; !openat2Missing; tries++) {
    const fd = await linux.openat2(directoryFd, path, openHow, openHow.length);
    // Seccomp profiles older than openat2 answer EPERM. Opening the root itself tells that from a denied
    // path.
    if (fd === -ENOSYS || (fd === -EPERM && (await isOpenat2Forbidden(linux, directoryFd))))
      openat2Missing = true;
    else if (fd !== -EAGAIN || tries === RENAME_RACE_TRIES) return fd;
  }
  return openEachComponent(linux, directoryFd, path);
}

async function isOpenat2Forbidden(linux: Linux, directoryFd: number): Promise<boolean> {
  const fd = await linux.openat2(directoryFd, '.', openHow, openHow.length);
  if (fd >= 0) await closeQuietly(linux, fd);
  return fd === -EPERM;
}

async function openEachComponent(linux: Linux, directoryFd: number, path: ByteString): Promise<number> {
  let fd = directoryFd;
  for (const name of path.split('/')) {
    // No listing contains `..`; refuse it as openat2 does with RESOLVE_BENEATH.
    const opened = name === '..' ? -EXDEV : await linux.openat(fd, name, OPEN_DIRECTORY_FLAGS, 0);
    if (fd !== directoryFd) await closeQuietly(linux, fd);
    if (opened < 0) return opened;
    fd = opened;
  }
  return fd;
}

/** Closes a descriptor that was only read from, while another error is on its way to the caller. */
export async function closeQuietly(linux: Linux, fd: number): Promise<void> {
  await linux.close(fd);
}
