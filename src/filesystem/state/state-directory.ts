/**
 * A user's directory of locks, history and lists of failed paths: created for that user alone, and refused if others
 * can change it.
 */
import type { ByteString, Shown } from '../../model/byte-string.ts';
import { LocationError } from '../../model/run/errors.ts';
import { displayName } from '../../model/display-name.ts';
import { permissionsOf } from '../../model/entry.ts';
import { readOpenEntry } from '../entry-stat.ts';
import { O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_RDONLY } from '../../linux/constants.ts';
import { linuxCalls } from '../../linux/linux.ts';
import { check, EEXIST, ENOENT, ENOTDIR, SystemError } from '../../linux/system-error.ts';
import { closeQuietly } from '../open-directory.ts';
import { openOwnDirectory } from '../operator-files/operator-file.ts';

const DIRECTORY_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
const PRIVATE = 0o700;
const OTHERS = 0o077;

export const LOCKS = 'locks';
export const HISTORY = 'history';
export const RETRY = 'retry';

type Part = typeof LOCKS | typeof HISTORY | typeof RETRY;

/**
 * Makes the directory if it is missing. Gives a descriptor, which the caller closes. @throws LocationError
 */
export async function makeStateDirectory(stateDirectory: ByteString, part: Part): Promise<number> {
  return explained(stateDirectory, async () => {
    return withOpened(await openPrivate(stateDirectory, PRIVATE), async (fd) => {
      const linux = linuxCalls('blocking');
      const made = await linux.mkdirat(fd, part, PRIVATE);
      if (made !== -EEXIST) check(made, 'mkdirat', stateDirectory);
      return check(await linux.openat(fd, part, DIRECTORY_FLAGS, 0), 'openat', stateDirectory);
    });
  });
}

/** As `makeStateDirectory`, but undefined if it is missing. @throws LocationError */
export async function findStateDirectory(
  stateDirectory: ByteString,
  part: Part,
): Promise<number | undefined> {
  return explained(stateDirectory, async () => {
    const opened = await openPrivate(stateDirectory);
    if (opened === -ENOENT) return undefined;
    return withOpened(opened, async (fd) => {
      const found = await linuxCalls('blocking').openat(fd, part, DIRECTORY_FLAGS, 0);
      return found === -ENOENT ? undefined : check(found, 'openat', stateDirectory);
    });
  });
}

async function explained<T>(stateDirectory: ByteString, open: () => Promise<T>): Promise<T> {
  if (stateDirectory === '') {
    throw new LocationError(
      'cannot tell where to keep locks and history: HOME is not set and the user has no home directory; choose a directory with --state-dir',
    );
  }
  try {
    return await open();
  } catch (error) {
    throw error instanceof LocationError
      ? error
      : unusableStateDirectory(
          stateDirectory,
          reasonOfFailure(error as NodeJS.ErrnoException),
          error as NodeJS.ErrnoException,
        );
  }
}

/** Gives a descriptor, or -ENOENT. @param makeWithMode mode of missing directories to make, if given */
async function openPrivate(stateDirectory: ByteString, makeWithMode?: number): Promise<number> {
  const linux = linuxCalls('blocking');
  const fd = await openOwnDirectory(linux, stateDirectory, makeWithMode);
  if (fd === -ENOENT) return fd;
  try {
    await guardPrivate(fd, stateDirectory);
    return fd;
  } catch (error) {
    await closeQuietly(linux, fd);
    throw error;
  }
}

async function withOpened<T>(opened: number, use: (fd: number) => Promise<T>): Promise<T> {
  const fd = check(opened, 'open', 'state directory');
  try {
    return await use(fd);
  } finally {
    await closeQuietly(linuxCalls('blocking'), fd);
  }
}

/** A user who can rename a lock file away could let two runs hold the lock of one destination. */
async function guardPrivate(fd: number, path: ByteString): Promise<void> {
  const linux = linuxCalls('blocking');
  const { uid, mode } = await readOpenEntry({ linux, fd, path });
  const self = await linux.geteuid();
  if (uid !== self)
    throw unusableStateDirectory(path, `it belongs to user ${uid}, but this process runs as user ${self}`);
  if ((mode & OTHERS) === 0) return;
  const shown = permissionsOf({ mode }).toString(8);
  throw unusableStateDirectory(path, `other users can access it (mode ${shown}); run chmod 700 on it`);
}

function reasonOfFailure(error: NodeJS.ErrnoException): string {
  if (error.errno === -ENOTDIR) return 'it is a symbolic link or not a directory';
  if (error instanceof SystemError) return error.reason;
  return new SystemError(error.errno ?? 0, error.syscall ?? '', '').reason;
}

function unusableStateDirectory(
  path: ByteString,
  reason: Shown,
  cause?: NodeJS.ErrnoException,
): LocationError {
  const detail = { path, code: cause?.code ?? '', syscall: cause?.syscall ?? '', cause };
  return new LocationError(
    `cannot use state directory ${displayName(path)}: ${reason}; --state-dir selects another`,
    detail,
  );
}
