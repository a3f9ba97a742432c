/** The worker's side of Preparing. */
import { newFindings } from '../findings.ts';
import { timeDirectory } from '../time-directory.ts';
import type { PrepareResult } from '../units.ts';
import type { LargeFile } from '../walking/large-file.ts';
import type { WalkUnit } from '../walking/walk.ts';
import { walkUnit } from '../walking/walk-unit.ts';
import type { WorkerContext } from '../worker-context.ts';
import { prepareDirectory } from './prepare-directory.ts';

export async function servePrepare(context: WorkerContext, unit: WalkUnit): Promise<PrepareResult> {
  const findings = newFindings();
  const largeFiles: LargeFile[] = [];
  const leftover = await walkUnit(unit, {
    laneCount: context.laneCount,
    isStopped: () => context.stop.isRaised || context.plan.isFull,
    visit: (task, found) => {
      const preparing = { context, findings, largeFiles, found };
      const at = { phase: 'preparing', path: task.path } as const;
      return timeDirectory(preparing, at, () => prepareDirectory(preparing, task));
    },
  });
  context.flushSpools();
  return { unit: 'prepare', findings, leftover, largeFiles, refs: context.plan.takeRefs() };
}
