/** Writes what must change about an entry into the plan. */
import type { ByteString } from '../../model/byte-string.ts';
import { snapshotOf } from '../../linux/stat-buffer.ts';
import { childPath } from '../../filesystem/root.ts';
import { type Action, type Change, Difference } from '../../model/change.ts';
import { decideAction } from '../../policy/compare/compare.ts';
import { countTimes } from '../../engine/compare/compare-metadata.ts';
import { mayHaveMoved } from '../../policy/compare/match-moves.ts';
import { compareDeeply, isForAllWorkers, needsReading } from './compare-deeply.ts';
import { countPlanned } from '../../engine/plan/plan.ts';
import { isLinked, type ExaminedEntry } from './examine-entry.ts';
import { leaveContent } from './leave-alone.ts';
import { isListing, listChange, listUnchanged } from './list-change.ts';
import type { PlanningPlace, EntryPlace, StatedPair, PreparingScope } from './preparing-scope.ts';

export async function planEntry(
  scope: PreparingScope,
  place: EntryPlace,
  examined: ExaminedEntry,
): Promise<void> {
  const { rivals } = place;
  if (rivals === undefined || rivals.names.get(examined.name) !== 'later') {
    await planIn(scope, place, examined);
    return;
  }
  const { differences, ...rival } = examined;
  await planIn(
    scope,
    { ...place, section: rivals.section },
    { differences: differences | Difference.name, ...rival },
  );
}

async function planIn(scope: PreparingScope, place: EntryPlace, examined: ExaminedEntry): Promise<void> {
  const { sides, section, touch, fingerprints } = place;
  const { source, destination, differences } = examined;
  countTimes(scope.context, 'preparing', differences);
  const planning: PlanningPlace = {
    section,
    touch,
    fingerprints,
    path: sides.path,
    sourceDirectory: sides.source.directory,
  };
  if (destination === undefined || !needsReading(scope.context.settings, source, differences)) {
    await planDifferences(scope, planning, examined);
    return;
  }
  const stated = { ...examined, destination };
  const all = differences | (await compareDeeply(scope, sides, stated));
  if (isForAllWorkers(scope, stated)) leaveToAll(scope, planning, { ...stated, differences: all });
  else await planDifferences(scope, planning, { ...examined, differences: all });
}

/** Whether its content differs, and so what is to be done, is not known yet. */
function leaveToAll(scope: PreparingScope, place: PlanningPlace, stated: StatedPair): void {
  place.touch.isTouched = true;
  scope.largeFiles.push({
    directoryPath: place.path,
    name: stated.name,
    source: snapshotOf(stated.source),
    destination: snapshotOf(stated.destination),
    differences: stated.differences,
    unjudged: 0,
  });
}

export async function planDifferences(
  scope: PreparingScope,
  place: PlanningPlace,
  examined: ExaminedEntry,
): Promise<void> {
  const { name, source, destination, differences } = examined;
  const action = decideAction(source, differences, scope.context.settings);
  if (destination === undefined && (differences & Difference.kind) !== 0) {
    makeWay(scope, childPath(place.path, name));
  }
  if (action !== 'write') {
    // Whether a name of several is written is not known yet.
    leaveContent(scope, isLinked(examined) ? undefined : place.fingerprints, examined);
  }
  if (isLinked(examined)) planLink(scope, place, { action, name, source, destination, differences });
  else if (action !== undefined) await planChange(scope, place, { action, name, source, differences });
  else if (scope.context.settings.listUnchanged) {
    await listUnchanged(scope, place.sourceDirectory, { name, path: childPath(place.path, name), source });
  }
}

function planLink(
  scope: PreparingScope,
  place: PlanningPlace,
  { name, source, destination, differences, action }: ExaminedEntry & { action: Action | undefined },
): void {
  // Which names of the group will move is not known yet.
  place.touch.isTouched = true;
  place.touch.hasLinks = true;
  const change = {
    name,
    source,
    action: action ?? 'adjust',
    differences: action === undefined ? 0 : differences,
  };
  scope.decisions?.planned(change);
  scope.context.plan.link({
    directoryPath: place.path,
    change,
    destinationInode: destination?.inode ?? 0n,
    destinationDevice: destination?.device ?? 0,
    wasRefused: false,
  });
}

async function planChange(scope: PreparingScope, place: PlanningPlace, change: Change): Promise<void> {
  if (change.action !== 'adjust') place.touch.isTouched = true;
  countPlanned(scope.context.counters, change);
  scope.decisions?.planned(change);
  place.section.add(change);
  const { sourceDirectory } = place;
  // Whether it has moved is not known yet.
  if (scope.context.settings.trackRenames && mayHaveMoved(change)) return;
  if (sourceDirectory !== undefined && isListing(scope)) await listChange(scope, sourceDirectory, change);
}

/** A directory that must give way is emptied first, where the user allowed deletions. */
function makeWay(scope: PreparingScope, path: ByteString): void {
  const { settings } = scope.context;
  if (settings.delete || settings.force) {
    scope.found({ path, sides: 'destination', makesWay: true, isReplaced: true });
  }
}
