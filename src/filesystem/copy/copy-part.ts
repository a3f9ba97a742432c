/**
 * Copies a large file one range at a time, in any order and by several workers at once. The destination is
 * new, or will get no holes: `finishParts` sets its length.
 */
import { type Copy, copyRange } from './copy-range.ts';
import { truncate } from './make-holes.ts';
import type { CopiedContent, CopyRequest } from './copy-content.ts';
import { type DataRange, dataRanges, isAllData, mayHaveHoles } from '../data-ranges.ts';
import type { OpenFile } from '../root.ts';

export type PartRequest = Omit<CopyRequest, 'startBytes'> & {
  readonly range: DataRange;
  readonly holes: HoleKnowledge;
};

/**
 * - `none`: the source has no holes
 * - `known`: the file system tells where they are
 * - `hidden`: the file system does not tell, so zeros are not written
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
  const { range, holes, inPlace, pace, onBytes, sizeBytes, makesHoles = false } = request;
  const copy: Copy = {
    source,
    destination,
    inPlace,
    skipZeros: makesHoles || holes === 'hidden',
    pace,
    onBytes,
    writtenBytes: 0,
    endsInHole: false,
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

/**
 * Sets the length: the copy may end in a hole, and older content may have been longer. True if it had to be
 * set.
 */
export async function finishParts(
  destination: OpenFile,
  {
    sizeBytes,
    blocks,
    inPlace,
    makesHoles = false,
  }: Pick<CopyRequest, 'sizeBytes' | 'blocks' | 'inPlace' | 'makesHoles'>,
): Promise<boolean> {
  const isCut = inPlace || makesHoles || mayHaveHoles({ sizeBytes, blocks });
  if (isCut) await truncate(destination, sizeBytes);
  return isCut;
}
