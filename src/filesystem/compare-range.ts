/** Whether two files hold the same bytes in one range of a large file: without digests, up to the first difference. */
import { readBlock } from './block-io.ts';
import { withBufferPair } from './buffer-pool.ts';
import type { CompareRequest } from './content-comparison.ts';
import { mayHaveHoles, type DataRange } from './data-ranges.ts';
import { rangesOfEither } from './shared-ranges.ts';
import type { OpenFile } from './root.ts';
import { settleAll } from './settle-all.ts';

export interface RangeRequest extends Pick<CompareRequest, 'sizeBytes' | 'blocks' | 'onBytes'> {
  /** Ends at Infinity: at the ends of both files, wherever those are now. */
  readonly range: DataRange;
}

type Compare = (range: DataRange) => Promise<boolean>;

/** @throws SystemError that names the failing side's path */
export async function haveSameBytes(
  source: OpenFile,
  destination: OpenFile,
  request: RangeRequest,
): Promise<boolean> {
  return withBufferPair(async (mine, theirs) => {
    const compare: Compare = (range) => compareBlocks({ source, destination, mine, theirs }, request, range);
    if (!mayHaveHoles(request)) return compare(request.range);
    for await (const range of rangesOfEither(source, destination, request.range)) {
      if (!(await compare(range))) return false;
    }
    return true;
  });
}

interface Sides {
  readonly source: OpenFile;
  readonly destination: OpenFile;
  readonly mine: Buffer;
  readonly theirs: Buffer;
}

async function compareBlocks(sides: Sides, request: RangeRequest, range: DataRange): Promise<boolean> {
  const { source, destination } = sides;
  for (let position = range.offset; position < range.end;) {
    const wanted = Math.min(sides.mine.length, range.end - position);
    const [mine, theirs] = [sides.mine.subarray(0, wanted), sides.theirs.subarray(0, wanted)];
    const [count = 0, other = 0] = await settleAll([
      readBlock(source, mine, position, request.sizeBytes),
      readBlock(destination, theirs, position, request.sizeBytes),
    ]);
    await request.onBytes(count);
    if (!mine.subarray(0, count).equals(theirs.subarray(0, other))) return false;
    if (count < wanted) return true;
    position += wanted;
  }
  return true;
}
