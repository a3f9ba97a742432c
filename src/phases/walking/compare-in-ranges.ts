/** Has all workers compare a large file, a range each: no unit of work waits for another. */
import { forEachLane } from '../../flow/lanes.ts';
import { byteRanges } from '../../policy/byte-ranges.ts';
import { runUnit, type Run } from '../run.ts';
import type { CompareRangeUnit } from '../units.ts';
import type { RangeContent } from './range-content.ts';

export interface RangesComparison {
  readonly content: RangeContent;
  readonly countedBytes: number;
}

/** Ends at the first range that is not equal. @throws Interrupted, FatalError */
export async function compareInRanges(
  run: Run,
  file: Omit<CompareRangeUnit, 'unit' | 'range'>,
): Promise<RangesComparison> {
  let content: RangeContent = 'equal';
  let countedBytes = 0;
  const { sizeBytes } = file;
  await forEachLane(byteRanges(sizeBytes), run.crew.unitsUnderWay, async ({ offset, end }) => {
    if (content !== 'equal') return;
    // What follows the size that was noted is content too.
    const range = { offset, end: end === sizeBytes ? Infinity : end };
    const result = await runUnit(run, { unit: 'compareRange', ...file, range });
    countedBytes += result.countedBytes;
    if (content === 'equal' || result.content === 'differs') content = result.content;
  });
  return { content, countedBytes };
}
