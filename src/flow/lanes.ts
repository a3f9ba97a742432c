/** Several things at once: an error is thrown only once all that are in progress have ended. */

export type Job = () => Promise<void>;

/** Runs one function over many items, a few at a time, up to the first error. */
export async function forEachLane<Item>(
  items: Iterable<Item>,
  laneCount: number,
  visit: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const next = () => {
    const { done, value } = iterator.next();
    return done === true ? undefined : { item: value };
  };
  const failures: unknown[] = [];
  const lane = async () => {
    try {
      for (let taken = next(); taken !== undefined && failures.length === 0; taken = next()) {
        await visit(taken.item);
      }
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, laneCount) }, lane));
  if (failures.length > 0) throw failures[0];
}

/**
 * As `forEachLane`, but visits may add items: ends when nothing is left to take and no visit is in progress.
 */
export async function forEachFound<Item>(
  take: () => Item | undefined,
  laneCount: number,
  visit: (item: Item) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const underWay = new Set<Promise<unknown>>();
  const takeAll = () => {
    while (underWay.size < laneCount && failures.length === 0) {
      const item = take();
      if (item === undefined) return;
      const ended: Promise<unknown> = visit(item)
        .catch((error: unknown) => failures.push(error))
        .then(() => underWay.delete(ended));
      underWay.add(ended);
    }
  };
  for (takeAll(); underWay.size > 0; takeAll()) await Promise.race(underWay);
  if (failures.length > 0) throw failures[0];
}

/**
 * Waits for every promise, then throws the error of the first failed one in the list.
 *
 * `Promise.all` rejects at the first failure while other calls still fill their buffers. A buffer returned to
 * its pool then would receive their bytes during its next use.
 */
export async function settleAll<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
