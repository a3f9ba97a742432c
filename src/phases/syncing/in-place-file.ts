/**
 * `--inplace`: opens the file that is there to be written into. Never an inode that has other names, nor one
 * that a new file in its place would not equal: who owned it, or could open it, may hold it open.
 */
import { readOpenEntry } from '../../filesystem/entry-stat.ts';
import { listAttributeNames } from '../../filesystem/extended-attributes.ts';
import { O_CLOEXEC, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } from '../../filesystem/linux/constants.ts';
import { check, EINVAL, ENOENT, EOPNOTSUPP, EPERM } from '../../filesystem/linux/system-error.ts';
import type { OpenFile } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { hasSetIdBits, isFile, permissionsOf, type Entry } from '../../model/entry.ts';
import { givesRights } from '../../model/privileged-attributes.ts';
import { canBeMarked, isMarked, markedMode, unmarkedMode } from '../../policy/unfinished-mark.ts';
import type { ApplyingUnit } from './apply-unit.ts';
import { pathOf, type ChangePlace } from './change-place.ts';
import { hasRights } from './given-rights.ts';

export interface InPlaceFile {
  readonly file: OpenFile;
  /** Its permissions before it was marked. */
  readonly mode: number;
}

/** Undefined: it is to be replaced. @throws SystemError */
export async function openInPlace(
  unit: ApplyingUnit,
  place: ChangePlace,
  source: OpenFile,
): Promise<InPlaceFile | undefined> {
  if (!mayBeInPlace(unit, place) || (await hasRights(unit, place, source))) return undefined;
  return openExisting(unit, place);
}

function mayBeInPlace(unit: ApplyingUnit, { change }: ChangePlace): boolean {
  const { linkGroup, missing, kind, uid, gid, mode, acl, privilege } = Difference;
  const forbidden = linkGroup | missing | kind | uid | gid | mode | acl | privilege;
  const isPossible = (change.differences & forbidden) === 0 && canBeMarked(change.source);
  return unit.context.settings.inPlace && isPossible;
}

async function openExisting(unit: ApplyingUnit, place: ChangePlace): Promise<InPlaceFile | undefined> {
  const { linux, fd: directoryFd } = place.destination;
  const path = pathOf(place);
  const flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const fd = await linux.openat(directoryFd, place.change.name, flags, 0);
  if (fd === -ENOENT) return undefined;
  const file = { linux, fd: check(fd, 'openat', path), path };
  try {
    const existing = await readOpenEntry(file);
    const mayWrite = isAsNew(unit, place, existing) && (await hasPlainAttributes(unit, file));
    if (mayWrite && (await mark(unit, file, existing))) return { file, mode: unmarkedMode(existing) };
  } catch (error) {
    await linux.close(fd);
    throw error;
  }
  check(await linux.close(fd), 'close', path);
  return undefined;
}

/** What took its name since may be a device, somebody else's, or have names of which this run knows nothing. */
function isAsNew(unit: ApplyingUnit, place: ChangePlace, existing: Entry): boolean {
  const { source } = place.change;
  const { uid, gid } = newOwner(unit, place);
  const keepsMode = unit.context.settings.preserve.mode;
  return (
    isFile(existing) &&
    existing.linkCount <= source.linkCount &&
    existing.uid === uid &&
    existing.gid === gid &&
    !hasSetIdBits(existing) &&
    (!keepsMode || permissionsOf(existing) === permissionsOf(source))
  );
}

/**
 * Before its first byte is written: until its mode is set at the end it is known to be unfinished. False: its
 * file system keeps no such mark, or its owner is another. One call, a second that no server is asked for.
 */
async function mark({ context }: ApplyingUnit, file: OpenFile, existing: Entry): Promise<boolean> {
  if (!isMarked(existing)) {
    const result = await file.linux.fchmod(file.fd, markedMode(existing));
    if (result === -EPERM || result === -EOPNOTSUPP || result === -EINVAL) return false;
    check(result, 'fchmod', file.path);
    if (!isMarked(await readOpenEntry(file))) return false;
  }
  if (context.settings.fsync) check(await file.linux.fsync(file.fd), 'fsync', file.path);
  return true;
}

/** The owner that a new file has in the end. */
export function newOwner(
  { context }: ApplyingUnit,
  { change, createdGid }: ChangePlace,
): { uid: number; gid: number } {
  const { rights } = context.setup;
  const { uid = rights.uid, gid = createdGid } = context.wantedOwner(change.source);
  return { uid, gid };
}

/** An ACL that is not to be preserved may let in others than the mode does. */
async function hasPlainAttributes({ context }: ApplyingUnit, file: OpenFile): Promise<boolean> {
  const isAclWanted = context.settings.preserve.acl;
  const names = await listAttributeNames(file);
  return !names.some((name) => givesRights(name) || (name === ACCESS_LIST && !isAclWanted));
}

const ACCESS_LIST = 'system.posix_acl_access';
