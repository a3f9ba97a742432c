/**
 * Opens files that the operator named: to read, to append, or to replace as a whole. All but directories are
 * opened on pool threads: a FIFO without a peer, or a dead server, must not delay signals.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { isDirectory, isFile, kindOf } from '../../model/entry.ts';
import { displayName } from '../../model/display-name.ts';
import { closeNamedFile, findNamedFile, isTrusted, type Lookup, type NamedFile } from './find-place.ts';
import { readOpenEntry } from '../entry-stat.ts';
import type { Linux } from '../../linux/call-table.ts';
import { linuxCalls } from '../../linux/linux.ts';
import {
  O_APPEND,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_NOFOLLOW,
  O_RDONLY,
  O_WRONLY,
} from '../../linux/constants.ts';
import {
  check,
  EEXIST,
  EINVAL,
  EISDIR,
  ENOENT,
  ENOTDIR,
  EPERM,
  SystemError,
} from '../../linux/system-error.ts';

/** The mode that Node's own open(2) uses; the umask applies. */
const NEW_FILE_MODE = 0o666;
const STICKY = 0o1000;
const WRITABLE_BY_OTHERS = 0o022;
/** Limits the retries while somebody else keeps making and removing the same name. */
const MOST_TRIES = 16;

/** `regular`: anything else might never end, or never begin. */
export type Readable = 'any' | 'regular';

/** @throws SystemError @param path latin1, as in all functions here */
export async function openInput(path: ByteString, readable: Readable): Promise<number> {
  return withNamedFile(linuxCalls('pooled'), path, {}, async (place) => {
    if (readable === 'regular') guardRegular(place);
    return openFound(place, O_RDONLY);
  });
}

/** @throws SystemError */
export async function openRootDirectory(linux: Linux, path: ByteString): Promise<number> {
  return withNamedFile(linux, path, {}, (place) => openFound(place, O_RDONLY | O_DIRECTORY));
}

/**
 * Does not follow a link in the last component. -ENOENT if it is missing and no mode was given to make it.
 * @throws SystemError
 */
export async function openOwnDirectory(
  linux: Linux,
  path: ByteString,
  makeWithMode?: number,
): Promise<number> {
  const lookup = { keepsLastLink: true, ...(makeWithMode !== undefined && { makeWithMode }) };
  return withNamedFile(linux, path, lookup, async (place) => {
    if (place.found === undefined) return -ENOENT;
    // Reports ENOTDIR for a link, instead of O_PATH's own error.
    if (!isDirectory(place.found.stat)) check(-ENOTDIR, 'open', path);
    return openFound(place, O_RDONLY | O_DIRECTORY);
  });
}

/** Makes the file if it is missing. @throws SystemError */
export async function openToAppend(path: ByteString): Promise<number> {
  let made = -EEXIST;
  for (let tries = 0; made === -EEXIST && tries < MOST_TRIES; tries++) {
    made = await withNamedFile(linuxCalls('pooled'), path, {}, async (place) => {
      if (place.found === undefined) return makeNew(place, O_WRONLY | O_APPEND);
      await guardUnplanted(place);
      return openFound(place, O_WRONLY | O_APPEND);
    });
  }
  return check(made, 'open', path);
}

/** Fails if anything has the name, even a link. @throws SystemError */
export async function makeFile(path: ByteString): Promise<number> {
  return withNamedFile(linuxCalls('pooled'), path, { keepsLastLink: true }, async (place) =>
    check(place.found === undefined ? await makeNew(place, O_WRONLY) : -EEXIST, 'open', path),
  );
}

/** The place of a file that is about to be replaced. */
export interface Replaceable {
  /** Opened with O_PATH; the caller closes it. */
  readonly directoryFd: number;
  readonly name: ByteString;
  /** Upper limit for the new file's mode: it grants no more than the old file. */
  readonly mode: number;
}

/** @throws SystemError, also if it is no regular file: nobody means to replace a pipe or a device */
export async function findReplaceable(path: ByteString): Promise<Replaceable> {
  const linux = linuxCalls('pooled');
  const place = await findNamedFile(linux, path);
  const { directoryFd, name, found } = place;
  try {
    guardRegular(place);
  } catch (error) {
    await closeNamedFile(place);
    throw error;
  }
  if (found !== undefined) await linux.close(found.fd);
  return { directoryFd, name, mode: NEW_FILE_MODE & (found?.stat.mode ?? NEW_FILE_MODE) };
}

async function withNamedFile<T>(
  linux: Linux,
  path: ByteString,
  lookup: Lookup,
  use: (place: NamedFile) => Promise<T>,
): Promise<T> {
  const place = await findNamedFile(linux, path, lookup);
  try {
    return await use(place);
  } finally {
    await closeNamedFile(place);
  }
}

/** Opens by descriptor: it is the file that was checked, whatever has the name by now. */
async function openFound({ linux, path, found }: NamedFile, flags: number): Promise<number> {
  if (found === undefined) return check(-ENOENT, 'open', path);
  return check(await linux.open(`/proc/self/fd/${found.fd}`, flags | O_CLOEXEC, 0), 'open', path);
}

/** -EEXIST if somebody else made it first. */
async function makeNew({ linux, path, directoryFd, name }: NamedFile, flags: number): Promise<number> {
  const all = flags | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const fd = await linux.openat(directoryFd, name, all, NEW_FILE_MODE);
  return fd === -EEXIST ? fd : check(fd, 'open', path);
}

function guardRegular({ path, found }: NamedFile): void {
  if (found === undefined || isFile(found.stat)) return;
  if (isDirectory(found.stat)) check(-EISDIR, 'open', path);
  throw new SystemError(-EINVAL, 'open', path, 'Not a regular file');
}

/**
 * Refuses files that another user may have planted: a FIFO, or a file in a directory where everybody makes
 * files. The kernel's fs.protected_fifos and fs.protected_regular do the same, if enabled.
 */
async function guardUnplanted(place: NamedFile): Promise<void> {
  const { linux, path, directoryFd, found, isOpenElsewhere } = place;
  if (found === undefined || isOpenElsewhere || (await isTrusted(linux, found.stat))) return;
  const kind = kindOf(found.stat.mode);
  const isShared = async () =>
    isSharedDirectory(found.stat.uid, await readOpenEntry({ linux, fd: directoryFd, path }));
  const isPlanted = kind === 'fifo' || (kind === 'file' && (await isShared()));
  if (!isPlanted) return;
  const shown = displayName(path);
  const reason = `The ${kind} ${shown} belongs to user ${found.stat.uid}, and anyone could have put it there`;
  throw new SystemError(-EPERM, 'open', path, reason);
}

function isSharedDirectory(ownerOfFile: number, { mode, uid }: { mode: number; uid: number }): boolean {
  return (mode & STICKY) !== 0 && (mode & WRITABLE_BY_OTHERS) !== 0 && uid !== ownerOfFile;
}
