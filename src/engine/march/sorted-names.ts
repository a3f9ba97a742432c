/** Sorted lists of names: joins two, finds names in them, and takes names out. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Listing } from '../../filesystem/list-directory.ts';

export type Presence = 'source' | 'destination' | 'both';

/** Visits each name once, in order. A repeated name (NFS, while the directory changes) counts once. */
export function* joinNames(
  source: readonly string[],
  destination: readonly string[],
): Iterable<[name: ByteString, presence: Presence]> {
  let s = 0;
  let d = 0;
  while (s < source.length || d < destination.length) {
    const sourceName = source[s];
    const destinationName = destination[d];
    const name = earlier(sourceName, destinationName);
    const inSource = sourceName === name;
    const inDestination = destinationName === name;
    while (source[s] === name) s++;
    while (destination[d] === name) d++;
    yield [name, inSource ? (inDestination ? 'both' : 'source') : 'destination'];
  }
}

function earlier(name: ByteString | undefined, other: string | undefined): ByteString {
  if (name === undefined) return other as string;
  return other === undefined || name < other ? name : other;
}

export interface NamesByKind {
  readonly directories: readonly string[];
  readonly others: readonly string[];
}

/**
 * Names of the source that the destination does not list, of any kind. PERF: allocates nothing if it lists
 * all.
 */
export function unlistedNames(source: NamesByKind, destination: NamesByKind | undefined): ByteString[] {
  if (destination === undefined) return [...source.directories, ...source.others];
  const unlisted: string[] = [];
  addUnlisted(unlisted, source.directories, destination.directories, destination.others);
  addUnlisted(unlisted, source.others, destination.others, destination.directories);
  return unlisted;
}

/** All lists are sorted. */
function addUnlisted(
  unlisted: string[],
  names: readonly ByteString[],
  likely: readonly string[],
  unlikely: readonly string[],
): void {
  let at = 0;
  for (const name of names) {
    while (at < likely.length && (likely[at] as string) < name) at++;
    if (likely[at] !== name && !includesName(unlikely, name)) unlisted.push(name);
  }
}

export function includesName(sorted: readonly string[], name: ByteString): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) < name) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === name;
}

/** As whatever kind. */
export function listsName({ directories, others }: NamesByKind, name: ByteString): boolean {
  return includesName(others, name) || includesName(directories, name);
}

/** @param names sorted */
export function withoutNames(listing: Listing, names: readonly ByteString[]): Listing {
  if (names.length === 0) return listing;
  const takesPart = (name: ByteString): boolean => !includesName(names, name);
  return {
    directories: listing.directories.filter(takesPart),
    others: listing.others.filter(takesPart),
    incomplete: listing.incomplete,
  };
}
