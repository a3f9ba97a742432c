/** A directory of one side: open, identified and listed. */
import { readOpenEntry, readEntry, type Freshness } from '../../filesystem/entry-stat.ts';
import { listDirectory, type Listing } from '../../filesystem/list-directory.ts';
import { closeDirectory, openDirectory, withDirectory } from '../../filesystem/open-directory.ts';
import { lastName, parentPath, type OpenDirectory, type Root } from '../../filesystem/root.ts';
import type { Entry } from '../../model/entry.ts';
import type { PathSelection } from '../../policy/filter/path-selection.ts';
import { retrying, willTryAgain } from '../retrying.ts';
import type { WorkerContext } from '../worker-context.ts';
import { listSelected } from './list-selected.ts';

export interface OpenSide {
  readonly directory: OpenDirectory;
  readonly entry: Entry;
  readonly listing: Listing;
}

/** @throws SystemError; the caller closes the directory */
export async function openSide(
  root: Root,
  path: string,
  selection: PathSelection | undefined,
  freshness: Freshness = 'cached',
): Promise<OpenSide> {
  return identify(await openDirectory(root, path), selection, freshness);
}

/** As `openSide`, of a directory that is open already. */
export async function identify(
  directory: OpenDirectory,
  selection: PathSelection | undefined,
  freshness: Freshness = 'cached',
): Promise<OpenSide> {
  try {
    const entry = await readOpenEntry(directory, freshness);
    const isWhole = selection === undefined || selection.isWhole(directory.path);
    const listing = isWhole
      ? await listDirectory(directory)
      : await listSelected(directory, selection.childrenOf(directory.path));
    return { directory, entry, listing };
  } catch (error) {
    await closeDirectory(directory);
    throw error;
  }
}

/**
 * Opens and lists a directory, again from its opening on where a failure may pass. What cannot be listed to
 * its end even so is given as far as it goes.
 */
export async function openWithRetries<S extends OpenSide>(
  context: WorkerContext,
  open: () => Promise<S>,
): Promise<S> {
  return retrying(context, async (tries) => {
    const side = await open();
    const { incomplete } = side.listing;
    if (incomplete === undefined || !willTryAgain(context, incomplete, tries)) return side;
    await closeDirectory(side.directory);
    throw incomplete;
  });
}

/** The metadata of a directory of the source that cannot be opened, from the one above. @throws SystemError */
export async function readUnopenedEntry(context: WorkerContext, path: string): Promise<Entry> {
  return retrying(context, () =>
    withDirectory(context.source, parentPath(path), (parent) => readEntry(parent, lastName(path))),
  );
}
