/** The lanes of a worker whose calls block: there is one. */

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
