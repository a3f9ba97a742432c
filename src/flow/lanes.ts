/** Runs one function over many items, a few at a time. */

/** The first error ends it, after the items under way have ended. */
export async function forEachLane<Item>(
  items: Iterable<Item>,
  laneCount: number,
  /** PERF: one that gives undefined is not waited for: a promise an item costs as much as a system call. */
  visit: (item: Item) => Promise<void> | void,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const lane = async () => {
    try {
      for (let next = iterator.next(); !next.done && failures.length === 0; next = iterator.next()) {
        const pending = visit(next.value);
        if (pending !== undefined) await pending;
      }
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, laneCount) }, lane));
  if (failures.length > 0) throw failures[0];
}
