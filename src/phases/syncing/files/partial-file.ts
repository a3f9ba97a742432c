/** `--partial`: opens a file that an interrupted run left, and keeps one for the next run. */
import type { ByteString } from '../../../model/byte-string.ts';
import {
  closeFailed,
  closeWritten,
  cutTo,
  openOrCreate,
  tryMtime,
} from '../../../filesystem/destination/files.ts';
import { removeName } from '../../../filesystem/destination/names.ts';
import { bootNumber } from '../../../filesystem/proc-file.ts';
import { readOpenEntry } from '../../../filesystem/entry-stat.ts';
import type { OpenFile } from '../../../filesystem/root.ts';
import { type Entry, permissionsOf } from '../../../model/entry.ts';
import { partialMark, isResumable, resumeOffset } from '../../../policy/compare/unfinished-marks.ts';
import { partialNameOf } from '../../own-names.ts';
import type { ApplyingScope } from '../scope/applying-scope.ts';
import { pathOf, type ChangePlace } from '../names/change-place.ts';
import { hasRights } from './in-place-file.ts';

export interface PartialFile {
  readonly file: OpenFile;
  readonly name: ByteString;
  /** Bytes at its start that need not be copied again. */
  readonly startBytes: number;
}

export function mayResume(scope: ApplyingScope, { change }: ChangePlace): boolean {
  return scope.context.settings.partial && isResumable(change.source);
}

interface NewPartial {
  readonly source: OpenFile;
  readonly mode: number;
}

/**
 * Undefined: its predictable name is taken by an entry that this user did not make, or the file grants rights
 * and must not lie around. @throws SystemError
 */
export async function openPartial(
  scope: ApplyingScope,
  place: ChangePlace,
  { source, mode }: NewPartial,
): Promise<PartialFile | undefined> {
  if (await hasRights(scope, place, source)) return undefined;
  const at = { directory: place.destination, name: partialNameOf(place.change.name) };
  const file = await openOrCreate(at, mode, pathOf(place));
  if (file === undefined) return undefined;
  // An earlier version had more permissive modes: somebody may still have the file open.
  let isTooOpen = false;
  try {
    const partial = await readOpenEntry(file);
    const { uid } = scope.context.setup.rights;
    const startBytes = resumeOffset(partial, place.change.source, { uid, boot: bootOf(scope) });
    isTooOpen = startBytes !== undefined && (permissionsOf(partial) & ~mode) !== 0;
    if (startBytes !== undefined && !isTooOpen) {
      await cutTo(file, startBytes);
      return { file, name: at.name, startBytes };
    }
  } catch (error) {
    await closeFailed(file);
    throw error;
  }
  await closeWritten(file);
  if (!isTooOpen) return undefined;
  await removeName(at);
  return openPartial(scope, place, { source, mode });
}

/** Marks the version that the file is a part of; false: it cannot be marked, and so is useless. */
export async function keepPartial(scope: ApplyingScope, file: OpenFile, version: Entry): Promise<boolean> {
  return tryMtime(file, partialMark(version, bootOf(scope)));
}

/** A local partial file is not flushed, as the run must end at once: it is valid only until the next boot. */
function bootOf({ context }: ApplyingScope): number {
  return context.setup.destination.isRemote ? 0 : bootNumber();
}
