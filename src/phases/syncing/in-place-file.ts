/** `--inplace`: opens the file that is there to be written into, never an inode that has other names. */
import { readOpenEntry } from '../../filesystem/entry-stat.ts';
import { O_CLOEXEC, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } from '../../filesystem/linux/constants.ts';
import { check, ENOENT } from '../../filesystem/linux/system-error.ts';
import type { OpenFile } from '../../filesystem/root.ts';
import { Difference } from '../../model/change.ts';
import { isFile, type Entry } from '../../model/entry.ts';
import type { ApplyingUnit } from './apply-unit.ts';
import { pathOf, type ChangePlace } from './change-place.ts';

/** Undefined: it is to be replaced. @throws SystemError */
export async function openInPlace(unit: ApplyingUnit, place: ChangePlace): Promise<OpenFile | undefined> {
  return mayBeInPlace(unit, place) ? openExisting(place) : undefined;
}

function mayBeInPlace(unit: ApplyingUnit, { change }: ChangePlace): boolean {
  const forbidden = Difference.linkGroup | Difference.missing | Difference.kind;
  return unit.context.settings.inPlace && (change.differences & forbidden) === 0;
}

async function openExisting(place: ChangePlace): Promise<OpenFile | undefined> {
  const { linux, fd: directoryFd } = place.destination;
  const path = pathOf(place);
  const flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const fd = await linux.openat(directoryFd, place.change.name, flags, 0);
  if (fd === -ENOENT) return undefined;
  const file = { linux, fd: check(fd, 'openat', path), path };
  try {
    if (mayWriteInto(await readOpenEntry(file), place)) return file;
  } catch (error) {
    await linux.close(fd);
    throw error;
  }
  check(await linux.close(fd), 'close', path);
  return undefined;
}

/** What took its name since may be a device, or have names of which this run knows nothing. */
function mayWriteInto(existing: Entry, { change }: ChangePlace): boolean {
  return isFile(existing) && existing.linkCount <= change.source.linkCount;
}
