/**
 * Compares two files byte by byte and digests them on the way. A long hole that both have is not read: it
 * goes into both digests as its offset and length, or with `digestsHoles` as the zeros it reads as. So, and
 * without such a hole, a digest is what xxhsum(1) or sha256sum(1) prints.
 */
import { readBlock } from './block-io.ts';
import { SMALL_BUFFER_SIZE_BYTES, withBufferPair } from './buffer-pool.ts';
import { compareSmall } from './compare-small.ts';
import { firstDifference, type CompareRequest, type ContentComparison } from './content-comparison.ts';
import { createDigester, digestRange, dropCache, type Digester } from './content-digest.ts';
import { mayHaveHoles, type DataRange } from './data-ranges.ts';
import { rangesOfEither } from './shared-ranges.ts';
import type { OpenFile } from './root.ts';
import { settleAll } from './settle-all.ts';

export type { CompareRequest, ContentComparison };

/** @throws SystemError that names the failing side's path */
export async function compareContents(
  source: OpenFile,
  destination: OpenFile,
  request: CompareRequest,
): Promise<ContentComparison> {
  if (request.dropSourceCache) await dropCache(source);
  if (request.dropDestinationCache) await dropCache(destination);
  if (request.sizeBytes < SMALL_BUFFER_SIZE_BYTES) {
    const compared = await compareSmall(source, destination, request);
    if (compared !== undefined) return compared;
  }
  const digester = createDigester(request.digest);
  const work = { source, destination, request, digester, differsAt: undefined, bytesRead: 0 };
  return withBufferPair((first, second) => compareAll(work, [first, second]));
}

interface Work {
  readonly source: OpenFile;
  readonly destination: OpenFile;
  readonly request: CompareRequest;
  /** Of the source. */
  readonly digester: Digester;
  differsAt: number | undefined;
  bytesRead: number;
}

type BufferPair = readonly [Buffer, Buffer];

/**
 * PERF: Buffer.compare does 41 GiB/s, XXH64 9.9, SHA-256 1.5, so equal bytes are digested once, for both.
 * At a difference the destination is read again from its start: a digest under way cannot be cloned.
 */
async function compareAll(work: Work, buffers: BufferPair): Promise<ContentComparison> {
  await walk(work, (range) => compareRange(work, range, buffers));
  const sourceDigest = work.digester.hex();
  if (work.differsAt === undefined) {
    return { equal: true, sourceDigest, destinationDigest: sourceDigest, bytesRead: work.bytesRead };
  }
  const destinationDigest = await digestDestination(work, buffers[1]);
  const { bytesRead, differsAt: firstDifferenceOffset } = work;
  return { equal: false, sourceDigest, destinationDigest, firstDifferenceOffset, bytesRead };
}

async function digestDestination(work: Work, buffer: Buffer): Promise<string> {
  const digester = createDigester(work.request.digest);
  // These bytes were reported when they were compared, as far as they were.
  const request = { sizeBytes: work.request.sizeBytes, onBytes: () => undefined };
  const digesting = { file: work.destination, digester, request };
  await walk({ ...work, digester }, async (range) => {
    work.bytesRead += await digestRange(digesting, range, buffer);
  });
  return digester.hex();
}

const WHOLE: DataRange = { offset: 0, end: Infinity };

/** Visits what must be read; the digester learns of what is left out. */
async function walk(work: Work, visit: (range: DataRange) => Promise<void>): Promise<void> {
  if (!mayHaveHoles(work.request)) {
    await visit(WHOLE);
    return;
  }
  let position = 0;
  for await (const range of rangesOfEither(work.source, work.destination, WHOLE)) {
    const lengthBytes = range.offset - position;
    if (lengthBytes > 0) await digestHole(work, position, lengthBytes);
    await visit(range);
    position = range.end;
  }
}

const ZEROS = Buffer.alloc(64 * 1024);

async function digestHole({ request, digester }: Work, position: number, lengthBytes: number): Promise<void> {
  if (request.digestsHoles !== true) {
    digester.update(Buffer.from(`hole ${position} ${lengthBytes}\n`));
    return;
  }
  for (let left = lengthBytes; left > 0; left -= ZEROS.length) {
    digester.update(ZEROS.subarray(0, Math.min(left, ZEROS.length)));
    await request.onBytes(0);
  }
}

async function compareRange(work: Work, range: DataRange, buffers: BufferPair): Promise<void> {
  for (let position = range.offset; position < range.end;) {
    const wanted = Math.min(buffers[0].length, range.end - position);
    const [mine, theirs] = await readBoth(work, position, [
      buffers[0].subarray(0, wanted),
      buffers[1].subarray(0, wanted),
    ]);
    work.digester.update(mine);
    if (theirs !== undefined && !mine.equals(theirs)) {
      work.differsAt = position + firstDifference(mine, theirs);
    }
    await work.request.onBytes(mine.length);
    if (mine.length < wanted) return;
    position += wanted;
  }
}

/** The source's bytes, and the destination's as long as there was no difference. */
async function readBoth(
  work: Work,
  offset: number,
  [first, second]: BufferPair,
): Promise<[Buffer, Buffer | undefined]> {
  const expectedEnd = work.request.sizeBytes;
  const reads = [readBlock(work.source, first, offset, expectedEnd)];
  if (work.differsAt === undefined) reads.push(readBlock(work.destination, second, offset, expectedEnd));
  const [mine = 0, theirs] = await settleAll(reads);
  work.bytesRead += mine + (theirs ?? 0);
  return [first.subarray(0, mine), theirs === undefined ? undefined : second.subarray(0, theirs)];
}
