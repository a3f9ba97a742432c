/** Finds the zeros in a block: what becomes holes where the source's file system cannot tell its own. */

export interface Run {
  readonly start: number;
  readonly end: number;
  readonly isZero: boolean;
}

/** Smallest hole of most file systems. */
const UNIT_SIZE_BYTES = 4096;
const zeros = Buffer.alloc(UNIT_SIZE_BYTES);

/** Cuts the block into runs of zero units and runs of others, in order. */
export function* zeroRuns(block: Buffer): Generator<Run, void> {
  for (let start = 0; start < block.length;) {
    const isZero = isZeroUnit(block, start);
    let end = start;
    do end = Math.min(end + UNIT_SIZE_BYTES, block.length);
    while (end < block.length && isZeroUnit(block, end) === isZero);
    yield { start, end, isZero };
    start = end;
  }
}

function isZeroUnit(block: Buffer, start: number): boolean {
  const end = Math.min(start + UNIT_SIZE_BYTES, block.length);
  return block.compare(zeros, 0, end - start, start, end) === 0;
}
