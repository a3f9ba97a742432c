/** Makes, moves and removes the destination's names. A sync changes them nowhere else. */
import type { ByteString } from '../../model/byte-string.ts';
import { AT_REMOVEDIR } from '../../linux/constants.ts';
import type { Awaitable } from '../../linux/call-table.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { check, EEXIST, EISDIR, ENOENT, ENOTDIR, ENOTEMPTY, SystemError } from '../../linux/system-error.ts';
import { isDirectory } from '../../model/entry.ts';
import { statName } from '../entry-stat.ts';
import { checkBusy } from '../mounts/mount-points.ts';
import { childPath, type NameIn } from '../root.ts';

/** False if the name is taken. @throws SystemError */
export async function makeDirectory(at: NameIn, mode: number): Promise<boolean> {
  const result = await at.directory.linux.mkdirat(at.directory.fd, at.name, mode);
  return isMade(result, 'mkdirat', pathOf(at));
}

/** False if the name is taken. @param path for error messages @throws SystemError */
export async function makeSymlink(at: NameIn, target: ByteString, path: ByteString): Promise<boolean> {
  const { linux, fd } = at.directory;
  return isMade(await linux.symlinkat(target, fd, at.name), 'symlinkat', path);
}

export interface Node {
  /** Includes the bits of its type. */
  readonly mode: number;
  /** As makedev(3) encodes it; 0 for a FIFO or socket. */
  readonly device: number;
}

/** False if the name is taken. @param path for error messages @throws SystemError */
export async function makeNode(at: NameIn, { mode, device }: Node, path: ByteString): Promise<boolean> {
  const { linux, fd } = at.directory;
  return isMade(await linux.mknodat(fd, at.name, mode, device), 'mknodat', path);
}

/** False if the name is taken. @param path for error messages @throws SystemError */
export async function makeLink(existing: NameIn, at: NameIn, path: ByteString): Promise<boolean> {
  const { linux, fd } = at.directory;
  const result = await linux.linkat(existing.directory.fd, existing.name, fd, at.name, 0);
  return isMade(result, 'linkat', path);
}

function isMade(result: number, syscall: string, path: string): boolean {
  if (result === -EEXIST) return false;
  check(result, syscall, path);
  return true;
}

/**
 * Replaces atomically: a reader sees the old entry or the new one, whole. An empty directory is removed
 * first. @throws SystemError
 */
export async function moveIntoPlace(temporary: NameIn, at: NameIn): Promise<void> {
  let result = await rename(temporary, at);
  if (result === -EISDIR || isFilled(result)) {
    await removeEmptyDirectory(at);
    result = await rename(temporary, at);
  }
  await checkBusy(result, 'renameat', at);
}

/** 'filled': a directory of that name is no longer empty, and nothing was done. @throws SystemError */
export async function moveDirectory(from: NameIn, at: NameIn): Promise<'moved' | 'filled'> {
  let result = await rename(from, at);
  if (result === -ENOTDIR) {
    // A file or link has the name of a directory: remove it first, as rename(2) does not replace it.
    await removeName(at);
    result = await rename(from, at);
  }
  if (isFilled(result)) return 'filled';
  // NFS: a rename reported as failed may have succeeded, with its reply lost.
  if (result === -ENOENT && (await isDirectoryAt(at))) return 'moved';
  check(result, 'renameat', pathOf(at));
  return 'moved';
}

/** Replaces whatever has the new name. @throws SystemError */
export async function renameWithin({ directory, name }: NameIn, newName: ByteString): Promise<void> {
  const result = await directory.linux.renameat(directory.fd, name, directory.fd, newName);
  check(result, 'renameat', childPath(directory.path, name));
}

/** Replaces whatever has the new name: ask first. @throws SystemError */
export async function moveName(from: NameIn, at: NameIn): Promise<'moved' | 'gone'> {
  const result = await rename(from, at);
  if (result === -ENOENT) return 'gone';
  check(result, 'renameat', pathOf(from));
  return 'moved';
}

function rename(from: NameIn, to: NameIn): Awaitable<number> {
  return to.directory.linux.renameat(from.directory.fd, from.name, to.directory.fd, to.name);
}

/** Removes anything but a directory. A name that is already gone counts as removed. @throws SystemError */
export async function removeName(at: NameIn): Promise<'removed' | 'gone'> {
  const result = await at.directory.linux.unlinkat(at.directory.fd, at.name, 0);
  if (result === -ENOENT) return 'gone';
  await checkBusy(result, 'unlinkat', at);
  return 'removed';
}

/** For use after a failure that is already reported. Gives the error if the name is still there. */
export async function tryRemoveName(at: NameIn): Promise<SystemError | undefined> {
  try {
    await removeName(at);
    return undefined;
  } catch (error) {
    if (error instanceof SystemError) return error;
    throw error;
  }
}

/**
 * 'filled': it is not empty, and stays. A name that is already gone counts as removed. @throws SystemError
 */
export async function removeDirectory(at: NameIn): Promise<'removed' | 'filled'> {
  const result = await at.directory.linux.unlinkat(at.directory.fd, at.name, AT_REMOVEDIR);
  if (isFilled(result)) return 'filled';
  if (result !== -ENOENT) await checkBusy(result, 'unlinkat', at);
  return 'removed';
}

/** @throws SystemError also if it is not empty */
export async function removeEmptyDirectory(at: NameIn): Promise<void> {
  if ((await removeDirectory(at)) === 'filled') throw new SystemError(-ENOTEMPTY, 'unlinkat', pathOf(at));
}

/** POSIX allows either error. */
function isFilled(result: number): boolean {
  return result === -ENOTEMPTY || result === -EEXIST;
}

/** Reads the entry into `stat`. */
export async function isDirectoryAt({ directory, name }: NameIn, stat = new StatBuffer()): Promise<boolean> {
  return (await statName(directory, name, stat)) === 0 && isDirectory(stat);
}

function pathOf({ directory, name }: NameIn): ByteString {
  return childPath(directory.path, name);
}
