/** Removes a directory of a temporary name with the files in it, and no other. */
import { AT_REMOVEDIR } from '../../filesystem/linux/constants.ts';
import { listDirectory } from '../../filesystem/list-directory.ts';
import { check, EEXIST, ENOENT, ENOTEMPTY, SystemError } from '../../filesystem/linux/system-error.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';

/** Gives 0 or -errno: -ENOTEMPTY for one that a run cannot have left, of which nothing is removed then. */
export async function removeOwnDirectory({ linux, fd }: OpenDirectory, name: string): Promise<number> {
  // What is mounted there is told by EBUSY, and stays.
  const removed = await linux.unlinkat(fd, name, AT_REMOVEDIR);
  if (removed !== -ENOTEMPTY && removed !== -EEXIST) return removed;
  try {
    await withDirectory({ linux, fd }, name, removeFiles);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return error.errno;
  }
  return linux.unlinkat(fd, name, AT_REMOVEDIR);
}

async function removeFiles(own: OpenDirectory): Promise<void> {
  const { directories, others, incomplete } = await listDirectory(own);
  if (incomplete !== undefined) throw incomplete;
  // No run makes a directory in one of these.
  if (directories.length > 0) throw new SystemError(-ENOTEMPTY, 'unlinkat', own.path);
  for (const name of others) {
    const result = await own.linux.unlinkat(own.fd, name, 0);
    if (result !== -ENOENT) check(result, 'unlinkat', childPath(own.path, name));
  }
}
