/** Copies one range of a file: within the kernel where it can, else through buffers, several in flight. */
import { readBlock, writeBlock } from './block-io.ts';
import { BUFFER_SIZE_BYTES, SMALL_BUFFER_SIZE_BYTES, withBuffer, withSmallBuffer } from './buffer-pool.ts';
import { clearRange } from './clear-range.ts';
import type { CopyPace } from './copy-pace.ts';
import type { DataRange } from './data-ranges.ts';
import type { OpenFile } from './root.ts';
import { settleAll } from './settle-all.ts';
import { FIRST_STEP_BYTES, nextStepBytes } from './step-length.ts';
import { zeroRuns } from './zero-runs.ts';

/** A copy under way. */
export interface Copy {
  readonly source: OpenFile;
  readonly destination: OpenFile;
  readonly inPlace: boolean;
  /** The source has holes but its file system does not say where: do not write the zeros it reads as. */
  readonly skipZeros: boolean;
  readonly pace: CopyPace | undefined;
  readonly onBytes: (count: number) => void;
  writtenBytes: number;
  /** As in `CopiedContent`. */
  growsInOrder: boolean;
}

/** Blocks of one file in flight: hides the read's round trip behind the writes of others. */
const OVERLAPPING_LANES = 4;

/** Gives where it ended: before `range.end` if the source did. */
export async function copyRange(copy: Copy, range: DataRange): Promise<number> {
  const lengthBytes = range.end - range.offset;
  if (lengthBytes <= SMALL_BUFFER_SIZE_BYTES) {
    const copied = await withSmallBuffer((buffer) =>
      copyBlock(copy, buffer.subarray(0, lengthBytes), range.offset),
    );
    return range.offset + copied;
  }
  const offset = canCopyInKernel(copy) ? await copyInKernel(copy, range) : range.offset;
  return offset === range.end ? offset : copyThroughBuffers(copy, { offset, end: range.end });
}

/** Each mount has its style of call, so two styles are two file systems: the kernel would say EXDEV. */
function canCopyInKernel(copy: Copy): boolean {
  return copy.source.linux.style === copy.destination.linux.style && !copy.skipZeros;
}

/**
 * copy_file_range(2) as far as it goes; gives how far. Whatever it fails with, reading and writing the
 * rest works or shows which side failed and why. PERF: between two file systems EXDEV comes before any
 * I/O, 1 µs a large file, so nobody needs to remember it.
 */
async function copyInKernel(copy: Copy, range: DataRange): Promise<number> {
  const { source, destination } = copy;
  const [from, into] = [Buffer.alloc(8), Buffer.alloc(8)];
  let { offset } = range;
  let stepBytes = FIRST_STEP_BYTES;
  while (offset < range.end) {
    from.writeBigInt64LE(BigInt(offset));
    into.writeBigInt64LE(BigInt(offset));
    const lengthBytes = paced(copy, Math.min(stepBytes, range.end - offset));
    await copy.pace?.admit(lengthBytes);
    const startMs = performance.now();
    const count = await source.linux.copy_file_range(source.fd, from, destination.fd, into, lengthBytes, 0);
    if (count < lengthBytes) copy.pace?.takeBack(lengthBytes - Math.max(0, count));
    if (count <= 0) break;
    stepBytes = nextStepBytes(stepBytes, performance.now() - startMs, source.linux.style);
    offset += count;
    account(copy, count);
  }
  return offset;
}

async function copyThroughBuffers(copy: Copy, range: DataRange): Promise<number> {
  let next = range.offset;
  let { end } = range;
  const copyBlocks = async (buffer: Buffer): Promise<void> => {
    while (next < end) {
      const offset = next;
      next = Math.min(end, offset + paced(copy, buffer.length));
      const block = buffer.subarray(0, next - offset);
      const count = await copyBlock(copy, block, offset);
      if (count < block.length) end = Math.min(end, offset + count);
    }
  };
  const lane = async (): Promise<void> => {
    try {
      await withBuffer(copyBlocks);
    } catch (error) {
      end = range.offset; // Stops the other lanes.
      throw error;
    }
  };
  const lanes = laneCount(copy, range);
  if (lanes > 1) copy.growsInOrder = false;
  await settleAll(Array.from({ length: lanes }, lane));
  return end;
}

/** Cutting off the destination at a hole, as `clearRange` may, allows nothing ahead of it. */
function laneCount(copy: Copy, range: DataRange): number {
  const overlaps =
    copy.source.linux.style === 'overlapping' || copy.destination.linux.style === 'overlapping';
  if (!overlaps || copy.skipZeros) return 1;
  return Math.min(OVERLAPPING_LANES, Math.ceil((range.end - range.offset) / BUFFER_SIZE_BYTES));
}

/** Gives the count read: less than asked for at the end of the source. */
async function copyBlock(copy: Copy, buffer: Buffer, offset: number): Promise<number> {
  await copy.pace?.admit(buffer.length);
  const count = await readBlock(copy.source, buffer, offset);
  const block = count === buffer.length ? buffer : buffer.subarray(0, count);
  if (copy.skipZeros) await writeAroundZeros(copy, block, offset);
  else if (count > 0) {
    await writeBlock(copy.destination, block, offset);
    account(copy, count);
  }
  return count;
}

async function writeAroundZeros(copy: Copy, block: Buffer, offset: number): Promise<void> {
  for (const { start, end, isZero } of zeroRuns(block)) {
    if (!isZero) {
      await writeBlock(copy.destination, block.subarray(start, end), offset + start);
      account(copy, end - start);
    } else if (copy.inPlace) await clearRange(copy.destination, offset + start, offset + end);
  }
}

function paced({ pace }: Copy, lengthBytes: number): number {
  return Math.min(lengthBytes, pace?.stepBytes ?? Infinity);
}

function account(copy: Copy, count: number): void {
  copy.writtenBytes += count;
  copy.onBytes(count);
}
