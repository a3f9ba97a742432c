/** Into which ranges a large file is cut, so that all workers have a part in it, where they can. */

export interface ByteRange {
  readonly offset: number;
  /** First byte after it. */
  readonly end: number;
}

/** A smaller one takes less than the messages and the two opens that its ranges cost would win. */
const SMALLEST_SPLIT_BYTES = 64 * 1024 * 1024;
/** A whole number of blocks of any file system and of reads. */
const RANGE_BYTES = 32 * 1024 * 1024;
/** Of a copy that an interruption may cut short: what lies behind its first gap is copied again. */
const RESUMABLE_RANGE_BYTES = 8 * 1024 * 1024;
/** A file of terabytes has longer ranges rather than more: each is a message. */
const MOST_RANGES = 1024;

export function isSplit(sizeBytes: number): boolean {
  return sizeBytes > SMALLEST_SPLIT_BYTES;
}

export interface Cut {
  readonly startBytes?: number;
  readonly isResumable?: boolean;
  readonly isOneRange?: boolean;
}

/** From `startBytes` to the end, in order, without gaps. */
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
