/** One directory of the verifying walk: both sides listed anew, every name compared. */
import { EMPTY_LISTING } from '../../filesystem/list-directory.ts';
import { ENOENT, isNoDirectory, SystemError } from '../../filesystem/linux/system-error.ts';
import { sameIdentity } from '../../filesystem/location-identity.ts';
import { closeDirectory } from '../../filesystem/open-directory.ts';
import { childPath } from '../../filesystem/root.ts';
import { forEachLane } from '../../flow/lanes.ts';
import { compareEntries } from '../../policy/compare.ts';
import { unkeptDifferences } from '../../policy/decide-change.ts';
import { describeDifferences, judgeDifferences } from '../../policy/judge.ts';
import { withBothDirectories } from '../walking/both-sides.ts';
import { compareAttributes } from '../walking/compare-attributes.ts';
import { asNameIn, type DirectoryTask } from '../walking/directory-task.ts';
import { retryInBoth } from '../walking/fresh-lookup.ts';
import { includesName, joinNames } from '../walking/join-names.ts';
import {
  isLeftOut,
  openSide,
  openWithRetries,
  readUnopenedEntry,
  type OpenSide,
} from '../walking/open-side.ts';
import { noteVerified, suspect, suspectUnread, type VerifyingUnit } from './unit.ts';
import { verifySpellings, type Sides } from './verify-spellings.ts';
import { suspectExtraneous, verifyExtraneous } from './verify-extraneous.ts';
import { suspectMissing, verifyEntry } from './verify-entry.ts';

export async function verifyDirectory(unit: VerifyingUnit, task: DirectoryTask): Promise<void> {
  const { counters } = unit.context;
  try {
    if (task.only !== undefined) {
      await verifyAlone(unit, task.path, task.only);
      return;
    }
    if (task.sides === 'destination') {
      await verifyExtraneous(unit, task);
      return;
    }
    counters.add('entriesVerified', 1);
    const source = await open(unit, task.path, 'source');
    if (source !== undefined) await verifyWithin(unit, task, source);
  } catch (error) {
    suspectUnread(unit, error, {
      path: task.only === undefined ? task.path : childPath(task.path, task.only),
      side: 'source',
    });
  }
}

async function verifyWithin(unit: VerifyingUnit, task: DirectoryTask, source: OpenSide): Promise<void> {
  try {
    const destination = await open(unit, task.path, 'destination');
    if (destination === undefined) return;
    const keepsExtraneous = task.keepsExtraneous === true || destination.isOutside;
    try {
      await verifySides(unit, withinFileSystem({ source, destination, keepsExtraneous }));
    } finally {
      await closeDirectory(destination.directory);
    }
  } finally {
    await closeDirectory(source.directory);
  }
}

async function verifyAlone(unit: VerifyingUnit, path: string, name: string): Promise<void> {
  const { context } = unit;
  await withBothDirectories(context, path, (source, destination) =>
    verifyEntry(unit, { source, destination, name }, true),
  );
}

/** Undefined, with a suspicion: it cannot be listed, or is not there. */
async function open(
  unit: VerifyingUnit,
  path: string,
  side: 'source' | 'destination',
): Promise<OpenSide | undefined> {
  const { context } = unit;
  try {
    return await openWithRetries(context, () => openSide(context, { side, path, freshness: 'server' }));
  } catch (error) {
    if (isLeftOut(context, error)) return undefined;
    const isMissing = error instanceof SystemError && error.errno === -ENOENT;
    if (isMissing && side === 'destination') {
      await suspectMissingDirectory(unit, path);
    } else if (side === 'source' && isNoDirectory(error) && path !== '') {
      if (unit.context.filter?.isExcluded(path, false) !== true) unit.found(asNameIn({ path }));
    } else suspectUnread(unit, error, { path, side });
    return undefined;
  }
}

/** `--one-file-system`: a mount point is compared, what is in it is not. */
function withinFileSystem(sides: Sides): Sides {
  if (!sides.source.isOutside) return sides;
  return { ...sides, destination: { ...sides.destination, listing: EMPTY_LISTING } };
}

async function verifySides(unit: VerifyingUnit, sides: Sides): Promise<void> {
  const { source, destination } = sides;
  const { path } = source.directory;
  for (const side of ['source', 'destination'] as const) {
    const { incomplete } = sides[side].listing;
    if (incomplete !== undefined) suspectUnread(unit, incomplete, { path, side });
  }
  suspectUnfound(unit, source);
  if (!isDestinationRoot(unit, source)) await compareDirectories(unit, sides);
  const spelled = await verifySpellings(unit, sides);
  const { stop, laneCount, breathe } = unit.context;
  await forEachLane(joinNames(spelled.source.listing.others, []), laneCount, async ([name]) => {
    if (stop.isRaised) return;
    if (breathe !== undefined) await breathe();
    const place = { source: source.directory, destination: destination.directory, name };
    await verifyEntry(unit, place, false);
  });
  await visitDirectories(unit, spelled);
  if (unit.judgeExtraneous && source.listing.incomplete === undefined && !sides.keepsExtraneous) {
    await suspectExtraneous(unit, source, spelled.destination);
  }
}

/** It lies in the source with --one-file-system: to write below it is what moves its time. */
function isDestinationRoot({ context }: VerifyingUnit, { isOutside, entry }: OpenSide): boolean {
  return isOutside && sameIdentity(entry, context.setup.destination);
}

/** Names of a --files-from list that the source does not have: nothing proves their copies. */
function suspectUnfound(unit: VerifyingUnit, { directory, listing }: OpenSide): void {
  const { selection } = unit.context;
  const { path } = directory;
  if (selection === undefined || selection.isWhole(path)) return;
  for (const name of selection.childrenOf(path)) {
    if (includesName(listing.others, name) || includesName(listing.directories, name)) continue;
    suspect(unit, { class: 'read error', path: childPath(path, name), detail: 'source: it is not there' });
  }
}

async function compareDirectories(unit: VerifyingUnit, { source, destination }: Sides): Promise<void> {
  const { context } = unit;
  const { path } = source.directory;
  const held = { source: source.directory, destination: destination.directory };
  const fromAttributes = await retryInBoth(context, held, (sourceDirectory, destinationDirectory) =>
    compareAttributes(context, { sourceDirectory, destinationDirectory, name: '.' }),
  );
  const fromStat = compareEntries(source.entry, destination.entry, context.rule);
  const differences = (fromStat & ~unkeptDifferences(context.settings)) | fromAttributes;
  noteVerified(unit, { path, entry: destination.entry });
  if (differences === 0) return;
  suspect(unit, {
    class: judgeDifferences(differences),
    path,
    differences,
    detail: describeDifferences(differences, source.entry, destination.entry),
    source: source.entry,
  });
}

async function visitDirectories(unit: VerifyingUnit, sides: Sides): Promise<void> {
  const { source, destination, keepsExtraneous } = sides;
  const { path } = source.directory;
  for (const [name] of joinNames(source.listing.directories, [])) {
    const child = childPath(path, name);
    const isThere = includesName(destination.listing.directories, name);
    if (isThere) unit.found({ path: child, sides: 'both', makesWay: false, keepsExtraneous });
    else if (!isLeftAlone(unit, destination, name)) await suspectNoDirectory(unit, { ...sides, name });
  }
}

/** The rules about what exists leave out directories too, or what is in the place of one. */
function isLeftAlone({ context }: VerifyingUnit, destination: OpenSide, name: string): boolean {
  const { existingOnly, overwrite } = context.settings;
  return includesName(destination.listing.others, name) ? overwrite === 'never' : existingOnly;
}

/** The destination has nothing of that name, or what is no directory. */
async function suspectNoDirectory(
  unit: VerifyingUnit,
  { source, destination, name }: Sides & { name: string },
): Promise<void> {
  if (includesName(destination.listing.others, name)) {
    await verifyEntry(unit, { source: source.directory, destination: destination.directory, name }, false);
  } else await suspectMissingDirectory(unit, childPath(source.directory.path, name));
}

async function suspectMissingDirectory(unit: VerifyingUnit, path: string): Promise<void> {
  try {
    suspectMissing(unit, path, await readUnopenedEntry(unit.context, path));
  } catch (error) {
    suspectUnread(unit, error, { path, side: 'source' });
  }
}
