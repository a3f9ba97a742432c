/** Writes what must change about an entry into the plan. */
import { snapshotOf } from '../../filesystem/linux/stat-buffer.ts';
import { childPath } from '../../filesystem/root.ts';
import { Difference, type Action, type Change } from '../../model/change.ts';
import { decideAction } from '../../policy/decide-change.ts';
import { compareDeeply, isForAllWorkers, needsReading } from './compare-deeply.ts';
import { countPlanned } from './count-planned.ts';
import { isLinked, type ExaminedEntry } from './examine-entry.ts';
import { isListing, listChange } from './list-change.ts';
import type { EntryPlace, PlanningPlace, StatedPair } from './pair.ts';
import type { PreparingUnit } from './unit.ts';

export async function planEntry(
  unit: PreparingUnit,
  place: EntryPlace,
  examined: ExaminedEntry,
): Promise<void> {
  const { rivals } = place;
  if (rivals === undefined || rivals.names.get(examined.name) !== 'later') {
    await planIn(unit, place, examined);
    return;
  }
  const { differences, ...rival } = examined;
  await planIn(
    unit,
    { ...place, section: rivals.section },
    { differences: differences | Difference.name, ...rival },
  );
}

async function planIn(unit: PreparingUnit, place: EntryPlace, examined: ExaminedEntry): Promise<void> {
  const { pair, section, touch } = place;
  const { source, destination, differences } = examined;
  const planning: PlanningPlace = {
    section,
    touch,
    path: pair.path,
    sourceDirectory: pair.source.directory,
  };
  if (destination === undefined || !needsReading(unit.context.settings, source)) {
    await planDifferences(unit, planning, examined);
    return;
  }
  const stated = { ...examined, destination };
  const all = differences | (await compareDeeply(unit, pair, stated));
  if (isForAllWorkers(unit, stated)) leaveToAll(unit, planning, { ...stated, differences: all });
  else await planDifferences(unit, planning, { ...examined, differences: all });
}

/** Whether its content differs, and so what is to be done, is not known yet. */
function leaveToAll(unit: PreparingUnit, place: PlanningPlace, stated: StatedPair): void {
  place.touch.isTouched = true;
  unit.largeFiles.push({
    directoryPath: place.path,
    name: stated.name,
    source: snapshotOf(stated.source),
    destination: snapshotOf(stated.destination),
    differences: stated.differences,
  });
}

export async function planDifferences(
  unit: PreparingUnit,
  place: PlanningPlace,
  examined: ExaminedEntry,
): Promise<void> {
  const { name, source, destination, differences } = examined;
  const action = decideAction(source, differences, unit.context.settings);
  if (destination === undefined && (differences & Difference.kind) !== 0) {
    makeWay(unit, childPath(place.path, name));
  }
  if (isLinked(examined)) planLink(unit, place, { action, name, source, destination, differences });
  else if (action !== undefined) await planChange(unit, place, { action, name, source, differences });
}

function planLink(
  unit: PreparingUnit,
  place: PlanningPlace,
  { name, source, destination, differences, action }: ExaminedEntry & { action: Action | undefined },
): void {
  // Which names of the group will move is not known yet.
  place.touch.isTouched = true;
  place.touch.hasLinks = true;
  unit.context.plan.link({
    directoryPath: place.path,
    change: { action: action ?? 'adjust', name, differences: action === undefined ? 0 : differences, source },
    destinationInode: destination?.inode ?? 0n,
    destinationDevice: destination?.device ?? 0,
    wasRefused: false,
  });
}

async function planChange(unit: PreparingUnit, place: PlanningPlace, change: Change): Promise<void> {
  if (change.action !== 'adjust') place.touch.isTouched = true;
  countPlanned(unit.context.counters, change);
  place.section.add(change);
  const { sourceDirectory } = place;
  if (sourceDirectory !== undefined && isListing(unit)) await listChange(unit, sourceDirectory, change);
}

/** A directory that must give way is emptied first, where the user allowed deletions. */
function makeWay(unit: PreparingUnit, path: string): void {
  const { settings } = unit.context;
  if (settings.delete || settings.force) {
    unit.found({ path, sides: 'destination', makesWay: true, isReplaced: true });
  }
}
