/** A user's directory of locks and history: made for that user alone, and refused where others have a hand in it. */
import { LocationError } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import { permissionsOf } from '../model/entry.ts';
import { readOpenEntry } from './entry-stat.ts';
import { O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_RDONLY } from './linux/constants.ts';
import { linuxCalls } from './linux/linux.ts';
import { check, EEXIST, ENOENT, ENOTDIR, SystemError } from './linux/system-error.ts';
import { closeQuietly } from './open-directory.ts';
import { openOwnDirectory } from './operator-file.ts';

const DIRECTORY_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
const PRIVATE = 0o700;
const OTHERS = 0o077;

export const LOCKS = 'locks';
export const HISTORY = 'history';

type Part = typeof LOCKS | typeof HISTORY;

/** Made where it is not there. Gives a descriptor, the caller's to close. @throws LocationError */
export async function makeStateDirectory(stateDirectory: string, part: Part): Promise<number> {
  return explained(stateDirectory, async () => {
    return withOpened(await openPrivate(stateDirectory, PRIVATE), async (fd) => {
      const linux = linuxCalls('blocking');
      const made = await linux.mkdirat(fd, part, PRIVATE);
      if (made !== -EEXIST) check(made, 'mkdirat', stateDirectory);
      return check(await linux.openat(fd, part, DIRECTORY_FLAGS, 0), 'openat', stateDirectory);
    });
  });
}

/** Likewise, but undefined where it is not there. @throws LocationError */
export async function findStateDirectory(stateDirectory: string, part: Part): Promise<number | undefined> {
  return explained(stateDirectory, async () => {
    const opened = await openPrivate(stateDirectory);
    if (opened === -ENOENT) return undefined;
    return withOpened(opened, async (fd) => {
      const found = await linuxCalls('blocking').openat(fd, part, DIRECTORY_FLAGS, 0);
      return found === -ENOENT ? undefined : check(found, 'openat', stateDirectory);
    });
  });
}

async function explained<T>(stateDirectory: string, open: () => Promise<T>): Promise<T> {
  if (stateDirectory === '') {
    throw new LocationError(
      'cannot tell where to keep locks and history: HOME is not set and the user has no home directory; name one with --state-dir',
    );
  }
  try {
    return await open();
  } catch (error) {
    throw error instanceof LocationError
      ? error
      : unusable(stateDirectory, reasonOf(error as NodeJS.ErrnoException), error as NodeJS.ErrnoException);
  }
}

/** A descriptor, or -ENOENT. @param makeWithMode each directory of the path that is not there, where given */
async function openPrivate(stateDirectory: string, makeWithMode?: number): Promise<number> {
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

/** Whoever can rename a lock file away can have two runs hold the lock of one destination. */
async function guardPrivate(fd: number, path: string): Promise<void> {
  const linux = linuxCalls('blocking');
  const { uid, mode } = await readOpenEntry({ linux, fd, path });
  const self = await linux.geteuid();
  if (uid !== self) throw unusable(path, `it belongs to user ${uid}, and this is user ${self}`);
  if ((mode & OTHERS) === 0) return;
  const shown = permissionsOf({ mode }).toString(8);
  throw unusable(path, `others have access to it (mode ${shown}); take that away with chmod 700`);
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.errno === -ENOTDIR) return 'it is not a directory, or a symbolic link';
  if (error instanceof SystemError) return error.reason;
  return new SystemError(error.errno ?? 0, error.syscall ?? '', '').reason;
}

function unusable(path: string, reason: string, cause?: NodeJS.ErrnoException): LocationError {
  const detail = { path, code: cause?.code ?? '', syscall: cause?.syscall ?? '', cause };
  return new LocationError(
    `cannot use state directory ${displayName(path)}: ${reason}, or name another with --state-dir`,
    detail,
  );
}
