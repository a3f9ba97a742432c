/** The worker's side of comparing one range of a large file. */
import { Interrupted } from '../../errors.ts';
import { SystemError } from '../../filesystem/linux/system-error.ts';
import { newFindings } from '../findings.ts';
import { retrying } from '../retrying.ts';
import { throwIfStopped } from '../throw-if-stopped.ts';
import type { CompareRangeResult, CompareRangeUnit } from '../units.ts';
import type { WorkerContext } from '../worker-context.ts';
import { openBoth, useBoth } from './both-sides.ts';
import { compareRange } from './compare-content.ts';
import type { RangeContent } from './range-content.ts';

export async function serveCompareRange(
  context: WorkerContext,
  work: CompareRangeUnit,
): Promise<CompareRangeResult> {
  let countedBytes = 0;
  const add = (count: number): void => {
    countedBytes += count;
    if (work.counts) context.counters.add('bytesVerified', count);
    else context.heartbeat.beat();
  };
  const content = await retryOrGiveUp(context, async () => {
    // What an attempt before this one has counted.
    add(-countedBytes);
    return compare(context, work, (count) => {
      throwIfStopped(context);
      add(count);
    });
  });
  return { unit: 'compareRange', findings: newFindings(), content, countedBytes };
}

async function compare(
  context: WorkerContext,
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
  context: WorkerContext,
  attempt: () => Promise<RangeContent>,
): Promise<RangeContent> {
  try {
    return await retrying(context, attempt);
  } catch (error) {
    // Which call failed, and on which side, is for the worker to say that reads the whole file.
    if (error instanceof SystemError || error instanceof Interrupted) return 'unread';
    throw error;
  }
}
