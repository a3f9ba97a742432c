/** The guard at the moment of deletion: never removes an entry that a name of this run leads to. */
import type { ByteString } from '../../../model/byte-string.ts';
import { listsName } from '../../../engine/march/sorted-names.ts';
import { isThere, readOpenEntry } from '../../../filesystem/entry-stat.ts';
import { listDirectory, type Listing } from '../../../filesystem/list-directory.ts';
import { StatBuffer } from '../../../linux/stat-buffer.ts';
import type { OpenDirectory } from '../../../filesystem/root.ts';
import type { Entry } from '../../../model/entry.ts';
import type { RemovalRecord } from '../../../engine/plan/records.ts';
import { retryInDirectory } from '../../../engine/march/fresh-lookup.ts';
import { findSameFile } from '../../../engine/march/alike-names.ts';
import type { WorkerContext } from '../../../engine/context/worker-context.ts';

export interface Removable {
  readonly names: readonly ByteString[];
  /** No longer listed. */
  readonly gone: readonly string[];
}

/**
 * A destination may fold names in a way unknown to planning, and store this run's entry under a name that is
 * to be deleted. So the directory is listed again. A name of this run that exists but is not listed leads to
 * another name; an extraneous name that is not listed is gone. PERF: one listing per directory in which names
 * are both made and removed, and no call in any other.
 */
export async function withoutLedTo(
  context: WorkerContext,
  directory: OpenDirectory,
  { names, made }: RemovalRecord,
): Promise<Removable> {
  if (made.length === 0) return { names, gone: [] };
  const listing = await retryInDirectory(context, 'destination', directory, listWhole);
  const isListed = (name: ByteString): boolean => listsName(listing, name);
  let left = names.filter(isListed);
  for (const name of made) {
    if (left.length === 0 || isListed(name)) continue;
    const ledTo = await retryInDirectory(context, 'destination', directory, async (within) => {
      const stat = new StatBuffer();
      return (await isThere(within, name, stat)) ? findSameFile(within, stat, left) : undefined;
    });
    left = left.filter((each) => each !== ledTo);
  }
  return { names: left, gone: names.filter((name) => !isListed(name)) };
}

/** PERF: makes no call unless a directory that was to be made existed already. @throws SystemError */
export async function isLedTo(directory: OpenDirectory, foundThere: readonly string[]): Promise<boolean> {
  return foundThere.length > 0 && foundThere.includes(keyOf(await readOpenEntry(directory)));
}

export function keyOf({ device, inode }: Entry): string {
  return `${device}:${inode}`;
}

/** @throws SystemError also if the listing ends early */
async function listWhole(directory: OpenDirectory): Promise<Listing> {
  const listing = await listDirectory(directory);
  if (listing.incomplete !== undefined) throw listing.incomplete;
  return listing;
}
