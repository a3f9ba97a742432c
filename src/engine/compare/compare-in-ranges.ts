/** Has all workers compare a large file, a range each, up to the first range that is not equal. */
import { byteRanges, type ByteRange } from '../../policy/compare/byte-ranges.ts';
import { doInRanges, type RangedJob } from '../context/ranged-job.ts';
import { type Run, runUnit } from '../context/run.ts';
import type { LargeFile, RangeContent } from '../messages/large-file.ts';

export interface RangesComparison {
  readonly content: RangeContent;
  readonly countedBytes: number;
}

/** @param counts as verified @throws Interrupted, FatalError */
export async function compareInRanges(
  run: Run,
  { directoryPath, name, source: { sizeBytes, blocks } }: LargeFile,
  { counts, finish }: { counts: boolean; finish: (compared: RangesComparison) => Promise<void> },
): Promise<void> {
  let content: RangeContent = 'equal';
  let countedBytes = 0;
  const job: RangedJob<true> = {
    // Each range opens both files for itself.
    open: async () => true as const,
    ranges: () => byteRanges(sizeBytes),
    work: async (_opened, { offset, end }: ByteRange) => {
      // Read one byte past the noted size: a file that has grown has more content.
      const range = { offset, end: end === sizeBytes ? sizeBytes + 1 : end };
      const unit = { unit: 'compareRange', directoryPath, name, sizeBytes, blocks, counts, range } as const;
      const result = await runUnit(run, unit);
      countedBytes += result.countedBytes;
      if (content === 'equal' || result.content === 'differs') content = result.content;
      return content === 'equal';
    },
    finish: () => finish({ content, countedBytes }),
  };
  await doInRanges(job, run.crew.unitsUnderWay);
}
