/** Work on both sides of a path, where a failure tells which side it is of. */
import type { ByteString } from '../../model/byte-string.ts';
import { SystemError } from '../../linux/system-error.ts';
import { closeDirectory, openDirectory } from '../../filesystem/open-directory.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import type { Side } from '../../model/task.ts';
import { retrying } from '../context/retrying.ts';
import type { WorkerContext } from '../context/worker-context.ts';

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

export interface BothDirectories {
  readonly source: OpenDirectory;
  readonly destination: OpenDirectory;
}

type Use<T> = (source: OpenDirectory, destination: OpenDirectory) => Promise<T>;

/**
 * Opens a directory on both sides for as long as `use` takes. @param foundAt where the destination has it now
 * @throws SystemError, with its side where it is opened
 */
export async function withBothDirectories<T>(
  context: WorkerContext,
  path: ByteString,
  use: Use<T>,
  foundAt = path,
): Promise<T> {
  return useBoth(await retrying(context, () => openBoth(context, path, foundAt)), use);
}

/**
 * The caller closes them. @param foundAt where the destination has it now: both are called by `path`
 * @throws SystemError with its side; nothing is open then
 */
export async function openBoth(
  { source, destination }: Pick<WorkerContext, Side>,
  path: ByteString,
  foundAt = path,
): Promise<BothDirectories> {
  const sourceDirectory = await atSide('source', () => openDirectory(source, path));
  try {
    const { linux, fd } = await atSide('destination', () => openDirectory(destination, foundAt));
    return { source: sourceDirectory, destination: { linux, fd, path } };
  } catch (error) {
    await closeDirectory(sourceDirectory);
    throw error;
  }
}

/** Closes them in the end. */
export async function useBoth<T>(both: BothDirectories, use: Use<T>): Promise<T> {
  try {
    return await use(both.source, both.destination);
  } finally {
    await closeBoth(both);
  }
}

export async function closeBoth({ source, destination }: BothDirectories): Promise<void> {
  try {
    await closeDirectory(destination);
  } finally {
    await closeDirectory(source);
  }
}
