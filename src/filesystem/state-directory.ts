/** The directory of a user's locks: made for that user alone, and refused where others have a hand in it. */
import { mkdirSync } from 'node:fs';
import { LocationError } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import { permissionsOf } from '../model/entry.ts';
import { readOpenEntry } from './entry-stat.ts';
import { O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_RDONLY } from './linux/constants.ts';
import { linuxCalls } from './linux/linux.ts';
import { check, EEXIST, ENOTDIR, SystemError } from './linux/system-error.ts';
import { closeQuietly } from './open-directory.ts';

const DIRECTORY_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
const PRIVATE = 0o700;
const OTHERS = 0o077;

export const LOCKS = 'locks';

/** Gives the descriptor of its directory `locks`, the caller's to close. @throws LocationError */
export async function openLocks(stateDirectory: string): Promise<number> {
  if (stateDirectory === '') {
    throw new LocationError(
      'cannot tell where to keep locks: HOME is not set and the user has no home directory; name one with --state-dir',
    );
  }
  const linux = linuxCalls('blocking');
  let fd = -1;
  try {
    mkdirSync(Buffer.from(stateDirectory, 'latin1'), { recursive: true, mode: PRIVATE });
    fd = check(await linux.open(stateDirectory, DIRECTORY_FLAGS, 0), 'open', stateDirectory);
    await guardPrivate(fd, stateDirectory);
    const made = await linux.mkdirat(fd, LOCKS, PRIVATE);
    if (made !== -EEXIST) check(made, 'mkdirat', stateDirectory);
    return check(await linux.openat(fd, LOCKS, DIRECTORY_FLAGS, 0), 'openat', stateDirectory);
  } catch (error) {
    throw error instanceof LocationError
      ? error
      : unusable(stateDirectory, reasonOf(error as NodeJS.ErrnoException), error as NodeJS.ErrnoException);
  } finally {
    if (fd >= 0) await closeQuietly(linux, fd);
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
  // Also what O_NOFOLLOW gives for a link, and mkdir(2) for one that leads nowhere.
  if (error.errno === -ENOTDIR || error.errno === -EEXIST) return 'it is not a directory, or a symbolic link';
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
