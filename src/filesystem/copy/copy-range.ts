/** Copies one range of a file: within the kernel if possible, else through buffers, several in flight. */
import { readBlock, writeBlock } from '../block-io.ts';
import { clearRange, zeroRuns } from './make-holes.ts';
import { BUFFER_SIZE_BYTES, SMALL_BUFFER_SIZE_BYTES, withBuffer, withSmallBuffer } from '../buffer-pool.ts';
import type { DataRange } from '../data-ranges.ts';
import type { OpenFile } from '../root.ts';
import { settleAll } from '../../flow/lanes.ts';
import { BLOCKS_PER_FILE } from '../../model/concurrency.ts';
import type { Awaitable, CallStyle } from '../../linux/call-table.ts';

/** Slows a copy down: the copy asks before it moves bytes, so that none move ahead of their time. */
export interface CopyPace {
  /** The current maximum for one request. */
  readonly stepBytes: number;
  /** Waits until `count` bytes may be moved. */
  admit(count: number): Awaitable<void>;
  /** Returns `count` bytes that were admitted but not moved. */
  takeBack(count: number): void;
}

/** A copy in progress. */
export interface Copy {
  readonly source: OpenFile;
  readonly destination: OpenFile;
  readonly inPlace: boolean;
  /**
   * Does not write zeros: they are to become holes, or are holes that the source's file system does not
   * report.
   */
  readonly skipZeros: boolean;
  readonly pace: CopyPace | undefined;
  readonly onBytes: (count: number) => void;
  writtenBytes: number;
  /** The last block was skipped zeros, so the file is still too short. */
  endsInHole: boolean;
  /** As in `CopiedContent`. */
  growsInOrder: boolean;
}

/** Gives the end of the copy: before `range.end` if the source ended earlier. */
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

/** Each mount has one style of call, so two styles mean two file systems: the kernel would answer EXDEV. */
function canCopyInKernel(copy: Copy): boolean {
  return copy.source.linux.style === copy.destination.linux.style && !copy.skipZeros;
}

/**
 * Copies with copy_file_range(2) as far as that works, and gives the end. After any error, reading and
 * writing the rest either works or shows which side failed and why. PERF: between two file systems EXDEV
 * comes before any I/O and costs 1 µs per large file, so nobody remembers it.
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

/**
 * How much one call copies within the kernel: until it ends it reports no progress and cannot be stopped.
 * PERF: 8 GiB on ext4 took 5.2 s in calls of 256 MiB, 7.8 in calls of 16 (median of 8 pairs).
 */
const MIB = 1024 * 1024;
export const FIRST_STEP_BYTES = 16 * MIB;
const LONGEST_STEP_BYTES = 256 * MIB;
const SHORT_MS = 250;
const LONG_MS = 1000;

/** Steps stay short when the server copies, as it has other users. */
export function nextStepBytes(stepBytes: number, tookMs: number, style: CallStyle): number {
  if (style !== 'blocking') return FIRST_STEP_BYTES;
  if (tookMs < SHORT_MS) return Math.min(LONGEST_STEP_BYTES, stepBytes * 2);
  return tookMs > LONG_MS ? Math.max(FIRST_STEP_BYTES, stepBytes / 2) : stepBytes;
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

/**
 * One lane with `skipZeros`: `clearRange` may cut the destination at a hole, which would lose blocks ahead of
 * it.
 */
function laneCount(copy: Copy, range: DataRange): number {
  const overlaps =
    copy.source.linux.style === 'overlapping' || copy.destination.linux.style === 'overlapping';
  if (!overlaps || copy.skipZeros) return 1;
  return Math.min(BLOCKS_PER_FILE, Math.ceil((range.end - range.offset) / BUFFER_SIZE_BYTES));
}

/** Gives the count read: fewer than asked for at the end of the source. */
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
    copy.endsInHole = isZero;
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
