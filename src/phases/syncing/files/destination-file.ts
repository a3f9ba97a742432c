/**
 * A destination file while it is written: opened under the right name, then moved into place or discarded.
 */
import { closeFailed, closeWritten, createFile } from '../../../filesystem/destination/files.ts';
import { moveIntoPlace, tryRemoveName } from '../../../filesystem/destination/names.ts';
import { readEntry } from '../../../filesystem/entry-stat.ts';
import { EROFS, SystemError, EEXIST } from '../../../linux/system-error.ts';
import type { NameIn, OpenFile } from '../../../filesystem/root.ts';
import { Difference } from '../../../model/change.ts';
import { type Entry, permissionsOf, SET_ID_BITS } from '../../../model/entry.ts';
import { delayedNameOf } from '../../own-names.ts';
import { creationMode } from '../../../policy/compare/ownership.ts';
import { isMarked, unmarkedMode } from '../../../policy/compare/unfinished-marks.ts';
import type { ApplyingScope } from '../scope/applying-scope.ts';
import { pathOf, type ChangePlace } from '../names/change-place.ts';
import type { DestinationState } from '../../../engine/messages/copy-steps.ts';
import type { HiddenDirectory } from '../names/hidden-directory.ts';
import { newOwner, openInPlace } from './in-place-file.ts';
import { keepPartial, mayResume, openPartial } from './partial-file.ts';
import { replaceName } from '../names/back-up.ts';
import { discard, newTemporaryName } from '../names/temporaries.ts';

export interface DestinationFile extends DestinationState, NameIn {
  readonly file: OpenFile;
}

export async function openDestination(
  scope: ApplyingScope,
  place: ChangePlace,
  source: OpenFile,
): Promise<DestinationFile> {
  const { change, destination, staging } = place;
  const createdMode = firstMode(scope, place);
  const final: NameIn = { directory: destination, name: change.name };
  const existing = await openInPlace(scope, place, source);
  if (existing !== undefined) {
    // If modes are not preserved, `keptMode` removes the mark again.
    const keptMode = scope.context.settings.preserve.mode ? undefined : existing.mode;
    return destinationFile(existing.file, final, { inPlace: true, keptMode });
  }
  const isDelayed = scope.context.settings.delayUpdates;
  if (place.hidden !== undefined && staging === undefined && !isDelayed && !mayResume(scope, place)) {
    const file = await createHidden(place.hidden, place, { at: final, mode: createdMode });
    if (file !== undefined) return destinationFile(file, final, { createdMode });
  }
  const keptMode = await modeToKeep(scope, place);
  if (mayResume(scope, place)) {
    const partial = await openPartial(scope, place, { source, mode: createdMode });
    if (partial !== undefined) {
      const { file, name, startBytes } = partial;
      const at = { directory: destination, name };
      return destinationFile(file, at, { isTemporary: true, resumedBytes: startBytes, keptMode });
    }
  }
  const temporary: NameIn = { directory: staging?.next() ?? destination, name: newTemporaryName() };
  const file = await createTemporary(scope, place, { at: temporary, mode: createdMode });
  return destinationFile(file, temporary, { isTemporary: true, keptMode, createdMode });
}

/**
 * No incomplete file ever appears under its final path, whatever ends the run: a later run with other options
 * might take it for complete. In a directory that is still hidden, a file gets its final name at once. That
 * saves a rename, which is one round trip under the directory's lock. Undefined if the name is taken.
 */
async function createHidden(
  hidden: HiddenDirectory,
  place: ChangePlace,
  { at, mode }: { at: NameIn; mode: number },
): Promise<OpenFile | undefined> {
  const mayBeOurs = hidden.unfinished.has(at.name);
  hidden.unfinished.add(at.name);
  try {
    const file = await createFile(at, mode, pathOf(place));
    if (file === undefined && !mayBeOurs) hidden.unfinished.delete(at.name);
    return file;
  } catch (error) {
    // NFS: a creation reported as failed may have succeeded, with its reply lost. A file that stays is
    // reported with its directory.
    if ((await tryRemoveName(at)) === undefined) hidden.unfinished.delete(at.name);
    throw error;
  }
}

/**
 * As rsync without --perms: a new file gets the mode that the umask leaves, a replaced file keeps its
 * permissions. Set-id bits stay only if the owner, who set them, stays.
 */
async function modeToKeep(scope: ApplyingScope, place: ChangePlace): Promise<number | undefined> {
  const { destination, change } = place;
  const isNew = (change.differences & (Difference.missing | Difference.kind)) !== 0;
  if (scope.context.settings.preserve.mode || isNew) return undefined;
  const existing = await readEntry(destination, change.name);
  const { uid, gid } = newOwner(scope, place);
  const isOwnerKept = existing.uid === uid && existing.gid === gid;
  const mode = isMarked(existing) ? unmarkedMode(existing) : permissionsOf(existing);
  return isOwnerKept ? mode : mode & ~SET_ID_BITS;
}

/**
 * PERF: no object spread, here or elsewhere on the path of every file: V8 then looks up each field (5 % of
 * the CPU).
 */
function destinationFile(file: OpenFile, at: NameIn, how: Partial<DestinationState>): DestinationFile {
  return {
    file,
    directory: at.directory,
    name: at.name,
    isTemporary: how.isTemporary ?? false,
    inPlace: how.inPlace ?? false,
    resumedBytes: how.resumedBytes,
    keptMode: how.keptMode,
    createdMode: how.createdMode,
    isOpen: true,
  };
}

async function createTemporary(
  scope: ApplyingScope,
  place: ChangePlace,
  { at, mode }: { at: NameIn; mode: number },
): Promise<OpenFile> {
  try {
    const file = await createFile(at, mode, pathOf(place));
    if (file === undefined) throw new SystemError(-EEXIST, 'openat', pathOf(place));
    return file;
  } catch (error) {
    // NFS: a call reported as failed may have succeeded, with its reply lost; after EROFS it has certainly
    // not.
    if (!(error instanceof SystemError && error.errno === -EROFS)) await discard(scope, at);
    throw error;
  }
}

function firstMode(scope: ApplyingScope, place: ChangePlace): number {
  const { setup, settings } = scope.context;
  const { uid, gid } = newOwner(scope, place);
  const ownerWillChange = uid !== setup.rights.uid || gid !== place.createdGid;
  const mode = creationMode(permissionsOf(place.change.source), ownerWillChange && settings.preserve.mode);
  return mode | givenMode(scope);
}

/** Setting attributes through a path needs write permission. */
export function givenMode({ context }: ApplyingScope): number {
  return context.settings.preserve.xattr ? 0o200 : 0;
}

/** NFS: errors of earlier writes appear at fsync or close, so nothing is moved into place before those. */
export async function putInPlace(
  scope: ApplyingScope,
  place: ChangePlace,
  written: DestinationFile,
): Promise<void> {
  written.isOpen = false;
  await closeWritten(written.file);
  const { name } = place.change;
  if (written.isTemporary && scope.context.settings.delayUpdates) {
    await moveIntoPlace(written, { directory: place.destination, name: delayedNameOf(name) });
  } else if (written.isTemporary) {
    await replaceName(scope, written, { directory: place.destination, name }, place.at);
  }
  place.hidden?.unfinished.delete(name);
}

/** A file written in place stays: there is no other copy of it. */
export async function abandon(
  scope: ApplyingScope,
  place: ChangePlace,
  written: DestinationFile,
  keep?: Entry,
): Promise<void> {
  const { file } = written;
  const mayKeep = keep !== undefined && written.isOpen && written.resumedBytes !== undefined;
  const isNamed = mayKeep && (await keepPartial(scope, file, keep));
  const isSafe = !written.isOpen || (await closeFailed(file));
  // NFS: this close reports lost writes. They do not matter for a discarded file, but the next run trusts a
  // kept one.
  const isKept = isNamed && isSafe;
  if (written.inPlace || isKept) return;
  if (await discard(scope, written)) place.hidden?.unfinished.delete(written.name);
}
