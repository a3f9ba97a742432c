/** The worker's side of comparing one range of a large file. */
import { Interrupted } from '../../model/run/errors.ts';
import { SystemError } from '../../linux/system-error.ts';
import { newFindings } from '../messages/findings.ts';
import { retrying } from '../context/retrying.ts';
import { throwIfStopped } from '../../flow/stop-flag.ts';
import type { CompareRangeResult, CompareRangeUnit, RangeContent } from '../messages/large-file.ts';
import type { AttemptContext } from '../context/worker-context.ts';
import { openBoth, useBoth } from '../march/both-sides.ts';
import { compareRange } from './compare-content.ts';

export async function serveCompareRange(
  context: AttemptContext,
  work: CompareRangeUnit,
): Promise<CompareRangeResult> {
  let countedBytes = 0;
  const add = (count: number): void => {
    countedBytes += count;
    if (work.counts) context.counters.add('bytesVerified', count);
    else context.heartbeat.beat();
  };
  const content = await retryOrGiveUp(context, async () => {
    // Take back the bytes that an earlier attempt counted.
    add(-countedBytes);
    return compare(context, work, (count) => {
      throwIfStopped(context);
      add(count);
    });
  });
  return { unit: 'compareRange', findings: newFindings(), content, countedBytes };
}

async function compare(
  context: AttemptContext,
  work: CompareRangeUnit,
  onBytes: (count: number) => void,
): Promise<RangeContent> {
  const { directoryPath, name } = work;
  const both = await openBoth(context, directoryPath);
  const isEqual = await useBoth(both, (sourceDirectory, destinationDirectory) =>
    compareRange(context, { sourceDirectory, destinationDirectory, name }, { ...work, onBytes }),
  );
  return isEqual ? 'equal' : 'differs';
}

async function retryOrGiveUp(
  context: AttemptContext,
  attempt: () => Promise<RangeContent>,
): Promise<RangeContent> {
  try {
    return await retrying(context, attempt);
  } catch (error) {
    // Report no error here: the worker that reads the whole file reports the call and the side.
    if (error instanceof SystemError || error instanceof Interrupted) return 'unread';
    throw error;
  }
}
