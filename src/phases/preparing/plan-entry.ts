/** Writes what must change about an entry into the plan. */
import { childPath } from '../../filesystem/root.ts';
import { Difference, type Action, type Change } from '../../model/change.ts';
import { decideAction } from '../../policy/decide-change.ts';
import { compareDeeply, needsReading } from './compare-deeply.ts';
import { countPlanned } from './count-planned.ts';
import { isLinked, type ExaminedEntry } from './examine-entry.ts';
import { isListing, listChange } from './list-change.ts';
import type { EntryPlace } from './pair.ts';
import type { PreparingUnit } from './unit.ts';

export async function planEntry(
  unit: PreparingUnit,
  place: EntryPlace,
  examined: ExaminedEntry,
): Promise<void> {
  const { source, destination, differences } = examined;
  if (destination === undefined || !needsReading(unit.context.settings, source)) {
    await planDifferences(unit, place, examined);
    return;
  }
  const read = await compareDeeply(unit, place.pair, { ...examined, destination });
  await planDifferences(unit, place, { ...examined, differences: differences | read });
}

async function planDifferences(
  unit: PreparingUnit,
  place: EntryPlace,
  examined: ExaminedEntry,
): Promise<void> {
  const { name, source, destination, differences } = examined;
  const action = decideAction(source, differences, unit.context.settings);
  if (destination === undefined && (differences & Difference.kind) !== 0) {
    makeWay(unit, childPath(place.pair.path, name));
  }
  if (isLinked(examined)) planLink(unit, place, { action, name, source, destination, differences });
  else if (action !== undefined) await planChange(unit, place, { action, name, source, differences });
}

function planLink(
  unit: PreparingUnit,
  place: EntryPlace,
  { name, source, destination, differences, action }: ExaminedEntry & { action: Action | undefined },
): void {
  // Which names of the group will move is not known yet.
  place.touch.isTouched = true;
  unit.context.plan.link({
    directoryPath: place.pair.path,
    isDirectoryNew: place.pair.destination === undefined,
    change: { action: action ?? 'adjust', name, differences: action === undefined ? 0 : differences, source },
    destinationInode: destination?.inode ?? 0n,
    destinationDevice: destination?.device ?? 0,
  });
}

async function planChange(unit: PreparingUnit, place: EntryPlace, change: Change): Promise<void> {
  if (change.action !== 'adjust') place.touch.isTouched = true;
  countPlanned(unit.context.counters, change);
  place.section.add(change);
  const { directory } = place.pair.source;
  if (directory !== undefined && isListing(unit)) await listChange(unit, directory, change);
}

/** A directory that must give way is emptied first, where the user allowed deletions. */
function makeWay(unit: PreparingUnit, path: string): void {
  const { settings } = unit.context;
  if (settings.delete || settings.force) {
    unit.found({ path, sides: 'destination', makesWay: true, isReplaced: true });
  }
}
