/** A large file that many share. One hands out its ranges, so that none of the others waits for another. */
import type { ByteRange } from '../../policy/compare/byte-ranges.ts';

export interface RangedJob<Opened> {
  /** Undefined: there is nothing left to do. */
  open(): Promise<Opened | undefined>;
  ranges(opened: Opened): Iterable<ByteRange>;
  /** Several at once, and begun in order. False: no other range need begin. */
  work(opened: Opened, range: ByteRange): Promise<boolean>;
  /** In place of `work` for what need not begin. */
  skip?(range: ByteRange): void;
  /** After all ranges that have begun. */
  finish(opened: Opened): Promise<void>;
}

/** @param atOnce how many ranges @throws whatever the job does */
export async function doInRanges<Opened>(job: RangedJob<Opened>, atOnce: number): Promise<void> {
  const opened = await job.open();
  if (opened === undefined) return;
  let isOver = false;
  await forEachLimited(job.ranges(opened), atOnce, async (range) => {
    if (isOver) job.skip?.(range);
    else if (!(await job.work(opened, range))) isOver = true;
  });
  await job.finish(opened);
}

/** Runs one function over many items, up to a limit at once. Stops at the first error, once the items in progress have ended. */
export async function forEachLimited<Item>(
  items: Iterable<Item>,
  mostAtOnce: number,
  visit: (item: Item) => Promise<void>,
): Promise<void> {
  // PERF: loaded only for large files, as a start without ES modules is 5 ms shorter.
  const { default: limitTo } = await import('p-limit');
  const limit = limitTo(Math.max(1, mostAtOnce));
  const failures: unknown[] = [];
  const visitUnlessFailed = async (item: Item): Promise<void> => {
    if (failures.length > 0) return;
    try {
      await visit(item);
    } catch (error) {
      failures.push(error);
    }
  };
  await limit.map(items, visitUnlessFailed);
  if (failures.length > 0) throw failures[0];
}
