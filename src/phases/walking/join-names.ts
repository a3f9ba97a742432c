/** Two sorted lists of names, joined. */

export type Presence = 'source' | 'destination' | 'both';

/** Visits each name once, in order. A name listed twice (NFS, while the directory changes) counts once. */
export function* joinNames(
  source: readonly string[],
  destination: readonly string[],
): Iterable<[name: string, presence: Presence]> {
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

function earlier(name: string | undefined, other: string | undefined): string {
  if (name === undefined) return other as string;
  return other === undefined || name < other ? name : other;
}

/** Names of the source that the destination does not list, as whatever kind. PERF: no garbage where it lists all. */
export function unlistedNames(source: NamesByKind, destination: NamesByKind | undefined): string[] {
  if (destination === undefined) return [...source.directories, ...source.others];
  const unlisted: string[] = [];
  addUnlisted(unlisted, source.directories, destination.directories, destination.others);
  addUnlisted(unlisted, source.others, destination.others, destination.directories);
  return unlisted;
}

interface NamesByKind {
  readonly directories: readonly string[];
  readonly others: readonly string[];
}

/** All sorted. */
function addUnlisted(
  unlisted: string[],
  names: readonly string[],
  likely: readonly string[],
  unlikely: readonly string[],
): void {
  let at = 0;
  for (const name of names) {
    while (at < likely.length && (likely[at] as string) < name) at++;
    if (likely[at] !== name && !includesName(unlikely, name)) unlisted.push(name);
  }
}

export function includesName(sorted: readonly string[], name: string): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) < name) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === name;
}
