/** Gives the owner access to a destination directory that denies it. The directory's own mode is set last. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Root, OpenDirectory } from '../root.ts';
import { lastName, parentPath } from '../root.ts';
import { openDirectory, withDirectory } from '../open-directory.ts';
import { readOpenEntry } from '../entry-stat.ts';
import { setModeOf } from './set-mode.ts';
import { check, EACCES, EPERM, SystemError } from '../../linux/system-error.ts';
import { permissionsOf } from '../../model/entry.ts';

/** The access that a run needs to a directory it works in. */
export const OWNER_ACCESS = 0o700;

export interface Unlocked {
  readonly directory: OpenDirectory;
  /** Its permissions, if they had to be changed: the caller restores them. */
  readonly lockedMode: number | undefined;
}

/** Opens it. If its owner is denied, makes it accessible first (root is never denied). */
export async function openUnlocked(root: Root, path: ByteString): Promise<Unlocked> {
  try {
    return { directory: await openDirectory(root, path), lockedMode: undefined };
  } catch (error) {
    if (!(error instanceof SystemError) || error.errno !== -EACCES || path === '') throw error;
    const before = await withDirectory(root, parentPath(path), (parent) =>
      setModeOf(parent, lastName(path), (permissions) => permissions | OWNER_ACCESS),
    );
    return { directory: await openDirectory(root, path), lockedMode: permissionsOf(before) };
  }
}

/**
 * Lets the owner create and remove names in an open directory. Gives the old permissions if that took a
 * chmod. A user who does not own it may still have access through a group. @throws SystemError
 */
export async function makeWritable(directory: OpenDirectory): Promise<number | undefined> {
  const permissions = permissionsOf(await readOpenEntry(directory));
  if ((permissions & OWNER_ACCESS) === OWNER_ACCESS) return undefined;
  const result = await directory.linux.fchmod(directory.fd, permissions | OWNER_ACCESS);
  if (result === -EPERM) return undefined;
  check(result, 'fchmod', directory.path);
  return permissions;
}

/** Restores the permissions, unless somebody has changed them since. @throws SystemError */
export async function lockAgain(directory: OpenDirectory, lockedMode: number): Promise<void> {
  const permissions = permissionsOf(await readOpenEntry(directory));
  if (permissions === lockedMode || permissions !== (lockedMode | OWNER_ACCESS)) return;
  check(await directory.linux.fchmod(directory.fd, lockedMode), 'fchmod', directory.path);
}
