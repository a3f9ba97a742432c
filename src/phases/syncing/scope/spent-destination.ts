/** Tells a full or read-only destination, which ends the run, from a failure of a single path. */
import type { ByteString } from '../../../model/byte-string.ts';
import { readOpenEntry, statOpen } from '../../../filesystem/entry-stat.ts';
import { readFileSystemState } from '../../../filesystem/file-system-state.ts';
import { StatBuffer } from '../../../linux/stat-buffer.ts';
import { EROFS, SystemError } from '../../../linux/system-error.ts';
import { withDirectory } from '../../../filesystem/open-directory.ts';
import { refusesChanges } from '../../../filesystem/metadata/probe-times.ts';
import { parentPath, type Root } from '../../../filesystem/root.ts';
import { isFull, mayBeFatal } from '../../../policy/judge-failure.ts';
import { rootKindOf } from '../../../engine/context/retrying.ts';
import type { WorkerContext } from '../../../engine/context/worker-context.ts';

type OfDestination = Pick<WorkerContext, 'destination' | 'setup'>;

/**
 * Call it before removing what was written, as that frees space. The error keeps the answer. A full file
 * system mounted below the root, or a full directory quota, does not count: the root still has room.
 */
export async function endsRun(context: OfDestination, error: unknown, path: ByteString): Promise<boolean> {
  if (!(error instanceof SystemError) || !mayBeFatal(error, rootKindOf(context, 'destination'))) return false;
  error.endsRun ??= (await isOnRootFileSystem(context, path)) && (await isSpent(context, error));
  return error.endsRun;
}

function isSpent({ destination }: OfDestination, { errno }: SystemError): Promise<boolean> {
  return errno === -EROFS ? isReadOnly(destination) : isRootFull(destination);
}

/** Checks the path's directory, or the nearest one above that can be opened. */
async function isOnRootFileSystem(context: OfDestination, path: ByteString): Promise<boolean> {
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

async function isReadOnly(root: Root): Promise<boolean> {
  const stat = new StatBuffer();
  if ((await statOpen(root, stat, 'server')) < 0) return true;
  return refusesChanges(root, stat);
}
