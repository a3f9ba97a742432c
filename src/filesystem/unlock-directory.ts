/** Gives the owner access to a destination directory that denies it; its own mode comes back last. */
import type { Root, OpenDirectory } from './root.ts';
import { lastName, parentPath } from './root.ts';
import { openDirectory, withDirectory } from './open-directory.ts';
import { readOpenEntry } from './entry-stat.ts';
import { setModeOf } from './set-mode.ts';
import { check, EACCES, EPERM, SystemError } from './linux/system-error.ts';
import { permissionsOf } from '../model/entry.ts';

/** What this run needs of a directory it works in. */
export const OWNER_ACCESS = 0o700;

/**
 * Opens it; where that is denied to its owner, makes it accessible first (root is never denied). When
 * `didUnlock` is true the caller sees to it that the mode is set again.
 */
export async function openUnlocked(
  root: Root,
  path: string,
): Promise<{ directory: OpenDirectory; didUnlock: boolean }> {
  try {
    return { directory: await openDirectory(root, path), didUnlock: false };
  } catch (error) {
    if (!(error instanceof SystemError) || error.errno !== -EACCES || path === '') throw error;
    await withDirectory(root, parentPath(path), (parent) =>
      setModeOf(parent, lastName(path), (permissions) => permissions | OWNER_ACCESS),
    );
    return { directory: await openDirectory(root, path), didUnlock: true };
  }
}

/**
 * Lets the owner create and remove names in an open directory. True where that took a chmod. Who does not own
 * it may still be let in as one of its group. @throws SystemError
 */
export async function makeWritable(directory: OpenDirectory): Promise<boolean> {
  const entry = await readOpenEntry(directory);
  const permissions = permissionsOf(entry);
  if ((permissions & OWNER_ACCESS) === OWNER_ACCESS) return false;
  const result = await directory.linux.fchmod(directory.fd, permissions | OWNER_ACCESS);
  if (result === -EPERM) return false;
  check(result, 'fchmod', directory.path);
  return true;
}
