/** With `--delete`: names that only the destination has, unless a filter rule protects them. */
import { closeDirectory } from '../../filesystem/open-directory.ts';
import { isMountPoint } from '../../filesystem/mount-points.ts';
import { childPath } from '../../filesystem/root.ts';
import { isOwnDirectoryName, isOwnName } from '../../policy/temporary-name.ts';
import { includesName } from '../walking/join-names.ts';
import type { DirectoryTask } from '../walking/directory-task.ts';
import { isLeftOut, openSide, openWithRetries, type OpenSide } from '../walking/open-side.ts';
import { suspect, suspectUnread, type VerifyingUnit } from './unit.ts';

export async function suspectExtraneous(
  unit: VerifyingUnit,
  source: OpenSide,
  destination: OpenSide,
): Promise<void> {
  const { filter, settings } = unit.context;
  // With --delete-excluded what the source excludes is not in it.
  const holds = (names: readonly string[], name: string, isDirectory: boolean) =>
    includesName(names, name) &&
    !(
      settings.deleteExcluded &&
      filter?.isExcluded(childPath(source.directory.path, name), isDirectory) === true
    );
  const isInSource = (name: string) =>
    holds(source.listing.directories, name, true) || holds(source.listing.others, name, false);
  await suspectNames(unit, destination, isInSource);
}

/** An extraneous directory may stay for the sake of what is protected in it, and of nothing else. */
export async function verifyExtraneous(
  unit: VerifyingUnit,
  { path, deviceAbove }: DirectoryTask,
): Promise<void> {
  const { context } = unit;
  const place = { side: 'destination', path, freshness: 'server', isExtraneous: true, deviceAbove } as const;
  try {
    const destination = await openWithRetries(context, () => openSide(context, place));
    try {
      await verifyOpened(unit, destination);
    } finally {
      await closeDirectory(destination.directory);
    }
  } catch (error) {
    if (!isLeftOut(context, error)) suspectUnread(unit, error, { path, side: 'destination' });
  }
}

async function verifyOpened(unit: VerifyingUnit, destination: OpenSide): Promise<void> {
  // What is mounted with --one-file-system is not the user's copy, and rightly stays.
  if (destination.isOutside) return;
  const { directories, others } = destination.listing;
  const { path } = destination.directory;
  if (destination.isMountPoint) suspectName(unit, path, 'not in the source; it is a mount point');
  else if (directories.length + others.length === 0) suspectName(unit, path);
  await suspectNames(unit, destination, () => false);
}

async function suspectNames(
  unit: VerifyingUnit,
  { directory, listing, entry }: OpenSide,
  isInSource: (name: string) => boolean,
): Promise<void> {
  const { filter, settings } = unit.context;
  const isExtraneous = (name: string, isDirectory: boolean) => {
    const path = childPath(directory.path, name);
    const isProtected = !settings.deleteExcluded && filter?.isExcluded(path, isDirectory) === true;
    const isOwn = isDirectory ? isOwnDirectoryName(name) : isOwnName(name);
    return !isProtected && !isInSource(name) && !isOwn;
  };
  for (const name of listing.others) {
    if (!isExtraneous(name, false)) continue;
    if (settings.oneFileSystem && (await isMountPoint(directory, name))) continue;
    suspectName(unit, childPath(directory.path, name));
  }
  for (const name of listing.directories) {
    if (!isExtraneous(name, true)) continue;
    const path = childPath(directory.path, name);
    if (filter === undefined && !settings.oneFileSystem) suspectName(unit, path);
    else unit.found({ path, sides: 'destination', makesWay: false, deviceAbove: entry.device });
  }
}

function suspectName(unit: VerifyingUnit, path: string, detail = 'not in the source'): void {
  suspect(unit, { class: 'extraneous', path, detail });
}
