/** Runs one function over many items, a few at a time. */

/** The first error ends it, after the items under way have ended. */
export async function forEachLane<Item>(
  items: Iterable<Item>,
  laneCount: number,
  visit: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const lane = async () => {
    try {
      for (let next = iterator.next(); !next.done && failures.length === 0; next = iterator.next()) {
        await visit(next.value);
      }
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, laneCount) }, lane));
  if (failures.length > 0) throw failures[0];
}
