/** Runs one function over many items, a few at a time. */

/** The first error ends it, after the items under way have ended. */
export async function forEachLane<Item>(
  items: Iterable<Item>,
  laneCount: number,
  visit: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  let failed = false;
  const lane = async () => {
    for (let next = iterator.next(); !next.done && !failed; next = iterator.next()) {
      try {
        await visit(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  if (laneCount <= 1) return lane();
  const results = await Promise.allSettled(Array.from({ length: laneCount }, lane));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}
