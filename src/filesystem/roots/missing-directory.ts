/** A root that is not there yet: where it belongs, how it is made, and what stands for it in a dry run. */
import type { ByteString } from '../../model/byte-string.ts';
import { posix } from 'node:path';
import { displayName } from '../../model/display-name.ts';
import { isDirectory } from '../../model/entry.ts';
import { LocationError } from '../../model/run/errors.ts';
import type { Location } from '../../model/run/location.ts';
import type { Side } from '../../model/task.ts';
import {
  AT_FDCWD,
  AT_REMOVEDIR,
  O_CLOEXEC,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_RDONLY,
} from '../../linux/constants.ts';
import { linuxCalls } from '../../linux/linux.ts';
import { check, EEXIST, ENOENT, SystemError } from '../../linux/system-error.ts';
import { closeQuietly } from '../open-directory.ts';
import { closeNamedFile, findNamedFile, type NamedFile } from '../operator-files/find-place.ts';
import { callsTo } from '../root.ts';
import { joinNames } from '../real-paths.ts';
import { resolveLocation } from './open-location.ts';

export interface MissingDirectory {
  /** As the user gave it. */
  readonly path: ByteString;
  /** The nearest directory above that is there; the caller closes it. */
  readonly above: Location;
  /** To be made below it, each in the one before. */
  readonly names: readonly ByteString[];
}

/** With `umask` applied, as mkdir(1) has it. */
const MODE = 0o777;
const OPEN_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/**
 * Undefined: more is missing than the last name, or `..` follows a name that is missing.
 * @throws LocationError, also if something else has the name
 */
export async function findMissing(
  side: Side,
  path: ByteString,
  makesParents: boolean,
): Promise<MissingDirectory | undefined> {
  const names: ByteString[] = [];
  for (let at = path; ; at = posix.dirname(at)) {
    const name = posix.basename(at);
    if (at === '' || name === '..' || names.length > (makesParents ? Infinity : 1)) return undefined;
    if (at !== path) {
      const above = await openUnlessMissing(side, at);
      if (above !== undefined) return { path, above, names };
      if (at === posix.dirname(at)) return undefined;
    }
    await guardFree(path, at);
    if (name !== '.') names.unshift(name);
  }
}

async function openUnlessMissing(side: Side, path: ByteString): Promise<Location | undefined> {
  try {
    return await resolveLocation(side, path);
  } catch (error) {
    if (error instanceof LocationError && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A link that leads nowhere has the name. If somebody made the directory meanwhile, all is well. */
async function guardFree(path: ByteString, at: ByteString): Promise<void> {
  const place = await lookUpRoot(path, at);
  if (place === undefined) return;
  await closeNamedFile(place);
  if (place.found === undefined || isDirectory(place.found.stat)) return;
  const what = at === path ? 'it' : displayName(at);
  throw unmade(path, `${what} is a symbolic link that leads nowhere`, { code: 'EEXIST' });
}

async function lookUpRoot(path: ByteString, at: ByteString): Promise<NamedFile | undefined> {
  try {
    return await lookUp(at);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw unmade(path, error.reason, { code: error.code, syscall: error.syscall, cause: error });
  }
}

/** Undefined: nothing leads there. Calls are made on the pool, as a server may be dead. @throws SystemError */
export async function lookUp(path: ByteString): Promise<NamedFile | undefined> {
  try {
    return await findNamedFile(linuxCalls('pooled'), path.replace(/(?<=.)\/+$/, ''), { keepsLastLink: true });
  } catch (error) {
    if (error instanceof SystemError && error.errno === -ENOENT) return undefined;
    throw error;
  }
}

/** The path that the directory will have. */
export function realPathOfMissing({ above, names }: MissingDirectory): ByteString {
  return joinNames(above.realPath, names.join('/'));
}

/** Somebody else may make some of it, or all, meanwhile. @throws LocationError */
export async function makeMissing({ path, above, names }: MissingDirectory): Promise<void> {
  const linux = callsTo(above);
  let { fd } = above;
  try {
    for (const name of names) {
      const made = await linux.mkdirat(fd, name, MODE);
      if (made !== -EEXIST) check(made, 'mkdirat', path);
      const next = check(await linux.openat(fd, name, OPEN_FLAGS, 0), 'openat', path);
      if (fd !== above.fd) await closeQuietly(linux, fd);
      fd = next;
    }
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const { code, syscall, reason } = error;
    throw unmade(path, reason, { code, syscall, cause: error });
  } finally {
    if (fd !== above.fd) await closeQuietly(linux, fd);
  }
}

function unmade(path: ByteString, why: string, detail: object): LocationError {
  return new LocationError(`cannot make destination ${displayName(path)}: ${why}`, { ...detail, path });
}

/**
 * An empty directory that has no name any more, with the metadata of one that is new. Nothing is the same as it.
 * The caller closes it. @param directory for what has to have a name for a moment, latin1 @throws LocationError
 */
export async function openStandIn(missing: MissingDirectory, directory: ByteString): Promise<Location> {
  const linux = linuxCalls('blocking');
  const name = `${directory}/.efs-sync-${crypto.randomUUID()}`;
  try {
    check(await linux.mkdirat(AT_FDCWD, name, MODE), 'mkdirat', name);
    const fd = await linux.open(name, OPEN_FLAGS, 0);
    check(await linux.unlinkat(AT_FDCWD, name, AT_REMOVEDIR), 'unlinkat', name);
    return standInFor(missing, check(fd, 'open', name));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const message = `cannot make a temporary directory in ${displayName(directory)}: ${error.reason}`;
    throw new LocationError(message, { code: error.code, path: directory, cause: error });
  }
}

/** @param fd of the stand-in, or of the directory above for as long as nothing is walked */
export function standInFor(missing: MissingDirectory, fd: number): Location {
  const { path, above } = missing;
  return { ...above, path, realPath: realPathOfMissing(missing), fd, inode: 0n, creation: 'planned' };
}
