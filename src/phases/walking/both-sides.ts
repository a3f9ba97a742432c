/** Work on both sides of a path, where a failure tells which side it is of. */
import { SystemError } from '../../filesystem/linux/system-error.ts';
import { closeDirectory, openDirectory } from '../../filesystem/open-directory.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import type { Side } from '../../model/task.ts';
import type { WorkerContext } from '../worker-context.ts';

/** Runs calls of which every failure is one side's. */
export async function atSide<T>(side: Side, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof SystemError) error.side = side;
    throw error;
  }
}

/** Undefined: a call that may be of either side. */
export function sideOf(error: unknown): Side | undefined {
  return error instanceof SystemError ? error.side : undefined;
}

/** Opens a directory on both sides for as long as `use` takes. @throws SystemError, with its side where it is opened */
export async function withBothDirectories<T>(
  { source, destination }: Pick<WorkerContext, Side>,
  path: string,
  use: (source: OpenDirectory, destination: OpenDirectory) => Promise<T>,
): Promise<T> {
  const sourceDirectory = await atSide('source', () => openDirectory(source, path));
  try {
    const destinationDirectory = await atSide('destination', () => openDirectory(destination, path));
    try {
      return await use(sourceDirectory, destinationDirectory);
    } finally {
      await closeDirectory(destinationDirectory);
    }
  } finally {
    await closeDirectory(sourceDirectory);
  }
}
