/**
 * `--prune-empty-dirs`: directories of the source that hold directories alone take no part, as in rsync. Whether
 * one holds anything else is found by listing what is below it, up to the first such name.
 */
import type { ByteString } from '../../model/byte-string.ts';
import type { Listing } from '../../filesystem/list-directory.ts';
import { closeDirectory } from '../../filesystem/open-directory.ts';
import { childPath } from '../../filesystem/root.ts';
import { forEachLane } from '../../flow/lanes.ts';
import { SystemError } from '../../linux/system-error.ts';
import type { WorkerContext } from '../context/worker-context.ts';
import { openSide, openWithRetries, type OpenSide } from './open-side.ts';
import { withoutNames } from './sorted-names.ts';
import { taggedInSource } from './tagged-directories.ts';
import type { Sides, Visitor } from './visitor.ts';

/** Chains of directories are searched once by each worker, not once from each of their directories. */
const MOST_REMEMBERED = 10_000;

type Searching = Pick<Visitor, 'context' | 'freshness'>;

/** @param sides without what rules exclude */
export async function withoutEmpty<D extends OpenSide>(
  visitor: Visitor<D>,
  sides: Sides<D>,
): Promise<Sides<D>> {
  const { listing } = sides.source;
  if (!visitor.context.settings.pruneEmptyDirectories || listing.directories.length === 0) return sides;
  const empty = new Set<ByteString>();
  await forEachLane(listing.directories, visitor.context.laneCount, async (name) => {
    if (!(await holdsAnything(visitor, childPath(sides.path, name)))) empty.add(name);
  });
  if (empty.size === 0) return sides;
  visitor.left?.('empty', empty.size);
  const directories = listing.directories.filter((name) => !empty.has(name));
  return { ...sides, source: { ...sides.source, listing: { ...listing, directories } } };
}

async function holdsAnything(visitor: Searching, path: ByteString): Promise<boolean> {
  const { context, freshness } = visitor;
  // Preparing and Verifying each look for themselves.
  const remembered = context.holdsAnything[freshness];
  const known = remembered.get(path);
  if (known !== undefined) return known;
  if (context.stop.isRaised) return true;
  const listing = await listOf(visitor, path);
  if (listing === undefined || listing.incomplete !== undefined || listing.others.length > 0) return true;
  const holds = await oneHoldsAnything(visitor, path, listing);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(path, holds);
  return holds;
}

async function oneHoldsAnything(visitor: Searching, path: ByteString, listing: Listing): Promise<boolean> {
  for (const name of listing.directories) {
    if (await holdsAnything(visitor, childPath(path, name))) return true;
  }
  return false;
}

/** Undefined: it cannot be listed, which the visit of the directory tells. Closed before any other is opened. */
async function listOf({ context, freshness }: Searching, path: ByteString): Promise<Listing | undefined> {
  try {
    const side = await openWithRetries(context, () => openSide(context, { side: 'source', path, freshness }));
    await closeDirectory(side.directory);
    const kept = keptListing({ filter: side.filter, selection: context.selection }, path, side.listing);
    return withoutNames(kept, await taggedInSource({ context, freshness }, path, kept.directories));
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

/** The listing as if it held nothing that a rule excludes. */
export function keptListing(
  { filter, selection }: Pick<OpenSide, 'filter'> & Pick<WorkerContext, 'selection'>,
  path: ByteString,
  listing: Listing,
): Listing {
  if (filter === undefined) return listing;
  const { directories, others, incomplete } = listing;
  const pathOf = (name: ByteString): string => childPath(path, name);
  return {
    directories: directories.filter(
      (name) => selection?.isOnTheWay(pathOf(name)) === true || !filter.isExcluded(pathOf(name), true),
    ),
    others: others.filter((name) => !filter.isExcluded(pathOf(name), false)),
    incomplete,
  };
}
