/** Writes what must change about an entry into the plan. */
import type { Awaitable } from '../../filesystem/linux/call-table.ts';
import { childPath } from '../../filesystem/root.ts';
import { Difference, type Action, type Change } from '../../model/change.ts';
import type { Entry } from '../../model/entry.ts';
import { decideAction } from '../../policy/decide-change.ts';
import { compareDeeply, needsReading } from './compare-deeply.ts';
import { countPlanned } from './count-planned.ts';
import { isLinked, type ExaminedEntry } from './examine-entry.ts';
import { isListing, listChange } from './list-change.ts';
import type { EntryPlace } from './pair.ts';
import type { PreparingUnit } from './unit.ts';

export function planEntry(unit: PreparingUnit, place: EntryPlace, examined: ExaminedEntry): Awaitable<void> {
  const { source, destination } = examined;
  if (destination === undefined || !needsReading(unit.context.settings, source)) {
    return planDifferences(unit, place, examined);
  }
  return planAfterReading(unit, place, { ...examined, destination });
}

async function planAfterReading(
  unit: PreparingUnit,
  place: EntryPlace,
  examined: ExaminedEntry & { destination: Entry },
): Promise<void> {
  const read = await compareDeeply(unit, place.pair, examined);
  await planDifferences(unit, place, { ...examined, differences: examined.differences | read });
}

function planDifferences(unit: PreparingUnit, place: EntryPlace, examined: ExaminedEntry): Awaitable<void> {
  const { name, source, destination, differences } = examined;
  const action = decideAction(source, differences, unit.context.settings);
  if (destination === undefined && (differences & Difference.kind) !== 0) {
    makeWay(unit, childPath(place.pair.path, name));
  }
  if (isLinked(examined)) planLink(unit, place, { action, name, source, destination, differences });
  else if (action !== undefined) return planChange(unit, place, { action, name, source, differences });
  return undefined;
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

function planChange(unit: PreparingUnit, place: EntryPlace, change: Change): Awaitable<void> {
  if (change.action !== 'adjust') place.touch.isTouched = true;
  countPlanned(unit.context.counters, change);
  place.section.add(change);
  const { directory } = place.pair.source;
  return directory !== undefined && isListing(unit) ? listChange(unit, directory, change) : undefined;
}

/** A directory that must give way is emptied first, where the user allowed deletions. */
function makeWay(unit: PreparingUnit, path: string): void {
  const { settings } = unit.context;
  if (settings.delete || settings.force) {
    unit.found({ path, sides: 'destination', makesWay: true, isReplaced: true });
  }
}
