/**
 * `--inplace`: opens the existing file for writing. Never an inode with other names, nor one whose owner or
 * permissions differ from a new file's: somebody may have it open.
 */
import {
  closeFailed,
  closeWritten,
  flushToDisk,
  openExisting,
  tryMode,
} from '../../../filesystem/destination/files.ts';
import { readOpenEntry } from '../../../filesystem/entry-stat.ts';
import { givesRights, listAttributeNames } from '../../../filesystem/metadata/extended-attributes.ts';
import type { OpenFile } from '../../../filesystem/root.ts';
import { Difference } from '../../../model/change.ts';
import { hasSetIdBits, isFile, type Entry, permissionsOf } from '../../../model/entry.ts';
import { canBeMarked, isMarked, markedMode, unmarkedMode } from '../../../policy/compare/unfinished-marks.ts';
import type { ApplyingScope } from '../scope/applying-scope.ts';
import { pathOf, type ChangePlace } from '../names/change-place.ts';
import { atSide } from '../../../engine/march/both-sides.ts';

const ACCESS_LIST = 'system.posix_acl_access';

export interface InPlaceFile {
  readonly file: OpenFile;
  /** Its permissions before it was marked. */
  readonly mode: number;
}

/** Undefined: replace the file instead. @throws SystemError */
export async function openInPlace(
  scope: ApplyingScope,
  place: ChangePlace,
  source: OpenFile,
): Promise<InPlaceFile | undefined> {
  if (!mayBeInPlace(scope, place) || (await hasRights(scope, place, source))) return undefined;
  return openUnchanged(scope, place);
}

function mayBeInPlace(scope: ApplyingScope, { change }: ChangePlace): boolean {
  const { linkGroup, missing, kind, uid, gid, mode, acl, privilege } = Difference;
  const forbidden = linkGroup | missing | kind | uid | gid | mode | acl | privilege;
  const isPossible = (change.differences & forbidden) === 0 && canBeMarked(change.source);
  return scope.context.settings.inPlace && isPossible;
}

/**
 * Whether running the file grants rights: then it is only ever written whole, in one go. Only root copies such
 * attributes. @throws SystemError, with its side
 */
export async function hasRights(
  { context }: ApplyingScope,
  { change }: ChangePlace,
  source: OpenFile,
): Promise<boolean> {
  if (hasSetIdBits(change.source)) return true;
  if (!context.settings.preserve.xattr || !context.setup.rights.isRoot) return false;
  const names = await atSide('source', () => listAttributeNames(source));
  return names.some(givesRights);
}

async function openUnchanged(scope: ApplyingScope, place: ChangePlace): Promise<InPlaceFile | undefined> {
  const at = { directory: place.destination, name: place.change.name };
  const file = await openExisting(at, pathOf(place));
  if (file === undefined) return undefined;
  try {
    const existing = await readOpenEntry(file);
    const mayWrite = isAsNew(scope, place, existing) && (await hasPlainAttributes(scope, file));
    if (mayWrite && (await mark(scope, file, existing))) return { file, mode: unmarkedMode(existing) };
  } catch (error) {
    await closeFailed(file);
    throw error;
  }
  await closeWritten(file);
  return undefined;
}

/**
 * The name may have been taken since by a device, somebody else's file, or a file with names unknown to this
 * run.
 */
function isAsNew(scope: ApplyingScope, place: ChangePlace, existing: Entry): boolean {
  const { source } = place.change;
  const { uid, gid } = newOwner(scope, place);
  const keepsMode = scope.context.settings.preserve.mode;
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
 * Marks the file as unfinished before its first byte is written, until its mode is set at the end. False: the
 * file system cannot store the mark, or somebody else owns the file. PERF: one call, and a second one that
 * the client answers by itself.
 */
async function mark({ context }: ApplyingScope, file: OpenFile, existing: Entry): Promise<boolean> {
  if (!isMarked(existing)) {
    if (!(await tryMode(file, markedMode(existing)))) return false;
    if (!isMarked(await readOpenEntry(file))) return false;
  }
  if (context.settings.fsync) await flushToDisk(file);
  return true;
}

/** The final owner of a new file. */
export function newOwner(
  { context }: ApplyingScope,
  { change, createdGid }: ChangePlace,
): { uid: number; gid: number } {
  const { rights } = context.setup;
  const { uid = rights.uid, gid = createdGid } = context.rule.wantedOwner(change.source);
  return { uid, gid };
}

/** An ACL that is not to be preserved may admit more users than the mode does. */
async function hasPlainAttributes({ context }: ApplyingScope, file: OpenFile): Promise<boolean> {
  const isAclWanted = context.settings.preserve.acl;
  const names = await listAttributeNames(file);
  return !names.some((name) => givesRights(name) || (name === ACCESS_LIST && !isAclWanted));
}
