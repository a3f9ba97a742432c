/** Removes a directory of a temporary name with the files in it, and no other. */
import { AT_REMOVEDIR } from '../../filesystem/linux/constants.ts';
import { listDirectory } from '../../filesystem/list-directory.ts';
import { check, EBUSY, EEXIST, ENOENT, ENOTEMPTY, isGone } from '../../filesystem/linux/system-error.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';

/** False: no run can have left it, for it holds a directory or is mounted on; nothing in it was removed. @throws SystemError */
export async function removeOwnDirectory({ linux, fd, path }: OpenDirectory, name: string): Promise<boolean> {
  const removed = await linux.unlinkat(fd, name, AT_REMOVEDIR);
  if (removed === -EBUSY) return false;
  if (removed === -ENOTEMPTY || removed === -EEXIST) return removeFilled({ linux, fd, path }, name);
  if (removed !== -ENOENT) check(removed, 'unlinkat', childPath(path, name));
  return true;
}

async function removeFilled({ linux, fd, path }: OpenDirectory, name: string): Promise<boolean> {
  try {
    if (!(await withDirectory({ linux, fd }, name, removeFiles))) return false;
  } catch (error) {
    if (isGone(error)) return true;
    throw error;
  }
  const removed = await linux.unlinkat(fd, name, AT_REMOVEDIR);
  if (removed !== -ENOENT) check(removed, 'unlinkat', childPath(path, name));
  return true;
}

/** False: it holds a directory, which no run makes in one of these. */
async function removeFiles(own: OpenDirectory): Promise<boolean> {
  const { directories, others, incomplete } = await listDirectory(own);
  if (incomplete !== undefined) throw incomplete;
  if (directories.length > 0) return false;
  for (const name of others) {
    const result = await own.linux.unlinkat(own.fd, name, 0);
    if (result !== -ENOENT) check(result, 'unlinkat', childPath(own.path, name));
  }
  return true;
}
