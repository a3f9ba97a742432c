/** Compares two small files: one read a side, and digests without state. */
import { readBlock } from './block-io.ts';
import { withSmallBufferPair } from './buffer-pool.ts';
import { firstDifference, type CompareRequest, type ContentComparison } from './content-comparison.ts';
import { digestOf } from './content-digest.ts';
import type { OpenFile } from './root.ts';
import { settleAll } from './settle-all.ts';

/** For sizes below 128 KiB. Undefined when a file has outgrown it. */
export function compareSmall(
  source: OpenFile,
  destination: OpenFile,
  request: CompareRequest,
): Promise<ContentComparison | undefined> {
  const { digest, sizeBytes } = request;
  return withSmallBufferPair(async (first, second) => {
    const reads = [readBlock(source, first, 0, sizeBytes), readBlock(destination, second, 0, sizeBytes)];
    const [mineBytes = 0, theirsBytes = 0] = await settleAll(reads);
    if (Math.max(mineBytes, theirsBytes) === first.length) return undefined;
    const [mine, theirs] = [first.subarray(0, mineBytes), second.subarray(0, theirsBytes)];
    await request.onBytes(mineBytes);
    const sourceDigest = digestOf(digest, mine);
    const compared = { sourceDigest, bytesRead: mineBytes + theirsBytes };
    // PERF: what is added to a spread stands before it: after it, Node 20 makes a hidden class each time, 1 µs
    // and 240 bytes that only a full collection frees (V8 11.3).
    if (mine.equals(theirs)) return { equal: true, destinationDigest: sourceDigest, ...compared };
    const destinationDigest = digestOf(digest, theirs);
    const firstDifferenceOffset = firstDifference(mine, theirs);
    return { equal: false, destinationDigest, firstDifferenceOffset, ...compared };
  });
}
