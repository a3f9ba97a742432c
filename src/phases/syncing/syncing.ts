/**
 * Syncing: applies the plan, in the order in which nothing is lost.
 *
 *   names get the spelling that they have in the source       [0]
 *   what is in the way of something of another kind goes      [1]
 *   directories are made, a parent before its children; those [2]
 *   that hold no other are made with what is in them
 *   files, symbolic links and special files are written       [3]
 *   names are linked to what was written; those that      [4]
 *   cannot be linked get a leader of their own, and so on
 *   extraneous names go                                       [5]
 *   deepest first: extraneous directories go, metadata is set [6]
 *   all of it reaches the disk                                [7]
 */
import type { Job } from '../../flow/lanes.ts';
import { linkLimitOf } from '../../policy/destination-limits.ts';
import { isDeleteLimitReached } from '../../policy/guard.ts';
import { Plan } from '../plan/plan.ts';
import { shareOut } from '../plan/share-out.ts';
import type { RecordRefs } from '../plan/record-refs.ts';
import { guardDeletions } from '../guard-roots.ts';
import { resolveLinks } from '../resolve-links.ts';
import { copyInRanges, filesAtOnce } from './copy-in-ranges.ts';
import { flushDestination } from './flush-destination.ts';
import type { LargeCopy } from './large-copy.ts';
import { runUnit, type Run } from '../run.ts';
import { timeSharedWork } from '../time-directory.ts';
import type { ApplyResult, ApplyUnit } from '../units.ts';

export async function applyPlan(run: Run, plan: Plan): Promise<void> {
  const mayDelete = decideDeletion(run);
  run.results.hasBegunWriting = true;
  for (const level of plan.respellingLevels) {
    await applyAll(run, level, (refs) => ({ unit: 'respellNames', refs })); // [0]
  }
  if (mayDelete) {
    await applyAll(run, plan.makeWayRemovals, (refs) => ({ unit: 'removeNames', refs })); // [1]
    for (const level of plan.makeWayLevels.toReversed()) {
      await applyAll(run, level, (refs) => ({ unit: 'finishDirectories', refs, mayDelete }));
    }
  }
  await makeDirectories(run, plan); // [2]
  await applyAll(run, plan.sections, sectionsUnit); // [3]
  await linkNames(run, plan); // [4]
  if (mayDelete) await applyAll(run, plan.removals, (refs) => ({ unit: 'removeNames', refs })); // [5]
  for (const level of plan.directoryLevels.toReversed()) {
    await applyAll(run, level, (refs) => ({ unit: 'finishDirectories', refs, mayDelete })); // [6]
  }
  await flushDestination(run); // [7]
}

/** At each depth last those that the destination may take for others: what it has so taken is left out from then on. */
async function makeDirectories(run: Run, plan: Plan): Promise<void> {
  for (const [depth, level] of plan.directoryLevels.entries()) {
    await applyAll(run, level, directoriesUnit);
    const claims = plan.claimLevels[depth];
    if (claims !== undefined) await applyAll(run, claims, directoriesUnit);
  }
}

function directoriesUnit(refs: Float64Array): ApplyUnit {
  return { unit: 'makeDirectories', refs };
}

/** A group that has had so many leaders is not given another one: each round looks at all names that are left. */
const MOST_ROUNDS = 32;

async function linkNames(run: Run, plan: Plan): Promise<void> {
  let names = plan.linkSections;
  for (let round = 1; ; round++) {
    let limit = 0;
    const mayReplaceLeader = round < MOST_ROUNDS;
    const unitOf = (refs: Float64Array): ApplyUnit => ({ unit: 'applySections', refs, mayReplaceLeader });
    await applyAll(run, names, unitOf, ({ refused }) => {
      if (refused === undefined) return;
      plan.take(refused.refs);
      // Who refuses one name more says by that how many it may have.
      limit = Math.max(limit, refused.limit);
    });
    const fallbackLimit = mayReplaceLeader ? linkLimitOf(run.destination.mount) : 1;
    const isReason = limit > 0;
    const refs = resolveLinks(run, plan, { limit: isReason ? limit : fallbackLimit, isReason });
    if (refs === undefined) return;
    const further = new Plan();
    further.take(refs);
    await applyAll(run, further.sections, sectionsUnit);
    names = further.linkSections;
  }
}

function sectionsUnit(refs: Float64Array): ApplyUnit {
  return { unit: 'applySections', refs, mayReplaceLeader: false };
}

async function applyAll(
  run: Run,
  records: RecordRefs,
  unitOf: (refs: Float64Array) => ApplyUnit,
  take?: (result: ApplyResult) => void,
): Promise<void> {
  const begin = async (refs: Float64Array): Promise<Job[]> => {
    const { takenDirectories, foundThere } = run.results;
    const unit = { ...unitOf(refs), taken: takenDirectories, foundThere };
    if (mayRemove(unit)) await guardDeletions(run);
    const result = await runUnit(run, unit);
    takenDirectories.push(...result.taken);
    foundThere.push(...result.foundThere);
    take?.(result);
    return result.largeFiles.map((file) => () => copyLargeFile(run, file));
  };
  await shareOut(run, records, { begin, jobsAtOnce: filesAtOnce(run) });
}

async function copyLargeFile(run: Run, file: LargeCopy): Promise<void> {
  const place = { phase: 'syncing', path: file.directoryPath } as const;
  await timeSharedWork(run, place, () => copyInRanges(run, file));
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
