/** Looks for something that only its owner may read, and whether this user can all the same. */
import { isDirectory, isFile, permissionsOf, type Entry } from '../model/entry.ts';
import { statName } from './entry-stat.ts';
import { O_CLOEXEC, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from './linux/constants.ts';
import { StatBuffer } from './linux/stat-buffer.ts';
import { EISDIR, SystemError } from './linux/system-error.ts';
import { listDirectory } from './list-directory.ts';
import { withDirectory } from './open-directory.ts';
import { childPath, type OpenDirectory, type Root } from './root.ts';

export interface PrivateEntry {
  readonly path: string;
  /** Why it cannot be opened; undefined: it can. */
  readonly failure: string | undefined;
}

/** A look, not a scan: a home or a key directory is near the top where there is one. */
const MOST_DIRECTORIES = 200;
const MOST_NAMES = 50;

/** Breadth first, a part of each directory. Undefined: none was met. */
export async function findPrivateEntry(root: Root, ownUid: number): Promise<PrivateEntry | undefined> {
  const waiting = [''];
  for (let count = 0; count < MOST_DIRECTORIES; count++) {
    const path = waiting.shift();
    if (path === undefined) return undefined;
    try {
      const found = await withDirectory(root, path, (directory) => lookIn(directory, ownUid, waiting));
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      // Readable for others by its mode, and yet not for us: as telling as a private one.
      if (error.code === 'EACCES') return { path, failure: error.reason };
    }
  }
  return undefined;
}

async function lookIn(
  directory: OpenDirectory,
  ownUid: number,
  waiting: string[],
): Promise<PrivateEntry | undefined> {
  const { directories, others } = await listDirectory(directory);
  const stat = new StatBuffer();
  for (const name of [...others.slice(0, MOST_NAMES), ...directories.slice(0, MOST_NAMES)]) {
    if ((await statName(directory, name, stat)) < 0) continue;
    const path = childPath(directory.path, name);
    if (isPrivate(stat, ownUid)) return { path, failure: await openingFailure(directory, name) };
    if (isDirectory(stat)) waiting.push(path);
  }
  return undefined;
}

function isPrivate(entry: Entry, ownUid: number): boolean {
  if (entry.uid === ownUid || !(isFile(entry) || isDirectory(entry))) return false;
  return (permissionsOf(entry) & 0o044) === 0;
}

async function openingFailure({ linux, fd }: OpenDirectory, name: string): Promise<string | undefined> {
  const opened = await linux.openat(fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
  if (opened < 0) return new SystemError(opened, 'openat', name).reason;
  // NFS: the client may still believe in a permission that the server has taken back; reading asks.
  const byte = Buffer.alloc(1);
  const read = await linux.pread(opened, byte, byte.length, 0);
  await linux.close(opened);
  return read < 0 && read !== -EISDIR ? new SystemError(read, 'pread', name).reason : undefined;
}
