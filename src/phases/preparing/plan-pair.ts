/** Joins the two sides of a directory by name and plans what must change in it. */
import { includesName, joinNames, type Presence } from '../walking/join-names.ts';
import { childPath } from '../../filesystem/root.ts';
import { forEachLane } from '../../flow/lanes.ts';
import { problemFrom, problemOf } from '../findings.ts';
import { EMPTY_LISTING } from '../../filesystem/list-directory.ts';
import { SystemError, ENOENT } from '../../filesystem/linux/system-error.ts';
import { Fingerprints, OWN_NAME } from './fingerprints.ts';
import { planDirectory } from './plan-directory.ts';
import { planExtraneous } from './plan-extraneous.ts';
import { planSpellings, type SpelledPair } from './plan-spellings.ts';
import type { NamedEntry } from './examine-entry.ts';
import { prepareEntry } from './prepare-entry.ts';
import type { PreparingUnit } from './unit.ts';
import type { PreparedPair, EntryPlace } from './pair.ts';

export async function planPair(unit: PreparingUnit, pair: PreparedPair): Promise<void> {
  const listed = withinFileSystem(pair);
  reportIncomplete(unit, listed);
  reportUnfound(unit, listed);
  const spelled = await planSpellings(unit, { listed, kept: withoutExcluded(unit, listed) });
  const { kept, rivals } = spelled;
  const place = placeIn(unit, spelled);
  place.fingerprints.add(OWN_NAME, pair.source.entry);
  await planOthers(unit, place);
  planDirectories(unit, place);
  if (kept.destination !== undefined) planExtraneous(unit, { pair: kept, touch: place.touch });
  rivals?.section.end();
  const isMade = isMadeWithContent(place) && place.section.endMaking(kept.source.entry);
  if (!isMade) place.section.end();
  place.fingerprints.end();
  await planDirectory(unit, kept, { isTouched: place.touch.isTouched, isMade });
}

/**
 * One name of a directory that was planned without it: it was listed as a directory, and is none.
 * @param pair both sides, listed with this name alone
 */
export async function planAlone(unit: PreparingUnit, pair: PreparedPair, name: string): Promise<void> {
  if (!includesName(pair.source.listing.others, name)) {
    const path = childPath(pair.path, name);
    const at = { phase: 'preparing', side: 'source', path, attempt: 'list' } as const;
    unit.findings.problems.push(
      problemOf('changed', at, 'it changed its kind, or went, while it was listed'),
    );
    return;
  }
  // It was counted as a directory.
  for (const counter of ['sourceEntries', 'sourceDirectories'] as const)
    unit.context.counters.add(counter, -1);
  const kept = withoutExcluded(unit, pair);
  const place = placeIn(unit, { kept, rivals: undefined, isTouched: false });
  await planOthers(unit, place);
  place.section.end();
  place.fingerprints.end();
  const { destination, source, path } = pair;
  if (destination === undefined || !place.touch.isTouched) return;
  unit.context.plan.directory({ action: 'finish', path, differences: 0, entry: source.entry });
}

function placeIn(unit: PreparingUnit, { kept: pair, rivals, isTouched }: SpelledPair): EntryPlace {
  return {
    pair,
    section: unit.context.plan.section({
      directoryPath: pair.path,
      directoryNames: pair.source.listing.others.length,
    }),
    fingerprints: new Fingerprints(unit.context, pair.path),
    touch: { isTouched, hasLinks: false },
    rivals,
  };
}

/**
 * Nothing else needs it before: no directory in it, no name to be linked. PERF: in one parent names are made one
 * after another; for 80 directories of 50 files at 5 ms that took a tenth of the run, during which no file moved.
 */
function isMadeWithContent({ pair, touch }: EntryPlace): boolean {
  const isPlain = pair.destination === undefined && pair.rank === undefined;
  return isPlain && pair.source.listing.directories.length === 0 && !touch.hasLinks;
}

async function planOthers(unit: PreparingUnit, place: EntryPlace): Promise<void> {
  const { source, destination } = place.pair;
  const { context } = unit;
  const inDirectories = destination?.listing.directories ?? [];
  const visit = async ([name, presence]: [string, Presence]) => {
    if (presence === 'destination' || context.stop.isRaised) return;
    if (context.breathe !== undefined) await context.breathe();
    const isDirectoryThere = presence === 'source' && includesName(inDirectories, name);
    const named: NamedEntry = { name, presence: isDirectoryThere ? 'directory' : presence };
    await prepareEntry(unit, place, named);
  };
  await forEachLane(
    joinNames(source.listing.others, destination?.listing.others ?? []),
    context.laneCount,
    visit,
  );
}

function planDirectories(unit: PreparingUnit, place: EntryPlace): void {
  const { source, destination, path, keepsExtraneous } = place.pair;
  const { settings, counters } = unit.context;
  for (const [name, presence] of joinNames(
    source.listing.directories,
    destination?.listing.directories ?? [],
  )) {
    if (presence === 'destination') continue;
    counters.add('sourceEntries', 1);
    counters.add('sourceDirectories', 1);
    place.fingerprints.addDirectory(name);
    const isSomethingThere = includesName(destination?.listing.others ?? [], name);
    const isLeft = isSomethingThere ? settings.overwrite === 'never' : settings.existingOnly;
    if (presence === 'source' && isLeft) {
      counters.add('skippedEntries', 1);
      continue;
    }
    if (presence === 'source') place.touch.isTouched = true;
    const rank = place.rivals?.names.get(name);
    unit.found({
      path: childPath(path, name),
      // What was listed as something else may be a directory: opening it tells.
      sides: isSomethingThere ? 'both' : presence,
      makesWay: false,
      keepsExtraneous,
      ...(rank && { rank }),
    });
  }
}

/** `--one-file-system`: a mount point is a directory whose contents are not looked at. */
function withinFileSystem(pair: PreparedPair): PreparedPair {
  const { source, destination } = pair;
  if (!source.isOutside || destination === undefined) return pair;
  return { ...pair, destination: { ...destination, listing: EMPTY_LISTING } };
}

function reportIncomplete(unit: PreparingUnit, pair: PreparedPair): void {
  const at = { phase: 'preparing', path: pair.path, attempt: 'list' } as const;
  const { source, destination } = pair;
  // An unreadable directory was reported when it could not be opened.
  if (source.directory !== undefined && source.listing.incomplete !== undefined) {
    unit.findings.problems.push(problemFrom(source.listing.incomplete, { ...at, side: 'source' }));
  }
  if (destination?.listing.incomplete !== undefined) {
    unit.findings.problems.push(problemFrom(destination.listing.incomplete, { ...at, side: 'destination' }));
  }
}

/** Names of a --files-from list that the source does not have. */
function reportUnfound(unit: PreparingUnit, { path, source }: PreparedPair): void {
  const { selection } = unit.context;
  if (selection === undefined || selection.isWhole(path) || source.listing.incomplete !== undefined) return;
  for (const name of selection.childrenOf(path)) {
    if (includesName(source.listing.others, name) || includesName(source.listing.directories, name)) continue;
    const at = { phase: 'preparing', side: 'source', path: childPath(path, name), attempt: 'find' } as const;
    const missing = new SystemError(-ENOENT, 'statx', at.path);
    unit.findings.problems.push({ ...problemOf('failed', at, missing.reason), code: missing.code });
  }
}

/** The source as if it held nothing that a rule excludes. */
function withoutExcluded(unit: PreparingUnit, pair: PreparedPair): PreparedPair {
  const { filter, counters, selection } = unit.context;
  if (filter === undefined) return pair;
  const keep = (isDirectory: boolean) => (name: string) => {
    const path = childPath(pair.path, name);
    const isOnTheWay = isDirectory && selection?.isOnTheWay(path) === true;
    const isKept = isOnTheWay || !filter.isExcluded(path, isDirectory);
    if (!isKept) counters.add('excludedEntries', 1);
    return isKept;
  };
  const { listing } = pair.source;
  const directories = listing.directories.filter(keep(true));
  const others = listing.others.filter(keep(false));
  return { ...pair, source: { ...pair.source, listing: { ...listing, directories, others } } };
}
