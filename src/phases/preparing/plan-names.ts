/** One directory of Preparing: what begins it, its subdirectories, and what ends it. */
import type { ByteString } from '../../model/byte-string.ts';
import { parentPath, childPath, lastName } from '../../filesystem/root.ts';
import { Fingerprints, OWN_NAME } from '../../engine/context/fingerprints.ts';
import { keepsOwnMetadata } from '../../engine/compare/compare-metadata.ts';
import type { Spellings } from '../../engine/march/spellings.ts';
import type { AtDestination } from '../../engine/march/visitor.ts';
import { problemOf } from '../../engine/messages/findings.ts';
import { includesName } from '../../engine/march/sorted-names.ts';
import type { LeftAloneCause } from '../../model/tally.ts';
import { causeOfAbsence, causeOfDirectory } from '../../policy/why-left-alone.ts';
import { leaveAlone } from './leave-alone.ts';
import { planDirectory } from './plan-directory.ts';
import { prepareEntry } from './prepare-entry.ts';
import type { PreparingScope, EntryPlace, PreparedSides, Rivals } from './preparing-scope.ts';
import { differsInFormOnly } from '../../policy/names/folded-name.ts';
import { listRespelling } from './list-change.ts';
import type { SectionWriter } from '../../engine/plan/plan-writer.ts';

/** Undefined: nothing is planned in it. */
export function beginDirectory(
  scope: PreparingScope,
  sides: PreparedSides,
  spellings: Spellings | undefined,
): EntryPlace | undefined {
  const { source, destination, path, isOtherKind } = sides;
  const isAbsent = destination === undefined && !isOtherKind && path !== '';
  const cause = isAbsent ? causeOfAbsence(scope.context.settings) : undefined;
  if (cause !== undefined) {
    leaveVanished(scope, path, cause);
    return undefined;
  }
  if (destination !== undefined) {
    const { directories, others } = destination.listing;
    scope.context.counters.add('destinationEntries', directories.length + others.length);
  }
  const place = placeIn(scope, sides, spellings);
  place.fingerprints.add(OWN_NAME, source.entry);
  return place;
}

/** `--existing`: it was at the destination when the directory above was listed, or might have been. */
function leaveVanished(scope: PreparingScope, path: ByteString, cause: LeftAloneCause): void {
  const fingerprints = new Fingerprints(scope.context, parentPath(path));
  leaveAlone(scope, { fingerprints, name: lastName(path) }, cause);
  fingerprints.end();
}

function placeIn(scope: PreparingScope, sides: PreparedSides, spellings: Spellings | undefined): EntryPlace {
  const { rivals, isTouched } = planSpellings(scope, sides, spellings);
  return {
    sides,
    section: scope.context.plan.section({
      directoryPath: sides.path,
      directoryNames: sides.source.listing.others.length,
    }),
    fingerprints: new Fingerprints(scope.context, sides.path),
    touch: { isTouched, hasLinks: false },
    rivals,
  };
}

interface PlannedSpellings {
  readonly rivals: Rivals | undefined;
  /** Names in the directory change. */
  readonly isTouched: boolean;
}

/** Names that the destination spells otherwise, or takes for others: planned before anything is compared. */
function planSpellings(
  scope: PreparingScope,
  sides: PreparedSides,
  spellings: Spellings | undefined,
): PlannedSpellings {
  if (spellings === undefined) return { rivals: undefined, isTouched: false };
  const isTouched = planRespelling(scope, sides.path, spellings);
  const { rivals: names } = spellings;
  return { isTouched, rivals: names.size === 0 ? undefined : { names, section: rivalSection(scope, sides) } };
}

/** After all others: by then their twins are there. */
function rivalSection({ context }: PreparingScope, { path, source }: PreparedSides): SectionWriter {
  const directoryNames = source.listing.others.length;
  return context.plan.section({ directoryPath: path, directoryNames }, 'linkSections');
}

/** `--ignore-existing` leaves the spelling of what exists, too. */
function planRespelling(scope: PreparingScope, path: ByteString, { respelled }: Spellings): boolean {
  const { context } = scope;
  if (respelled.length === 0 || context.settings.overwrite === 'never') return false;
  context.plan.respelling({ directoryPath: path, respelled });
  for (const each of respelled) {
    // Whether the destination takes the other form is known once it was tried.
    if (differsInFormOnly(each.listed, each.name)) continue;
    context.counters.add('entriesToAdjust', 1);
    listRespelling(scope, childPath(path, each.name));
  }
  return true;
}

export function planSubdirectory(
  scope: PreparingScope,
  place: EntryPlace,
  { name, there }: { name: ByteString; there: AtDestination },
): void {
  const { path, keepsExtraneous } = place.sides;
  countDirectory(scope, 1);
  place.fingerprints.addDirectory(name);
  const cause = causeOfDirectory(there, scope.context.settings);
  if (cause !== undefined) {
    leaveAlone(scope, { fingerprints: place.fingerprints, name }, cause);
    return;
  }
  if (there !== 'directory') place.touch.isTouched = true;
  const rank = place.rivals?.names.get(name);
  scope.found({
    path: childPath(path, name),
    // What was listed as something else may be a directory: opening it tells.
    sides: there === 'nothing' ? 'source' : 'both',
    makesWay: false,
    keepsExtraneous,
    ...(rank && { rank }),
  });
}

export async function endDirectory(scope: PreparingScope, place: EntryPlace): Promise<void> {
  const { sides, section, fingerprints, rivals, touch } = place;
  rivals?.section.end();
  const isMade = isMadeWithContent(place) && section.endMaking(sides.source.entry);
  if (!isMade) section.end();
  fingerprints.end();
  await planDirectory(scope, sides, { isTouched: touch.isTouched, isMade });
}

/**
 * Nothing else needs it before: no directory in it, no name to be linked. PERF: in one parent names are made one
 * after another; for 80 directories of 50 files at 5 ms that took a tenth of the run, during which no file moved.
 */
function isMadeWithContent({ sides, touch }: EntryPlace): boolean {
  const isPlain = sides.destination === undefined && sides.rank === undefined;
  return isPlain && sides.source.listing.directories.length === 0 && !touch.hasLinks;
}

/**
 * One name of a directory that was planned without it: it was listed as a directory, and is none.
 * @param sides listed with this name alone
 */
export async function planAlone(
  scope: PreparingScope,
  sides: PreparedSides,
  name: ByteString,
): Promise<void> {
  const { source, destination, path } = sides;
  if (!includesName(source.listing.others, name)) {
    const at = { phase: 'preparing', side: 'source', path: childPath(path, name), attempt: 'list' } as const;
    scope.findings.problems.push(
      problemOf('changed', at, 'it vanished or changed its kind while being listed'),
    );
    return;
  }
  const place = placeIn(scope, sides, undefined);
  await prepareEntry(scope, place, { name, mayBeThere: true });
  place.section.end();
  place.fingerprints.end();
  if (destination === undefined || !place.touch.isTouched) return;
  if (keepsOwnMetadata(scope.context, path, destination.entry) !== undefined) return;
  scope.context.plan.directory({ action: 'finish', path, differences: 0, entry: source.entry });
}

/** It was counted where it was found. */
export function uncountDirectory(scope: PreparingScope): void {
  countDirectory(scope, -1);
}

function countDirectory({ context }: PreparingScope, count: 1 | -1): void {
  context.counters.add('sourceEntries', count);
  context.counters.add('sourceDirectories', count);
}
