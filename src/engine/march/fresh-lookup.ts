/**
 * Attempts in directories that are held open. Another try looks them up anew, from the root: relative to a
 * descriptor that went stale every call would fail for ever.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { openDirectory, closeDirectory, withDirectory } from '../../filesystem/open-directory.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import type { Side } from '../../model/task.ts';
import { retrying } from '../context/retrying.ts';
import type { WorkerContext } from '../context/worker-context.ts';
import { atSide, openBoth, useBoth, type BothDirectories } from './both-sides.ts';

/** @throws what the last attempt threw */
export async function retryInDirectory<T>(
  context: WorkerContext,
  side: Side,
  held: OpenDirectory,
  attempt: (directory: OpenDirectory) => Promise<T>,
): Promise<T> {
  return retrying(context, async (tries) =>
    atSide(side, async () =>
      tries === 1 ? attempt(held) : withDirectory(context[side], held.path, attempt),
    ),
  );
}

/** @throws what the last attempt threw */
export async function retryInBoth<T>(
  context: WorkerContext,
  held: BothDirectories,
  attempt: (source: OpenDirectory, destination: OpenDirectory) => Promise<T>,
): Promise<T> {
  return retrying(context, async (tries) =>
    tries === 1
      ? attempt(held.source, held.destination)
      : useBoth(await openBoth(context, held.source.path), attempt),
  );
}

/** Opens it, again where that may help, for as long as `use` takes. */
export async function withRetriedDirectory<T>(
  context: WorkerContext,
  side: Side,
  path: ByteString,
  use: (directory: OpenDirectory) => Promise<T>,
): Promise<T> {
  const directory = await retrying(context, () => openDirectory(context[side], path));
  try {
    return await use(directory);
  } finally {
    await closeDirectory(directory);
  }
}
