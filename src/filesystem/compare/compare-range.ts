/** Compares one range of two large files: without digests, and only up to the first difference. */
import { readBlock } from '../block-io.ts';
import { withBufferPair } from '../buffer-pool.ts';
import type { CompareRequest } from './compare-contents.ts';
import { type DataRange, mayHaveHoles, rangesOfEither } from '../data-ranges.ts';
import type { OpenFile } from '../root.ts';
import { settleAll } from '../../flow/lanes.ts';

export interface RangeRequest extends Pick<
  CompareRequest,
  'sizeBytes' | 'blocks' | 'readsHoles' | 'onBytes'
> {
  /** Both files must end with the last range. */
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
    if (request.readsHoles === true || !mayHaveHoles(request)) return compare(request.range);
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
    // Both files go on past the size: stop, as they may never end.
    if (position + count > request.sizeBytes) return false;
    if (count < wanted) return true;
    position += wanted;
  }
  return true;
}
