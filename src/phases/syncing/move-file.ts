/** `--track-renames`: gives a file of the destination its new name, then the source's metadata. */
import { Interrupted } from '../../model/run/errors.ts';
import { moveName } from '../../filesystem/destination/names.ts';
import { findEntry } from '../../filesystem/entry-stat.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { lastName, parentPath, type NameIn } from '../../filesystem/root.ts';
import { SystemError } from '../../linux/system-error.ts';
import { Difference } from '../../model/change.ts';
import { isFile, type Entry } from '../../model/entry.ts';
import { openBoth, useBoth } from '../../engine/march/both-sides.ts';
import type { PlannedChange } from '../../engine/plan/section.ts';
import { isSameVersion } from '../../policy/compare/fingerprint.ts';
import { haveSameQuick } from '../../policy/compare/match-moves.ts';
import { countOwner } from './metadata/finish-metadata.ts';
import { finishNamed } from './metadata/finish-named.ts';
import { listDone, openUp, retryApplying, type ApplyingScope } from './scope/applying-scope.ts';
import { pathOf, type ChangePlace } from './names/change-place.ts';

/**
 * - `moved`: it has its new name and metadata
 * - `left`: nothing was done, so it is to be copied
 * - `ended`: a Problem was noted, or the run is stopping
 */
type Outcome = 'moved' | 'left' | 'ended';

/** Undefined: nothing remains to be done. Otherwise the file is to be copied: whatever failed, the copy may not. */
export async function moveOrCopy(
  scope: ApplyingScope,
  place: ChangePlace,
): Promise<PlannedChange | undefined> {
  const { counters } = scope.context;
  const { change } = place;
  const { sizeBytes } = change.source;
  const outcome = await moveWithRetries(scope, place);
  if (outcome === 'moved') {
    counters.add('filesMoved', 1);
    counters.add('bytesMoved', sizeBytes);
    countOwner(scope.context, change.source);
    listDone(scope, { ...change, path: pathOf(place), linkedTo: change.leaderPath });
  }
  if (outcome !== 'left') return undefined;
  counters.add('filesToMove', -1);
  counters.add('bytesToMove', -sizeBytes);
  counters.add('filesToTransfer', 1);
  counters.add('bytesToTransfer', sizeBytes);
  counters.add('entriesToDelete', 1);
  return { ...change, action: 'write', differences: Difference.missing, leaderPath: '', staleInode: 0n };
}

async function moveWithRetries(scope: ApplyingScope, place: ChangePlace): Promise<Outcome> {
  const { writing } = scope.context.syncing;
  const slot = writing.begin(pathOf(place));
  try {
    return await retryApplying(scope, async (attempt) =>
      attempt.tries === 1 ? move(attempt, place) : moveAnew(attempt, place),
    );
  } catch (error) {
    if (error instanceof Interrupted) return 'ended';
    if (error instanceof SystemError) return 'left';
    throw error;
  } finally {
    writing.end(slot);
  }
}

/** Opens the directories again: descriptors that were held open may be stale. */
async function moveAnew(scope: ApplyingScope, place: ChangePlace): Promise<Outcome> {
  const both = await openBoth(scope.context, place.destination.path, place.hidden?.path);
  return useBoth(both, (source, destination) => move(scope, { ...place, source, destination }));
}

async function move(scope: ApplyingScope, place: ChangePlace): Promise<Outcome> {
  const at = { directory: place.destination, name: place.change.name };
  const there = await findEntry(at);
  // Not moved by an earlier attempt, but taken: what has the name is replaced as by any copy.
  if (there !== undefined && !isPlanned(there, place.change)) return 'left';
  if (there === undefined) {
    if (!(await isSourceAsListed(place)) || !(await rename(scope, place, at))) return 'left';
  }
  const adjusting = { ...place, change: { ...place.change, action: 'adjust' as const } };
  return (await finishNamed(scope, adjusting, at.name)) ? 'moved' : 'ended';
}

/** False: the file is no longer there as planned. @throws SystemError */
async function rename(scope: ApplyingScope, { change }: ChangePlace, at: NameIn): Promise<boolean> {
  const { leaderPath } = change;
  return withDirectory(scope.context.destination, parentPath(leaderPath), async (directory) => {
    const from = { directory, name: lastName(leaderPath) };
    const entry = await findEntry(from);
    if (entry === undefined || !isPlanned(entry, change)) return false;
    await openUp(scope, directory);
    if ((await moveName(from, at)) === 'moved') return true;
    // NFS: a rename reported as failed may have succeeded, with its reply lost.
    const moved = await findEntry(at);
    return moved !== undefined && isPlanned(moved, change);
  });
}

/** The very file, with the size and time that were compared. */
function isPlanned(entry: Entry, { source, staleInode }: PlannedChange): boolean {
  return isFile(entry) && entry.inode === staleInode && entry.linkCount === 1 && haveSameQuick(entry, source);
}

/** Otherwise the copy takes the version that is there now. @throws SystemError */
async function isSourceAsListed({ source, change }: ChangePlace): Promise<boolean> {
  const entry = await findEntry({ directory: source, name: change.name });
  return entry !== undefined && isSameVersion(change.source, entry);
}
