/** The worker's side of comparing one range of a large file. */
import { Interrupted } from '../../errors.ts';
import { SystemError } from '../../filesystem/linux/system-error.ts';
import { childPath } from '../../filesystem/root.ts';
import { newFindings } from '../findings.ts';
import { throwIfStopped } from '../throw-if-stopped.ts';
import type { CompareRangeResult, CompareRangeUnit } from '../units.ts';
import type { WorkerContext } from '../worker-context.ts';
import { withBothDirectories } from './both-sides.ts';
import { compareRange } from './compare-content.ts';
import type { RangeContent } from './range-content.ts';

export async function serveCompareRange(
  context: WorkerContext,
  work: CompareRangeUnit,
): Promise<CompareRangeResult> {
  let countedBytes = 0;
  const slot = context.activity.begin(`comparing ${childPath(work.directoryPath, work.name)}`);
  try {
    const content = await compare(context, work, (count) => {
      throwIfStopped(context);
      countedBytes += count;
      if (work.counts) context.counters.add('bytesVerified', count);
      else context.heartbeat.beat();
    });
    return { unit: 'compareRange', findings: newFindings(), content, countedBytes };
  } finally {
    context.activity.end(slot);
  }
}

async function compare(
  context: WorkerContext,
  work: CompareRangeUnit,
  onBytes: (count: number) => void,
): Promise<RangeContent> {
  const { directoryPath, name } = work;
  try {
    const isEqual = await withBothDirectories(
      context,
      directoryPath,
      (sourceDirectory, destinationDirectory) =>
        compareRange(context, { sourceDirectory, destinationDirectory, name }, { ...work, onBytes }),
    );
    return isEqual ? 'equal' : 'differs';
  } catch (error) {
    // Which call failed, and on which side, is for the worker to say that reads the whole file.
    if (error instanceof SystemError || error instanceof Interrupted) return 'unread';
    throw error;
  }
}
