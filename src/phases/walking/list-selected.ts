/** The names of a --files-from list that a directory has: listed with it or looked up, whichever costs less. */
import { listUpTo, lookUpNames, type Listing } from '../../filesystem/list-directory.ts';
import type { OpenDirectory } from '../../filesystem/root.ts';
import { mostEntriesToList } from '../../policy/filter/worth-listing.ts';

/** @param names sorted; those that are missing are left out */
export async function listSelected(directory: OpenDirectory, names: readonly string[]): Promise<Listing> {
  const most = mostEntriesToList(names.length);
  const listed = most === 0 ? undefined : await listUpTo(directory, most);
  if (listed === undefined || listed.incomplete !== undefined) return lookUp(directory, names);
  const selected = new Set(names);
  const found = [...listed.directories, ...listed.others].filter((name) => selected.delete(name));
  if (found.length === names.length && found.length === listed.directories.length + listed.others.length) {
    return listed;
  }
  const isWanted = new Set(found);
  // What servers do not list may still be there: .snapshot and the like.
  const unlisted = await lookUp(directory, [...selected]);
  const both = (kind: 'directories' | 'others'): string[] =>
    [...listed[kind].filter((name) => isWanted.has(name)), ...unlisted[kind]].toSorted();
  return { directories: both('directories'), others: both('others'), incomplete: undefined };
}

async function lookUp(directory: OpenDirectory, names: readonly string[]): Promise<Listing> {
  return { ...(await lookUpNames(directory, names)), incomplete: undefined };
}
