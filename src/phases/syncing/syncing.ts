/**
 * Syncing: applies the plan, in the order in which nothing is lost.
 *
 *   what is in the way of something of another kind goes      [1]
 *   directories are made, a parent before its children        [2]
 *   files, symbolic links and special files are written       [3]
 *   names are linked to what was written                      [4]
 *   extraneous names go                                       [5]
 *   deepest first: extraneous directories go, metadata is set [6]
 */
import { isDeleteLimitReached } from '../../policy/guard.ts';
import type { Plan } from '../plan/plan.ts';
import { shareOut } from '../plan/share-out.ts';
import type { RecordRefs } from '../plan/record-refs.ts';
import { guardDeletions } from '../guard-roots.ts';
import { copyInRanges } from './copy-in-ranges.ts';
import { runUnit, type Run } from '../run.ts';
import { timeSharedWork } from '../time-directory.ts';
import type { ApplyUnit } from '../units.ts';

export async function applyPlan(run: Run, plan: Plan): Promise<void> {
  const mayDelete = decideDeletion(run);
  if (mayDelete) {
    await applyAll(run, plan.makeWayRemovals, (refs) => ({ unit: 'removeNames', refs })); // [1]
    for (const level of plan.makeWayLevels.toReversed()) {
      await applyAll(run, level, (refs) => ({ unit: 'finishDirectories', refs, mayDelete }));
    }
  }
  for (const level of plan.directoryLevels) {
    await applyAll(run, level, (refs) => ({ unit: 'makeDirectories', refs })); // [2]
  }
  await applyAll(run, plan.sections, (refs) => ({ unit: 'applySections', refs })); // [3]
  await applyAll(run, plan.linkSections, (refs) => ({ unit: 'applySections', refs })); // [4]
  if (mayDelete) await applyAll(run, plan.removals, (refs) => ({ unit: 'removeNames', refs })); // [5]
  for (const level of plan.directoryLevels.toReversed()) {
    await applyAll(run, level, (refs) => ({ unit: 'finishDirectories', refs, mayDelete })); // [6]
  }
}

async function applyAll(
  run: Run,
  records: RecordRefs,
  unitOf: (refs: Float64Array) => ApplyUnit,
): Promise<void> {
  await shareOut(run, records, async (refs) => {
    const unit = unitOf(refs);
    if (mayRemove(unit)) await guardDeletions(run);
    const { largeFiles } = await runUnit(run, unit);
    for (const file of largeFiles) {
      const place = { phase: 'syncing', path: file.directoryPath } as const;
      await timeSharedWork(run, place, () => copyInRanges(run, file));
    }
  });
}

function mayRemove(unit: ApplyUnit): boolean {
  return unit.unit === 'removeNames' || (unit.unit === 'finishDirectories' && unit.mayDelete);
}

/** The limit is checked against all planned deletions, before the first one. */
function decideDeletion(run: Run): boolean {
  const { entriesToDelete, destinationEntries } = run.counters.totals();
  const counts = { deletions: entriesToDelete, destinationEntries };
  run.results.deleteLimitReached = isDeleteLimitReached(run.task.settings.deleteLimit, counts);
  return !run.results.deleteLimitReached;
}
