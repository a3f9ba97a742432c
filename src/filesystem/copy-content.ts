/**
 * Copies a file's content into an open destination file, holes as holes. Copies up to the size noted or
 * the source's end, whichever comes first: whether the source changed is for the caller to find out.
 */
import { clearRange, truncate } from './clear-range.ts';
import { copySmall } from './copy-small.ts';
import { copyRange, type Copy } from './copy-range.ts';
import type { CopyPace } from './copy-pace.ts';
import { dataRanges, endOf, isAllData, mayHaveHoles, type DataRange } from './data-ranges.ts';
import type { OpenFile } from './root.ts';

export interface CopyRequest {
  /** Of the source, as it was noted. */
  readonly sizeBytes: number;
  readonly blocks: number;
  /** Bytes at the start that the destination holds already; only without holes. */
  readonly startBytes?: number;
  readonly pace?: CopyPace | undefined;
  /** The destination holds older content; otherwise it is new and empty. */
  readonly inPlace: boolean;
  /** Called after bytes were written; what it throws ends the copy. */
  readonly onBytes: (count: number) => void;
}

export interface CopiedContent {
  /** Holes are not. */
  readonly writtenBytes: number;
  /** Where it ended: before the size noted if the source did. */
  readonly endBytes: number;
  /**
   * The file grew with its content, from start to end: a crash of the machine leaves it too short. Any other
   * file may have its full size on the disk before its content is there.
   */
  readonly growsInOrder: boolean;
}

/** @throws SystemError that names the failing side's path */
export async function copyContent(
  source: OpenFile,
  destination: OpenFile,
  request: CopyRequest,
): Promise<CopiedContent> {
  const { inPlace, onBytes, pace, sizeBytes, startBytes = 0 } = request;
  if (!inPlace && !mayHaveHoles(request)) {
    const copied = await copySmall(source, destination, request);
    if (copied !== undefined) {
      onBytes(copied);
      return { writtenBytes: copied, endBytes: copied, growsInOrder: true };
    }
  }
  const ranges = mayHaveHoles(request) ? dataRanges(source, sizeBytes) : undefined;
  const first = await ranges?.next();
  const skipZeros = isAllData(first, sizeBytes);
  const growsInOrder = !inPlace && startBytes === 0;
  const copy: Copy = {
    source, destination, inPlace, skipZeros, pace, onBytes, writtenBytes: 0, growsInOrder,
  }; // prettier-ignore
  const isRanged = ranges !== undefined && first !== undefined && !skipZeros;
  const endBytes = isRanged
    ? await copyDataRanges(copy, { sizeBytes, ranges, first })
    : await copyWhole(copy, request);
  return { writtenBytes: copy.writtenBytes, endBytes, growsInOrder: copy.growsInOrder };
}

async function copyWhole(copy: Copy, { startBytes = 0, sizeBytes }: CopyRequest): Promise<number> {
  const end = sizeBytes === 0 ? 0 : await copyRange(copy, { offset: startBytes, end: sizeBytes });
  // After skipped zeros the size is not yet what it should be; in place, older content may follow.
  if (copy.inPlace || copy.skipZeros) await cutToSize(copy, end);
  return end;
}

interface KnownRanges {
  readonly sizeBytes: number;
  readonly ranges: AsyncGenerator<DataRange, void>;
  readonly first: IteratorResult<DataRange, void>;
}

async function copyDataRanges(copy: Copy, known: KnownRanges): Promise<number> {
  const { source, destination, inPlace } = copy;
  let position = 0;
  for (let { first: next } = known; next.done !== true; next = await known.ranges.next()) {
    if (inPlace) await clearRange(destination, position, next.value.offset);
    position = await copyRange(copy, next.value);
    if (position < next.value.end) {
      await cutToSize(copy, position);
      return position;
    }
  }
  const end = Math.min(known.sizeBytes, await endOf(source));
  if (inPlace) await clearRange(destination, position, end);
  if (inPlace || position !== end) await cutToSize(copy, end);
  return end;
}

/** ext4: puts this size on the disk with its next commit, the content up to half a minute later. */
async function cutToSize(copy: Copy, sizeBytes: number): Promise<void> {
  copy.growsInOrder = false;
  await truncate(copy.destination, sizeBytes);
}
