/**
 * Syncing: applies the plan in an order in which nothing is lost.
 *
 *   names get their spelling from the source                  [0]
 *   entries that block an entry of another kind are removed   [1]
 *   directories are made, parents before their children;      [2]
 *   those without subdirectories are made with their files
 *   files, symbolic links and special files are written;      [3]
 *   with --track-renames files are moved
 *   (with --delay-updates files get their names after that)
 *   names are linked to their leaders; names that cannot      [4]
 *   be linked get a leader of their own, and so on
 *   extraneous names are removed                              [5]
 *   extraneous directories are removed, deepest first, and    [6]
 *   the metadata of the other directories is set
 *   everything is flushed to the disk                         [7]
 *   both roots must still be those that the run began with    [8]
 */
import type { Job } from '../../flow/lanes.ts';
import { linkLimitOf } from '../../policy/file-systems/destination-limits.ts';
import { isDeleteLimitReached } from '../../policy/guard.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { distributeRecords } from '../../engine/context/distribute-records.ts';
import type { PackedRecords } from '../../engine/plan/plan-spool.ts';
import type { RecordRefs } from '../../engine/plan/record-refs.ts';
import { guardDeletions, guardUnchangedRoots } from '../../engine/roots/guard-roots.ts';
import { lockRoot } from '../lock-directories.ts';
import { resolveLinks } from '../resolve-links.ts';
import { SHARED_JOBS } from '../../model/concurrency.ts';
import { lookAgain } from './look-again.ts';
import { discardDelayed } from './delayed-files.ts';
import { withOwnTemporaries } from './names/own-temporaries.ts';
import { flushDestination } from './flush-destination.ts';
import type { ApplyResult, ApplyUnit } from '../../engine/messages/units.ts';
import type { LargeCopy } from '../../engine/messages/copy-steps.ts';
import { runUnit, type Run } from '../../engine/context/run.ts';
import { timeSharedWork } from '../../engine/context/statistics.ts';

export async function applyPlan(run: Run, plan: Plan): Promise<void> {
  if (!run.task.settings.delayUpdates) return applyRecords(run, plan);
  try {
    await applyRecords(run, plan);
  } catch (error) {
    await discardDelayed(run, plan);
    throw error;
  }
}

async function applyRecords(run: Run, plan: Plan): Promise<void> {
  const mayDelete = !run.results.deleteLimitReached;
  run.results.hasBegunWriting = true;
  for (const level of plan.respellingLevels) {
    await applyAll(run, level, (packed) => ({ unit: 'respellNames', ...packed })); // [0]
  }
  if (mayDelete) {
    await applyAll(run, plan.makeWayRemovals, (packed) => ({ unit: 'removeNames', ...packed })); // [1]
    for (const level of plan.makeWayLevels.toReversed()) {
      await applyAll(run, level, (packed) => ({ unit: 'finishDirectories', mayDelete, ...packed }));
    }
  }
  await withOwnTemporaries(run, async () => {
    await makeDirectories(run, plan); // [2]
    await writeSections(run, plan.sections); // [3]
    await linkNames(run, plan); // [4]
  });
  const mayStillDelete = mayDelete && !exceedsLimit(run);
  if (mayStillDelete) {
    await applyAll(run, plan.removals, (packed) => ({ unit: 'removeNames', ...packed })); // [5]
  }
  for (const level of plan.directoryLevels.toReversed()) {
    const unit = { unit: 'finishDirectories', mayDelete: mayStillDelete } as const;
    await applyAll(run, level, (packed) => ({ ...unit, ...packed })); // [6]
  }
  await lockRoot(run);
  await lookAgain(run);
  await flushDestination(run); // [7]
  await guardUnchangedRoots(run); // [8]
}

/** With `--delay-updates` files get their names only after all are written. */
async function writeSections(run: Run, sections: RecordRefs): Promise<void> {
  await applyAll(run, sections, sectionsUnits(run));
  await placeWaiting(run, sections);
}

async function placeWaiting(run: Run, sections: RecordRefs): Promise<void> {
  if (!run.task.settings.delayUpdates) return;
  await applyAll(run, sections, (packed) => ({ unit: 'placeFiles', ...packed }));
}

/** Files that were to be moved and had to be copied are deletions now. */
function exceedsLimit({ counters, results, task }: Run): boolean {
  const { entriesToDelete: deletions, destinationEntries } = counters.totals();
  const { trackRenames, deleteLimit } = task.settings;
  if (trackRenames && isDeleteLimitReached(deleteLimit, { deletions, destinationEntries })) {
    results.deleteLimitReached = true;
  }
  return results.deleteLimitReached;
}

/**
 * Each level ends with directories whose names may be taken. If one is taken, nothing is done in it from then
 * on.
 */
async function makeDirectories(run: Run, plan: Plan): Promise<void> {
  for (const [depth, level] of plan.directoryLevels.entries()) {
    await applyAll(run, level, directoriesUnit);
    const claims = plan.claimLevels[depth];
    if (claims !== undefined) await applyAll(run, claims, directoriesUnit);
  }
}

function directoriesUnit(packed: PackedRecords): ApplyUnit {
  return { unit: 'makeDirectories', ...packed };
}

/** Most leaders that a group may try: each round reads all remaining names. */
const MOST_ROUNDS = 32;

async function linkNames(run: Run, plan: Plan): Promise<void> {
  let names = plan.linkSections;
  for (let round = 1; ; round++) {
    let limit = 0;
    const mayReplaceLeader = round < MOST_ROUNDS;
    await applyAll(run, names, sectionsUnits(run, mayReplaceLeader), ({ refused }) => {
      if (refused === undefined) return;
      plan.take(refused.records);
      // An inode that refuses another name shows the limit by its link count.
      limit = Math.max(limit, refused.limit);
    });
    // Files whose names another of their directory may be taken for.
    await placeWaiting(run, names);
    const fallbackLimit = mayReplaceLeader ? linkLimitOf(run.destination.mount) : 1;
    const isReason = limit > 0;
    const further = resolveLinks(run, plan, { limit: isReason ? limit : fallbackLimit, isReason });
    if (further === undefined) return;
    await writeSections(run, further.sections);
    names = further.linkSections;
  }
}

function sectionsUnits({ counters }: Run, mayReplaceLeader = false): (packed: PackedRecords) => ApplyUnit {
  const { filesToTransfer } = counters.totals();
  return (packed) => ({ unit: 'applySections', mayReplaceLeader, filesToTransfer, ...packed });
}

async function applyAll(
  run: Run,
  records: RecordRefs,
  unitOf: (packed: PackedRecords) => ApplyUnit,
  take?: (result: ApplyResult) => void,
): Promise<void> {
  const begin = async (packed: PackedRecords): Promise<Job[]> => {
    const { takenDirectories, foundThere } = run.results;
    const unit = { ...unitOf(packed), taken: takenDirectories, foundThere };
    if (mayRemove(unit, run)) await guardDeletions(run);
    const result = await runUnit(run, unit);
    takenDirectories.push(...result.taken);
    foundThere.push(...result.foundThere);
    take?.(result);
    return result.largeFiles.map((file) => () => copyLargeFile(run, file));
  };
  await distributeRecords(run, records, { begin, jobsAtOnce: filesAtOnce(run) });
}

async function copyLargeFile(run: Run, file: LargeCopy): Promise<void> {
  const place = { phase: 'syncing', path: file.directoryPath } as const;
  const unit = { unit: 'copyFile', file, isOneRange: isCopiedUnderLock(run) } as const;
  await timeSharedWork(run, place, async () => void (await runUnit(run, unit)));
}

function mayRemove(unit: ApplyUnit, { task, counters }: Run): boolean {
  const moves = task.settings.trackRenames && counters.totals().filesToMove > 0;
  if (unit.unit === 'applySections' && moves) return true;
  return unit.unit === 'removeNames' || (unit.unit === 'finishDirectories' && unit.mayDelete);
}

/**
 * Only as many files as keep all workers busy: an interrupted run loses most of each unfinished file. If each
 * file has one worker, that is one per worker.
 */
function filesAtOnce(run: Run): number {
  return isCopiedUnderLock(run) ? run.crew.count : SHARED_JOBS;
}

function isCopiedUnderLock({ source, destination }: Run): boolean {
  return source.device === destination.device && destination.copiesUnderFileLock;
}
