/** One name that is no directory in the source: what must change at the destination. */
import { statName } from '../../filesystem/entry-stat.ts';
import { ENOENT, SystemError } from '../../filesystem/linux/system-error.ts';
import { childPath } from '../../filesystem/root.ts';
import { Difference, type Action, type Change, type Differences } from '../../model/change.ts';
import { isDirectory, isFile, isSpecial, isSymlink, type Entry } from '../../model/entry.ts';
import type { Side } from '../../model/task.ts';
import { compareEntries } from '../../policy/compare.ts';
import { decideAction, isLeftAlone, isSkipped } from '../../policy/decide-change.ts';
import { problemFrom } from '../findings.ts';
import { releaseStats, takeStats, type StatPair } from '../../filesystem/stat-pair.ts';
import { countPlanned } from './count-planned.ts';
import { compareDeeply } from './compare-deeply.ts';
import { isListing, listChange } from './list-change.ts';
import type { PreparingUnit } from './unit.ts';
import type { EntryPlace } from './pair.ts';

export interface NamedEntry {
  readonly name: string;
  /** Where the name is; `directory`: the destination has a directory there. */
  readonly presence: 'source' | 'both' | 'directory';
}

interface Examined {
  readonly name: string;
  readonly source: Entry;
  readonly destination: Entry | undefined;
  readonly differences: Differences;
}

export async function prepareEntry(unit: PreparingUnit, place: EntryPlace, named: NamedEntry): Promise<void> {
  const stats = takeStats();
  let side: Side = 'source';
  try {
    if (!(await statSource(unit, place, named, stats))) return;
    side = 'destination';
    const destination = await statDestination(place, named, stats);
    await prepareStated(unit, place, { named, source: stats.source, destination });
  } catch (error) {
    const path = childPath(place.pair.path, named.name);
    unit.findings.problems.push(problemFrom(error, { phase: 'preparing', side, path, attempt: 'compare' }));
  } finally {
    releaseStats(stats);
  }
}

async function prepareStated(
  unit: PreparingUnit,
  place: EntryPlace,
  stated: { named: NamedEntry; source: Entry; destination: Entry | undefined },
): Promise<void> {
  const { settings, counters, rule } = unit.context;
  const { named, source, destination } = stated;
  const { name } = named;
  if (isSkipped(source, settings) || isLeftAlone(source, destination, settings)) {
    counters.add('skippedEntries', 1);
    if (isSpecial(source) && isSkipped(source, settings)) {
      unit.findings.skipped.push(childPath(place.pair.path, name));
    }
    return;
  }
  let differences: Differences =
    destination === undefined ? Difference.missing : compareEntries(source, destination, rule);
  if (named.presence === 'directory') differences = Difference.kind;
  else if (destination !== undefined) {
    differences |= await compareDeeply(unit, place.pair, { name, source, destination, differences });
  }
  const action = decideAction(source, differences, settings);
  const examined = { name, source, destination, differences };
  if (named.presence === 'directory') makeWay(unit, childPath(place.pair.path, name));
  if (isLinked(examined)) planLink(unit, place, { action, ...examined });
  else if (action !== undefined) await planChange(unit, place, { action, name, source, differences });
}

/** False: it is not an entry to prepare (it has gone, or has become a directory). */
async function statSource(
  unit: PreparingUnit,
  place: EntryPlace,
  { name }: NamedEntry,
  { source }: StatPair,
): Promise<boolean> {
  const directory = place.pair.source.directory;
  if (directory === undefined) return false;
  const path = () => childPath(place.pair.path, name);
  const result = await statName(directory, name, source);
  if (result < 0) throw new SystemError(result, 'statx', path());
  if (isDirectory(source)) {
    unit.found({ path: path(), sides: 'both', makesWay: false });
    place.touch.isTouched = true;
    return false;
  }
  place.fingerprints.add(name, source);
  countSource(unit, source);
  return true;
}

async function statDestination(
  { pair }: EntryPlace,
  { name, presence }: NamedEntry,
  { destination }: StatPair,
): Promise<Entry | undefined> {
  if (presence === 'source' || pair.destination === undefined) return undefined;
  const result = await statName(pair.destination.directory, name, destination);
  if (result === -ENOENT) return undefined;
  if (result < 0) throw new SystemError(result, 'statx', childPath(pair.path, name));
  return destination;
}

function countSource(unit: PreparingUnit, source: Entry): void {
  const { counters } = unit.context;
  counters.add('sourceEntries', 1);
  if (isFile(source)) {
    counters.add('sourceFiles', 1);
    counters.add('sourceBytes', source.sizeBytes);
  } else counters.add(isSymlink(source) ? 'sourceSymlinks' : 'sourceSpecials', 1);
}

/** Either side shares its inode with other names: what to do is decided when all of them are known. */
function isLinked({ source, destination }: Examined): boolean {
  return source.linkCount > 1 || (destination !== undefined && destination.linkCount > 1);
}

function planLink(
  unit: PreparingUnit,
  place: EntryPlace,
  { name, source, destination, differences, action }: Examined & { action: Action | undefined },
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
  const directory = place.pair.source.directory;
  if (directory !== undefined && isListing(unit)) await listChange(unit, directory, change);
  place.section.add(change);
}

/** A directory that must give way is emptied first, where the user allowed deletions. */
function makeWay(unit: PreparingUnit, path: string): void {
  const { settings } = unit.context;
  if (settings.delete || settings.force) {
    unit.found({ path, sides: 'destination', makesWay: true, isReplaced: true });
  }
}
