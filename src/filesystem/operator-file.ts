/** Opens files that the operator named: for reading, for appending, or to be replaced as a whole. */
import { isDirectory, isFile, kindOf } from '../model/entry.ts';
import { displayName } from '../model/display-name.ts';
import { closePlace, findPlace, isTrusted, type Lookup, type Place } from './find-place.ts';
import { readOpenEntry } from './entry-stat.ts';
import type { Linux } from './linux/call-table.ts';
import {
  O_APPEND,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_NOFOLLOW,
  O_RDONLY,
  O_WRONLY,
} from './linux/constants.ts';
import { check, EEXIST, EINVAL, EISDIR, ENOENT, ENOTDIR, EPERM, SystemError } from './linux/system-error.ts';

/** As open(2) of Node's own has it; the umask takes from it. */
const NEW_FILE_MODE = 0o666;
const STICKY = 0o1000;
const WRITABLE_BY_OTHERS = 0o022;
/** Somebody else makes and removes the same name again and again. */
const MOST_TRIES = 16;

/** `regular`: anything else may be read from without end, or not at all. */
export type Readable = 'any' | 'regular';

/** @throws SystemError */
export async function openInput(linux: Linux, path: string, readable: Readable): Promise<number> {
  return withPlace(linux, path, {}, async (place) => {
    if (readable === 'regular') guardRegular(place);
    return openFound(place, O_RDONLY);
  });
}

/** @throws SystemError */
export async function openRootDirectory(linux: Linux, path: string): Promise<number> {
  return withPlace(linux, path, {}, (place) => openFound(place, O_RDONLY | O_DIRECTORY));
}

/**
 * Not through a link in its last component. -ENOENT: it is not there, and is not to be made with a mode.
 * @throws SystemError
 */
export async function openOwnDirectory(linux: Linux, path: string, makeWithMode?: number): Promise<number> {
  const lookup = { keepsLastLink: true, ...(makeWithMode !== undefined && { makeWithMode }) };
  return withPlace(linux, path, lookup, async (place) => {
    if (place.found === undefined) return -ENOENT;
    // A link would have O_PATH's own error.
    if (!isDirectory(place.found.stat)) check(-ENOTDIR, 'open', path);
    return openFound(place, O_RDONLY | O_DIRECTORY);
  });
}

/** Made where it is not there. @throws SystemError */
export async function openToAppend(linux: Linux, path: string): Promise<number> {
  let made = -EEXIST;
  for (let tries = 0; made === -EEXIST && tries < MOST_TRIES; tries++) {
    made = await withPlace(linux, path, {}, async (place) => {
      if (place.found === undefined) return makeNew(place, O_WRONLY | O_APPEND);
      await guardUnplanted(place);
      return openFound(place, O_WRONLY | O_APPEND);
    });
  }
  return check(made, 'open', path);
}

/** Nothing may have the name yet, not even a link. @throws SystemError */
export async function makeFile(linux: Linux, path: string): Promise<number> {
  return withPlace(linux, path, { keepsLastLink: true }, async (place) =>
    check(place.found === undefined ? await makeNew(place, O_WRONLY) : -EEXIST, 'open', path),
  );
}

/** Where a file is that another will replace. */
export interface Replaceable {
  /** Of O_PATH; the caller's to close. */
  readonly directoryFd: number;
  readonly name: string;
  /** What the new one may be opened by at most: no more than the one there. */
  readonly mode: number;
}

/** @throws SystemError, also where it is no regular file: to take the name from a pipe or a device is not meant */
export async function findReplaceable(linux: Linux, path: string): Promise<Replaceable> {
  const place = await findPlace(linux, path);
  const { directoryFd, name, found } = place;
  try {
    guardRegular(place);
  } catch (error) {
    await closePlace(place);
    throw error;
  }
  if (found !== undefined) await linux.close(found.fd);
  return { directoryFd, name, mode: NEW_FILE_MODE & (found?.stat.mode ?? NEW_FILE_MODE) };
}

async function withPlace<T>(
  linux: Linux,
  path: string,
  lookup: Lookup,
  use: (place: Place) => Promise<T>,
): Promise<T> {
  const place = await findPlace(linux, path, lookup);
  try {
    return await use(place);
  } finally {
    await closePlace(place);
  }
}

/** By descriptor: it is what was looked at, whatever has the name by now. */
async function openFound({ linux, path, found }: Place, flags: number): Promise<number> {
  if (found === undefined) return check(-ENOENT, 'open', path);
  return check(await linux.open(`/proc/self/fd/${found.fd}`, flags | O_CLOEXEC, 0), 'open', path);
}

/** -EEXIST: somebody was faster. */
async function makeNew({ linux, path, directoryFd, name }: Place, flags: number): Promise<number> {
  const all = flags | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const fd = await linux.openat(directoryFd, name, all, NEW_FILE_MODE);
  return fd === -EEXIST ? fd : check(fd, 'open', path);
}

function guardRegular({ path, found }: Place): void {
  if (found === undefined || isFile(found.stat)) return;
  if (isDirectory(found.stat)) check(-EISDIR, 'open', path);
  throw new SystemError(-EINVAL, 'open', path, 'Not a regular file');
}

/**
 * What another user may have put there to be written to: a FIFO, or a file in a directory where everybody makes
 * files. The kernel's fs.protected_fifos and fs.protected_regular say the same, where they are on.
 */
async function guardUnplanted(place: Place): Promise<void> {
  const { linux, path, directoryFd, found, isOpenElsewhere } = place;
  if (found === undefined || isOpenElsewhere || (await isTrusted(linux, found.stat))) return;
  const kind = kindOf(found.stat.mode);
  const isShared = async () =>
    isSharedDirectory(found.stat.uid, await readOpenEntry({ linux, fd: directoryFd, path }));
  const isPlanted = kind === 'fifo' || (kind === 'file' && (await isShared()));
  if (!isPlanted) return;
  const shown = displayName(path);
  const reason = `The ${kind} ${shown} belongs to user ${found.stat.uid}, and anybody may have put it there`;
  throw new SystemError(-EPERM, 'open', path, reason);
}

function isSharedDirectory(ownerOfFile: number, { mode, uid }: { mode: number; uid: number }): boolean {
  return (mode & STICKY) !== 0 && (mode & WRITABLE_BY_OTHERS) !== 0 && uid !== ownerOfFile;
}
