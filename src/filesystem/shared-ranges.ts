/** Where two files are worth reading: everywhere but in long holes that both have. */
import { dataRanges, endOf, type DataRange } from './data-ranges.ts';
import type { OpenFile } from './root.ts';

/** Holes shorter than a block are read: to skip them costs as much. */
const MIN_SHARED_HOLE_SIZE_BYTES = 1024 * 1024;

/** Ascending ranges that hold the data of either file; the first may be empty, the last ends as `within`. */
export async function* rangesOfEither(
  first: OpenFile,
  second: OpenFile,
  within: DataRange,
): AsyncGenerator<DataRange, void> {
  const { offset: start } = within;
  const end = Math.min(within.end, await endOf(first), await endOf(second));
  let pending: DataRange = { offset: start, end: start };
  for await (const range of inOrder(dataRanges(first, end, start), dataRanges(second, end, start))) {
    if (range.offset - pending.end < MIN_SHARED_HOLE_SIZE_BYTES) {
      pending = { offset: pending.offset, end: Math.max(pending.end, range.end) };
    } else {
      yield pending;
      pending = range;
    }
  }
  // To the end and beyond, should a file be longer than the other or grow.
  if (end - pending.end < MIN_SHARED_HOLE_SIZE_BYTES) yield { offset: pending.offset, end: within.end };
  else {
    yield pending;
    yield { offset: end, end: within.end };
  }
}

type Ranges = AsyncGenerator<DataRange, void>;

/** Both sequences as one, by offset. */
async function* inOrder(first: Ranges, second: Ranges): Ranges {
  let [a, b] = [await first.next(), await second.next()];
  while (a.done !== true || b.done !== true) {
    if (b.done === true || (a.done !== true && a.value.offset <= b.value.offset)) {
      yield a.value as DataRange;
      a = await first.next();
    } else {
      yield b.value;
      b = await second.next();
    }
  }
}
