/** Cuts a large file into ranges, so that all workers can share it. */

export interface ByteRange {
  readonly offset: number;
  /** First byte after it. */
  readonly end: number;
}

/** For a smaller file, the messages and two opens per range cost more than they gain. */
const SMALLEST_SPLIT_BYTES = 64 * 1024 * 1024;
/** A multiple of every file system's block size and of the read size. */
const RANGE_BYTES = 32 * 1024 * 1024;
/** For a copy that may be interrupted: everything after its first gap is copied again. */
const RESUMABLE_RANGE_BYTES = 8 * 1024 * 1024;
/** A file of terabytes gets longer ranges instead of more: each range is a message. */
const MOST_RANGES = 1024;

export function isSplit(sizeBytes: number): boolean {
  return sizeBytes > SMALLEST_SPLIT_BYTES;
}

export interface Cut {
  readonly startBytes?: number;
  readonly isResumable?: boolean;
  readonly isOneRange?: boolean;
}

/** Covers `startBytes` to the end, in order, without gaps. */
export function* byteRanges(
  sizeBytes: number,
  { startBytes = 0, isResumable = false, isOneRange = false }: Cut = {},
): Generator<ByteRange, void> {
  const lengthBytes = isOneRange ? sizeBytes : rangeLengthBytes(sizeBytes, isResumable);
  for (let offset = startBytes; offset < sizeBytes;) {
    const end = Math.min(sizeBytes, (Math.floor(offset / lengthBytes) + 1) * lengthBytes);
    yield { offset, end };
    offset = end;
  }
}

function rangeLengthBytes(sizeBytes: number, isResumable: boolean): number {
  const smallestBytes = isResumable ? RESUMABLE_RANGE_BYTES : RANGE_BYTES;
  return smallestBytes * Math.ceil(sizeBytes / (smallestBytes * MOST_RANGES));
}
