/** Names that only the destination has: to delete with `--delete`, and leftovers of a killed run always. */
import type { ByteString } from '../../model/byte-string.ts';
import { childPath, lastName, parentPath } from '../../filesystem/root.ts';
import { partialNameOf } from '../own-names.ts';
import {
  extraneousNames,
  isBackupDirectory,
  leftoverNames,
  isProtected,
  unprotectedNames,
} from '../../engine/march/extraneous-names.ts';
import type { MountedDirectory, RemovalRecord } from '../../engine/plan/records.ts';
import { unlistedNames } from '../../engine/march/sorted-names.ts';
import { listDeletion } from './list-change.ts';
import { noteMovable } from './note-movable.ts';
import type { PreparingScope, EntryPlace, PreparedDestination, PreparedSides } from './preparing-scope.ts';
import { isBackupName } from '../../policy/names/backup-name.ts';
import { MOUNT_POINT } from '../../filesystem/mounts/mount-points.ts';
import { Fingerprints } from '../../engine/context/fingerprints.ts';
import { problemFrom, problemOf } from '../../engine/messages/findings.ts';
import type { DirectoryTask } from '../../engine/messages/directory-task.ts';

export async function planExtraneous(scope: PreparingScope, place: EntryPlace): Promise<void> {
  const { context } = scope;
  const { sides } = place;
  const leftovers = leftoverNames(sides);
  const kept = context.settings.partial ? partialsOf(sides, leftovers) : new Set();
  const temporaries = leftovers.filter((name) => !kept.has(name));
  for (const name of temporaries) scope.decisions?.leftover(name);
  removeNames(scope, place, { names: temporaries, areTemporaries: true });
  if (!context.settings.delete || sides.keepsExtraneous) return;
  const { directories, others, staying } = await extraneousNames({ context, freshness: 'cached' }, sides);
  noteStaying(scope, place.fingerprints, staying);
  removeNames(scope, place, { names: others, areTemporaries: false });
  if (sides.destination !== undefined) await noteMovable(scope, sides.destination.directory, others);
  for (const name of directories) {
    place.touch.isTouched = true;
    const deviceAbove = sides.destination?.entry.device ?? 0;
    const makesWay = isBackupName(context.settings.backup, name);
    scope.found({ path: childPath(sides.path, name), sides: 'destination', makesWay, deviceAbove });
  }
}

/** By the time of Verifying, Syncing may have written files with other rules. */
function noteStaying(
  { context }: PreparingScope,
  fingerprints: Fingerprints,
  staying: readonly ByteString[],
): void {
  if (context.filters.destination.directories === undefined) return;
  for (const name of staying) fingerprints.addLeft(name);
}

/** Those that this run may go on from: of files that the source still has. */
function partialsOf({ source }: PreparedSides, leftovers: readonly string[]): ReadonlySet<string> {
  if (leftovers.length === 0) return new Set();
  return new Set(source.listing.others.map(partialNameOf));
}

function removeNames(
  scope: PreparingScope,
  place: EntryPlace,
  removal: { names: readonly ByteString[]; areTemporaries: boolean },
): void {
  if (removal.names.length === 0) return;
  const { path: directoryPath, source, destination } = place.sides;
  if (destination === undefined) return;
  const made = removal.areTemporaries ? [] : unlistedNames(source.listing, destination.listing);
  place.touch.isTouched = true;
  const directory = identityOf(destination);
  const { names, areTemporaries } = removal;
  planRemovals(scope, 'removals', { directoryPath, directory, made, names, areTemporaries });
  if (areTemporaries) return;
  scope.context.counters.add('entriesToDelete', removal.names.length);
  for (const name of removal.names) listDeletion(scope, childPath(directoryPath, name));
}

/** Earlier backups go first (`--delete-excluded`), as this run may make new ones of the same names. */
function planRemovals(
  { context: { plan, settings } }: PreparingScope,
  kind: 'removals' | 'makeWayRemovals',
  removal: RemovalRecord,
): void {
  const { names } = removal;
  const earlier = removal.areTemporaries ? [] : names.filter((name) => isBackupName(settings.backup, name));
  if (earlier.length > 0) plan.removal('makeWayRemovals', { ...removal, names: earlier, made: [] });
  const others = earlier.length === 0 ? names : names.filter((name) => !isBackupName(settings.backup, name));
  if (others.length > 0) plan.removal(kind, { ...removal, names: others });
}

/** Whether backups of them are left in their directory, which then stays. */
function leavesBackups({ context: { settings } }: PreparingScope, names: readonly ByteString[]): boolean {
  const { backup } = settings;
  if (backup === undefined || backup.directory !== undefined) return false;
  return names.some((name) => !isBackupName(backup, name));
}

/**
 * An extraneous directory: everything in it that no rule protects goes, then the directory itself; never what is
 * mounted there.
 */
export async function planRemoval(
  scope: PreparingScope,
  task: DirectoryTask,
  destination: PreparedDestination,
): Promise<void> {
  const isSpared =
    destination.isOutside ||
    destination.spared.isWhole ||
    isBackupDirectory(scope.context, destination.entry);
  if (isSpared || destination.isMountPoint) {
    keepAbove(scope, task);
    if (!isSpared) reportMountPoint(scope, task.path, task.isReplaced === true);
    return;
  }
  const { counters } = scope.context;
  const { directories, others, incomplete } = destination.listing;
  counters.add('destinationEntries', directories.length + others.length);
  if (incomplete !== undefined) {
    const at = { phase: 'preparing', side: 'destination', path: task.path, attempt: 'list' } as const;
    scope.findings.problems.push(problemFrom(incomplete, at));
    keepAbove(scope, task);
    return;
  }
  await planContents(scope, task, destination);
}

async function planContents(
  scope: PreparingScope,
  task: DirectoryTask,
  destination: PreparedDestination,
): Promise<void> {
  const { path, makesWay, isReplaced = false, removedAbove = 0 } = task;
  const { context } = scope;
  const { plan, counters } = context;
  const { directories, others } = destination.listing;
  const free = await unprotectedNames(
    { context, freshness: 'cached' },
    { ...destination, isDoomed: true },
    destination.listing,
  );
  const { others: names, directories: below, staying } = free;
  if (staying.length > 0) {
    const fingerprints = new Fingerprints(context, path);
    noteStaying(scope, fingerprints, staying);
    fingerprints.end();
  }
  const directory = identityOf(destination);
  const removal = { directoryPath: path, areTemporaries: false, directory, names, made: [] };
  planRemovals(scope, makesWay ? 'makeWayRemovals' : 'removals', removal);
  for (const name of names) listDeletion(scope, childPath(path, name));
  counters.add('entriesToDelete', names.length);
  // What makes way goes before anything is moved.
  if (!makesWay) await noteMovable(scope, destination.directory, names);
  const holdsProtected = names.length + below.length < others.length + directories.length;
  const holdsKept = holdsProtected || destination.spared.isKept || leavesBackups(scope, names);
  const willGo = !isReplaced && !holdsKept;
  for (const name of below) {
    const child = childPath(path, name);
    scope.found({
      path: child,
      sides: 'destination',
      makesWay,
      deviceAbove: destination.entry.device,
      removedAbove: willGo ? removedAbove + 1 : 0,
    });
  }
  if (holdsKept) keepAbove(scope, task);
  const action = isReplaced ? 'giveWay' : makesWay ? 'makeWay' : 'remove';
  // Also where it stays: its permissions may have to be given back.
  plan.directory({ action, path, differences: 0, entry: destination.entry });
  if (!willGo) return;
  counters.add('entriesToDelete', 1);
  listDeletion(scope, `${path}/`);
}

/** What stays in a directory has those stay that it is in: they were counted, as they were listed first. */
export function keepAbove({ findings }: PreparingScope, { path, removedAbove = 0 }: DirectoryTask): void {
  let kept = path;
  for (let count = 0; count < removedAbove; count++) {
    kept = parentPath(kept);
    findings.kept.push(kept);
  }
}

/** What was listed as an extraneous directory, and is none. */
export async function planRemovalOfName(scope: PreparingScope, task: DirectoryTask): Promise<void> {
  const { path, makesWay } = task;
  if (await isProtected({ context: scope.context, freshness: 'cached' }, path)) {
    keepAbove(scope, task);
    return;
  }
  const removal = {
    directoryPath: parentPath(path),
    areTemporaries: false,
    directory: undefined,
    names: [lastName(path)],
    made: [],
  };
  planRemovals(scope, makesWay ? 'makeWayRemovals' : 'removals', removal);
  scope.context.counters.add('entriesToDelete', 1);
  listDeletion(scope, path);
}

/** What is mounted is not the user's copy: nothing in it goes, and nobody can remove it. */
function reportMountPoint(
  { context, findings }: PreparingScope,
  path: ByteString,
  isReplaced: boolean,
): void {
  // Who cannot put something in its place says so.
  if (isReplaced && context.setup.mayWrite) return;
  const at = { phase: 'preparing', side: 'destination', path, attempt: 'delete directory' } as const;
  findings.problems.push(problemOf('failed', at, MOUNT_POINT));
}

/** What Syncing must find there to delete in it. */
function identityOf({ mountId, entry }: PreparedDestination): MountedDirectory {
  return { mountId, device: entry.device, inode: entry.inode };
}
