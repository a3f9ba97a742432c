/** Tells a destination that takes no more, which ends the run, from one path for which there is no room. */
import { readOpenEntry, statOpen } from '../../filesystem/entry-stat.ts';
import { readFileSystemState } from '../../filesystem/file-system-state.ts';
import { StatBuffer } from '../../filesystem/linux/stat-buffer.ts';
import { EROFS, SystemError } from '../../filesystem/linux/system-error.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { parentPath, type Root } from '../../filesystem/root.ts';
import { releaseTimespecs, takeTimespecs } from '../../filesystem/timespec.ts';
import { isFull, mayBeFatal } from '../../policy/retry.ts';
import { placeOf } from '../retrying.ts';
import type { WorkerContext } from '../worker-context.ts';

/**
 * To be asked before what was written is removed, which makes room. A file system mounted below the root and
 * a quota of one directory leave the root room; the answer stays with the error.
 */
export async function endsRun(context: WorkerContext, error: unknown, path: string): Promise<boolean> {
  if (!(error instanceof SystemError) || !mayBeFatal(error, placeOf(context, 'destination'))) return false;
  error.endsRun ??= (await isOnRootFileSystem(context, path)) && (await isSpent(context, error));
  return error.endsRun;
}

function isSpent({ destination }: WorkerContext, { errno }: SystemError): Promise<boolean> {
  return errno === -EROFS ? isReadOnly(destination) : isRootFull(destination);
}

/** By the path's own directory, or the nearest above that can be opened. */
async function isOnRootFileSystem(context: WorkerContext, path: string): Promise<boolean> {
  const { destination, setup } = context;
  try {
    const { device } = await withDirectory(destination, path, (directory) => readOpenEntry(directory));
    return device === setup.destination.device;
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return path === '' || isOnRootFileSystem(context, parentPath(path));
  }
}

async function isRootFull(root: Root): Promise<boolean> {
  const state = await readFileSystemState(root);
  return state === undefined || isFull(state);
}

/** NFS: only the server knows of its export, and says so of a change. The root's atime stays what it is. */
async function isReadOnly(root: Root): Promise<boolean> {
  const stat = new StatBuffer();
  if ((await statOpen(root, stat, 'server')) < 0) return true;
  const times = takeTimespecs({ sec: stat.atimeSec, nsec: stat.atimeNsec }, undefined);
  const result = await root.linux.futimens(root.fd, times);
  releaseTimespecs(times);
  return result === -EROFS;
}
