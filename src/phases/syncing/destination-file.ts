/** The destination file while it is written: opened under the right name, moved into place or discarded. */
import { O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } from '../../filesystem/linux/constants.ts';
import { readEntry } from '../../filesystem/entry-stat.ts';
import { check, EEXIST, ENOENT, EROFS, SystemError } from '../../filesystem/linux/system-error.ts';
import type { OpenFile } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { permissionsOf, SET_ID_BITS, type Entry } from '../../model/entry.ts';
import { creationMode } from '../../policy/creation-mode.ts';
import { isMarked, unmarkedMode } from '../../policy/unfinished-mark.ts';
import type { ApplyingUnit } from './apply-unit.ts';
import { pathOf, type ChangePlace } from './change-place.ts';
import type { DestinationState } from './destination-state.ts';
import type { HiddenDirectory } from './hidden-directory.ts';
import { newOwner, openInPlace } from './in-place-file.ts';
import { keepPartial, mayResume, openPartial } from './partial-file.ts';
import { discard, moveIntoPlace, newTemporaryName, type NameIn } from './new-name.ts';

export interface DestinationFile extends DestinationState, NameIn {
  readonly file: OpenFile;
}

export async function openDestination(
  unit: ApplyingUnit,
  place: ChangePlace,
  source: OpenFile,
): Promise<DestinationFile> {
  const { change, destination, staging } = place;
  const createdMode = firstMode(unit, place);
  const final: NameIn = { directory: destination, name: change.name };
  const existing = await openInPlace(unit, place, source);
  if (existing !== undefined) {
    // Where modes are not kept, this one takes the mark away again.
    const keptMode = unit.context.settings.preserve.mode ? undefined : existing.mode;
    return destinationFile(existing.file, final, { inPlace: true, keptMode });
  }
  if (place.hidden !== undefined && !mayResume(unit, place)) {
    const file = await createHidden(place.hidden, place, { at: final, mode: createdMode });
    if (file !== undefined) return destinationFile(file, final, { createdMode });
  }
  const keptMode = await modeToKeep(unit, place);
  if (mayResume(unit, place)) {
    const partial = await openPartial(unit, place, { source, mode: createdMode });
    if (partial !== undefined) {
      const { file, name, startBytes } = partial;
      const at = { directory: destination, name };
      return destinationFile(file, at, { isTemporary: true, resumedBytes: startBytes, keptMode });
    }
  }
  const temporary: NameIn = { directory: staging?.next() ?? destination, name: newTemporaryName() };
  const file = await createTemporary(unit, place, { at: temporary, mode: createdMode });
  return destinationFile(file, temporary, { isTemporary: true, keptMode, createdMode });
}

/**
 * Whatever ends a run, no incomplete file ever has its own name where anybody looks for it: a later run with
 * other options might take it for finished. In a directory that has no name yet a file has its own name at
 * once, which saves a rename, one round trip under the directory's lock. Undefined: something is there already.
 */
async function createHidden(
  hidden: HiddenDirectory,
  place: ChangePlace,
  { at, mode }: { at: NameIn; mode: number },
): Promise<OpenFile | undefined> {
  const { linux, fd } = at.directory;
  const mayBeOurs = hidden.unfinished.has(at.name);
  hidden.unfinished.add(at.name);
  try {
    const file = await create(place, at, mode);
    if (file === undefined && !mayBeOurs) hidden.unfinished.delete(at.name);
    return file;
  } catch (error) {
    // NFS: what is reported as failed may have been done, its reply lost.
    const removed = await linux.unlinkat(fd, at.name, 0);
    if (removed >= 0 || removed === -ENOENT) hidden.unfinished.delete(at.name);
    throw error;
  }
}

/**
 * rsync without --perms: a new file gets what the umask leaves, a replaced one's permissions stay; but set-id
 * bits only under the owner who set them.
 */
async function modeToKeep(unit: ApplyingUnit, place: ChangePlace): Promise<number | undefined> {
  const { destination, change } = place;
  const isNew = (change.differences & (Difference.missing | Difference.kind)) !== 0;
  if (unit.context.settings.preserve.mode || isNew) return undefined;
  const existing = await readEntry(destination, change.name);
  const { uid, gid } = newOwner(unit, place);
  const isOwnerKept = existing.uid === uid && existing.gid === gid;
  const mode = isMarked(existing) ? unmarkedMode(existing) : permissionsOf(existing);
  return isOwnerKept ? mode : mode & ~SET_ID_BITS;
}

/** PERF: no spread, here and on the way of every file: V8 then looks each field up (5 % of the CPU). */
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
  unit: ApplyingUnit,
  place: ChangePlace,
  { at, mode }: { at: NameIn; mode: number },
): Promise<OpenFile> {
  try {
    const file = await create(place, at, mode);
    if (file === undefined) throw new SystemError(-EEXIST, 'openat', pathOf(place));
    return file;
  } catch (error) {
    // NFS: what is reported as failed may have been done, its reply lost. EROFS: for certain it was not.
    if (!(error instanceof SystemError && error.errno === -EROFS)) await discard(unit, at);
    throw error;
  }
}

/** Undefined: something is there already. */
async function create(place: ChangePlace, at: NameIn, mode: number): Promise<OpenFile | undefined> {
  const { linux, fd: directoryFd } = at.directory;
  const path = pathOf(place);
  const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const fd = await linux.openat(directoryFd, at.name, flags, mode);
  if (fd === -EEXIST) return undefined;
  return { linux, fd: check(fd, 'openat', path), path };
}

function firstMode(unit: ApplyingUnit, place: ChangePlace): number {
  const { setup, settings } = unit.context;
  const { uid, gid } = newOwner(unit, place);
  const ownerWillChange = uid !== setup.rights.uid || gid !== place.createdGid;
  const { preserve } = settings;
  const mode = creationMode(permissionsOf(place.change.source), ownerWillChange && preserve.mode);
  // Attributes are set by a path, which takes permission to write.
  return preserve.xattr ? mode | 0o200 : mode;
}

/** NFS: errors of earlier writes appear at fsync or close, and nothing is moved into place before. */
export async function putInPlace(place: ChangePlace, written: DestinationFile): Promise<void> {
  const { linux, fd, path } = written.file;
  written.isOpen = false;
  check(await linux.close(fd), 'close', path);
  const { name } = place.change;
  if (written.isTemporary) await moveIntoPlace(written, { directory: place.destination, name });
  place.hidden?.unfinished.delete(name);
}

/** What was written in place stays: there is no other copy of it. */
export async function abandon(
  unit: ApplyingUnit,
  place: ChangePlace,
  written: DestinationFile,
  keep?: Entry,
): Promise<void> {
  const { file } = written;
  const mayKeep = keep !== undefined && written.isOpen && written.resumedBytes !== undefined;
  const isNamed = mayKeep && (await keepPartial(unit, file, keep));
  const closed = written.isOpen ? await file.linux.close(file.fd) : 0;
  // NFS tells here of writes that were lost: no matter for what is discarded, but the next run trusts what is kept.
  const isKept = isNamed && closed === 0;
  if (written.inPlace || isKept) return;
  if (await discard(unit, written)) place.hidden?.unfinished.delete(written.name);
}
