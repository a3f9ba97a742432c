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
