/** The guard at the moment of deletion: no name goes that a name of this run leads to. */
import { includesName } from '../walking/join-names.ts';
import { readOpenEntry } from '../../filesystem/entry-stat.ts';
import { listDirectory, type Listing } from '../../filesystem/list-directory.ts';
import { StatBuffer } from '../../filesystem/linux/stat-buffer.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import type { Entry } from '../../model/entry.ts';
import type { RemovalRecord } from '../plan/removal-record.ts';
import { retryInDirectory } from '../walking/fresh-lookup.ts';
import { findSameFile, isThere } from '../walking/spellings.ts';
import type { WorkerContext } from '../worker-context.ts';

export interface Removable {
  readonly names: readonly string[];
  /** No longer listed. */
  readonly gone: readonly string[];
}

/**
 * A destination that folds names in a way that planning does not know stores what this run has made under a name that
 * was to go. The directory is listed again: a name of this run that is there and is not listed leads to another one,
 * and an extraneous one that is no longer listed has gone. PERF: one listing for a directory in which names are both
 * made and removed, and no call in any other.
 */
export async function withoutLedTo(
  context: WorkerContext,
  directory: OpenDirectory,
  { names, made }: RemovalRecord,
): Promise<Removable> {
  if (made.length === 0) return { names, gone: [] };
  const { directories, others } = await retryInDirectory(context, 'destination', directory, listWhole);
  const isListed = (name: string): boolean => includesName(others, name) || includesName(directories, name);
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

/** PERF: asks nothing unless a directory that was to be made was there already. @throws SystemError */
export async function isLedTo(directory: OpenDirectory, foundThere: readonly string[]): Promise<boolean> {
  return foundThere.length > 0 && foundThere.includes(keyOf(await readOpenEntry(directory)));
}

export function keyOf({ device, inode }: Entry): string {
  return `${device}:${inode}`;
}

/** @throws SystemError also where it ends early */
async function listWhole(directory: OpenDirectory): Promise<Listing> {
  const listing = await listDirectory(directory);
  if (listing.incomplete !== undefined) throw listing.incomplete;
  return listing;
}
