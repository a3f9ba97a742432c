/** `--partial`: opens what an interrupted run left of a file, and leaves it for the next one. */
import { bootNumber } from '../../filesystem/boot-number.ts';
import { readOpenEntry } from '../../filesystem/entry-stat.ts';
import { O_CLOEXEC, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } from '../../filesystem/linux/constants.ts';
import { check, EACCES, EISDIR, ELOOP, ENXIO, EPERM } from '../../filesystem/linux/system-error.ts';
import type { OpenFile } from '../../filesystem/root.ts';
import { releaseTimespecs, takeTimespecs } from '../../filesystem/timespec.ts';
import { permissionsOf, type Entry } from '../../model/entry.ts';
import { isResumable, partialMark, resumeOffset } from '../../policy/resume.ts';
import { partialNameOf } from '../partial-name.ts';
import type { ApplyingUnit } from './apply-unit.ts';
import { pathOf, type ChangePlace } from './change-place.ts';
import { hasRights } from './given-rights.ts';

export interface PartialFile {
  readonly file: OpenFile;
  readonly name: string;
  /** Bytes at its start that need not be copied again. */
  readonly startBytes: number;
}

export function mayResume(unit: ApplyingUnit, { change }: ChangePlace): boolean {
  return unit.context.settings.partial && isResumable(change.source);
}

interface NewPartial {
  readonly source: OpenFile;
  readonly mode: number;
}

/** A symbolic link, a FIFO or socket, a directory, a file that this user may not write into. */
const NOT_OURS: ReadonlySet<number> = new Set([-ELOOP, -ENXIO, -EISDIR, -EACCES, -EPERM]);

/**
 * Undefined: something that this user did not make has its name, which can be foreseen, or it lies about for too
 * long. @throws SystemError
 */
export async function openPartial(
  unit: ApplyingUnit,
  place: ChangePlace,
  { source, mode }: NewPartial,
): Promise<PartialFile | undefined> {
  if (await hasRights(unit, place, source)) return undefined;
  const { linux, fd: directoryFd } = place.destination;
  const path = pathOf(place);
  const name = partialNameOf(place.change.name);
  const flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const fd = await linux.openat(directoryFd, name, flags, mode);
  if (NOT_OURS.has(fd)) return undefined;
  const file = { linux, fd: check(fd, 'openat', path), path };
  // It was made for a version that more people could read: they may hold it open.
  let isTooOpen = false;
  try {
    const partial = await readOpenEntry(file);
    const { uid } = unit.context.setup.rights;
    const startBytes = resumeOffset(partial, place.change.source, { uid, boot: bootOf(unit) });
    isTooOpen = startBytes !== undefined && (permissionsOf(partial) & ~mode) !== 0;
    if (startBytes !== undefined && !isTooOpen) {
      check(await linux.ftruncate(file.fd, startBytes), 'ftruncate', path);
      return { file, name, startBytes };
    }
  } catch (error) {
    await linux.close(file.fd);
    throw error;
  }
  check(await linux.close(file.fd), 'close', path);
  if (!isTooOpen) return undefined;
  check(await linux.unlinkat(directoryFd, name, 0), 'unlinkat', path);
  return openPartial(unit, place, { source, mode });
}

/** Marks which version it is a part of; false: it cannot be marked, and is of no use. */
export async function keepPartial(unit: ApplyingUnit, file: OpenFile, version: Entry): Promise<boolean> {
  const times = takeTimespecs(undefined, partialMark(version, bootOf(unit)));
  const result = await file.linux.futimens(file.fd, times);
  releaseTimespecs(times);
  return result === 0;
}

/** What is kept locally is not flushed, for the run is to end at once: it is good until the machine's next start. */
function bootOf({ context }: ApplyingUnit): number {
  return context.setup.destination.isRemote ? 0 : bootNumber();
}
