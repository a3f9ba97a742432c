/** Replaces the lanes in a worker whose calls block: it has only one. */

export function forEachLane<Item>(
  items: Iterable<Item>,
  _laneCount: number,
  visit: (item: Item) => void,
): void {
  for (const item of items) visit(item);
}

export function forEachFound<Item>(
  take: () => Item | undefined,
  _laneCount: number,
  visit: (item: Item) => void,
): void {
  for (let item = take(); item !== undefined; item = take()) visit(item);
}

/** Each has ended, or thrown, before anybody could wait for it. */
export function settleAll<T>(results: readonly T[]): readonly T[] {
  return results;
}
