/**
 * Copies a file's content into an open destination file, holes as holes. Stops at the size noted or at the
 * source's end, whichever comes first. The caller checks whether the source changed.
 */
import { type Copy, type CopyPace, copyRange } from './copy-range.ts';
import { clearRange, truncate } from './make-holes.ts';
import { readBlock } from '../block-io.ts';
import { type DataRange, dataRanges, isAllData, mayHaveHoles, endOf } from '../data-ranges.ts';
import type { OpenFile } from '../root.ts';
import { takeSmallBuffer, releaseSmallBuffer, SMALL_BUFFER_SIZE_BYTES } from '../buffer-pool.ts';

export interface CopyRequest {
  /** The source's size, as noted. */
  readonly sizeBytes: number;
  readonly blocks: number;
  /** Bytes at the start that the destination already holds; only for files without holes. */
  readonly startBytes?: number;
  readonly pace?: CopyPace | undefined;
  /** Turns stored zeros into holes as well (`--sparse`). */
  readonly makesHoles?: boolean;
  /** True: the destination holds older content. False: it is new and empty. */
  readonly inPlace: boolean;
  /** Called after bytes were written; an exception ends the copy. */
  readonly onBytes: (count: number) => void;
}

export interface CopiedContent {
  /** Without holes. */
  readonly writtenBytes: number;
  /** Where the source ended: before the size noted if it is shorter, past it if it goes on. */
  readonly endBytes: number;
  /**
   * The file grew from start to end, so a crash of the machine leaves it too short. Any other file may have
   * its full size on the disk before its content.
   */
  readonly growsInOrder: boolean;
}

/** @throws SystemError that names the failing side's path */
export async function copyContent(
  source: OpenFile,
  destination: OpenFile,
  request: CopyRequest,
): Promise<CopiedContent> {
  const { inPlace, onBytes, pace, sizeBytes, startBytes = 0, makesHoles = false } = request;
  if (!inPlace && !makesHoles && !mayHaveHoles(request)) {
    const copied = await copySmall(source, destination, request);
    if (copied !== undefined) {
      const writtenBytes = copied > sizeBytes ? 0 : copied;
      onBytes(writtenBytes);
      return { writtenBytes, endBytes: copied, growsInOrder: true };
    }
  }
  const ranges = mayHaveHoles(request) ? dataRanges(source, sizeBytes) : undefined;
  const first = await ranges?.next();
  const tellsNoHoles = isAllData(first, sizeBytes);
  const skipZeros = makesHoles || tellsNoHoles;
  const growsInOrder = !inPlace && startBytes === 0;
  const copy: Copy = {
    source, destination, inPlace, skipZeros, pace, onBytes, writtenBytes: 0, endsInHole: false, growsInOrder,
  }; // prettier-ignore
  const isRanged = ranges !== undefined && first !== undefined && !tellsNoHoles;
  const copiedEnd = isRanged
    ? await copyDataRanges(copy, { sizeBytes, ranges, first })
    : await copyWhole(copy, request);
  const endBytes = await endSeen(source, copiedEnd, sizeBytes);
  return { writtenBytes: copy.writtenBytes, endBytes, growsInOrder: copy.growsInOrder };
}

/**
 * Where the source ends, as far as that can be seen. Looks one byte past the size noted, as file systems that
 * generate content (procfs, FUSE) may report any size. PERF: one more call, which the client answers without
 * the server where it keeps pages.
 */
export async function endSeen(source: OpenFile, copiedEnd: number, sizeBytes: number): Promise<number> {
  if (copiedEnd !== sizeBytes) return copiedEnd;
  return sizeBytes + (await readBlock(source, Buffer.alloc(1), sizeBytes));
}

async function copyWhole(copy: Copy, { startBytes = 0, sizeBytes }: CopyRequest): Promise<number> {
  const end = sizeBytes === 0 ? 0 : await copyRange(copy, { offset: startBytes, end: sizeBytes });
  // Skipped zeros leave the file too short. In place, older content may follow the end.
  if (copy.inPlace || copy.endsInHole) await cutToSize(copy, end);
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
  if (inPlace || copy.endsInHole || position !== end) await cutToSize(copy, end);
  return end;
}

/** ext4: puts this size on the disk with its next commit, but the content up to half a minute later. */
async function cutToSize(copy: Copy, sizeBytes: number): Promise<void> {
  copy.growsInOrder = false;
  await truncate(copy.destination, sizeBytes);
}

/**
 * Gives the bytes copied. If the source has more than noted, writes nothing and gives one more. Undefined
 * after a short read, an error, or no free buffer: the general copy then starts over and continues, repeats,
 * or reports the failure. PERF: ten promises fewer per file.
 */
async function copySmall(
  source: OpenFile,
  destination: OpenFile,
  { sizeBytes, pace }: { readonly sizeBytes: number; readonly pace?: CopyPace | undefined },
): Promise<number | undefined> {
  const buffer = sizeBytes < SMALL_BUFFER_SIZE_BYTES ? takeSmallBuffer() : undefined;
  if (buffer === undefined) return undefined;
  try {
    if (pace !== undefined) await pace.admit(sizeBytes);
    const count = await source.linux.pread(source.fd, buffer, sizeBytes + 1, 0);
    if (count !== sizeBytes) return count > sizeBytes ? count : undefined;
    const written = await destination.linux.local.pwrite(destination.fd, buffer, sizeBytes, 0);
    return written === sizeBytes ? written : undefined;
  } finally {
    releaseSmallBuffer(buffer);
  }
}
