/**
 * Copies a large file a range at a time, in any order and by several workers at once. The destination is
 * new, or has no hole to get: `finishParts` gives it its length.
 */
import { truncate } from './clear-range.ts';
import type { CopiedContent, CopyRequest } from './copy-content.ts';
import { copyRange, type Copy } from './copy-range.ts';
import { dataRanges, isAllData, mayHaveHoles, type DataRange } from './data-ranges.ts';
import type { OpenFile } from './root.ts';

export type PartRequest = Omit<CopyRequest, 'startBytes'> & {
  readonly range: DataRange;
  readonly holes: HoleKnowledge;
};

/**
 * - `none`: it has no holes
 * - `known`: the file system tells where they are
 * - `hidden`: it does not: the zeros it reads as are not written
 */
export type HoleKnowledge = 'none' | 'known' | 'hidden';

/** @throws SystemError */
export async function findHoles(
  source: OpenFile,
  { sizeBytes, blocks }: Pick<CopyRequest, 'sizeBytes' | 'blocks'>,
): Promise<HoleKnowledge> {
  if (!mayHaveHoles({ sizeBytes, blocks })) return 'none';
  return isAllData(await dataRanges(source, sizeBytes).next(), sizeBytes) ? 'hidden' : 'known';
}

/** @throws SystemError that names the failing side's path */
export async function copyPart(
  source: OpenFile,
  destination: OpenFile,
  request: PartRequest,
): Promise<CopiedContent> {
  const { range, holes, inPlace, pace, onBytes, sizeBytes } = request;
  const copy: Copy = {
    source,
    destination,
    inPlace,
    skipZeros: holes === 'hidden',
    pace,
    onBytes,
    writtenBytes: 0,
    growsInOrder: !inPlace && range.offset === 0 && range.end === sizeBytes,
  };
  const endBytes = holes === 'known' ? await copyDataWithin(copy, range) : await copyRange(copy, range);
  return { writtenBytes: copy.writtenBytes, endBytes, growsInOrder: copy.growsInOrder };
}

async function copyDataWithin(copy: Copy, range: DataRange): Promise<number> {
  for await (const data of dataRanges(copy.source, range.end, range.offset)) {
    const end = await copyRange(copy, data);
    if (end < data.end) return end;
  }
  return range.end;
}

/** What is copied may end in a hole; what was there may have been longer. True: the file was cut to its size. */
export async function finishParts(
  destination: OpenFile,
  { sizeBytes, blocks, inPlace }: Pick<CopyRequest, 'sizeBytes' | 'blocks' | 'inPlace'>,
): Promise<boolean> {
  const isCut = inPlace || mayHaveHoles({ sizeBytes, blocks });
  if (isCut) await truncate(destination, sizeBytes);
  return isCut;
}
