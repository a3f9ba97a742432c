/** With `--delete`: names that only the destination has, unless a filter rule protects them. */
import { closeDirectory } from '../../filesystem/open-directory.ts';
import { childPath } from '../../filesystem/root.ts';
import { isOwnDirectoryName, isOwnName } from '../../policy/temporary-name.ts';
import { includesName } from '../walking/join-names.ts';
import { openSide, openWithRetries, type OpenSide } from '../walking/open-side.ts';
import { suspect, suspectUnread, type VerifyingUnit } from './unit.ts';

export function suspectExtraneous(unit: VerifyingUnit, source: OpenSide, destination: OpenSide): void {
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
  suspectNames(unit, destination, isInSource);
}

/** An extraneous directory may stay for the sake of what is protected in it, and of nothing else. */
export async function verifyExtraneous(unit: VerifyingUnit, path: string): Promise<void> {
  try {
    const { context } = unit;
    const destination = await openWithRetries(context, () =>
      openSide(context.destination, path, undefined, 'server'),
    );
    const { directories, others } = destination.listing;
    if (directories.length + others.length === 0) suspectName(unit, path);
    suspectNames(unit, destination, () => false);
    await closeDirectory(destination.directory);
  } catch (error) {
    suspectUnread(unit, error, { path, side: 'destination' });
  }
}

function suspectNames(
  unit: VerifyingUnit,
  { directory, listing, entry }: OpenSide,
  isInSource: (name: string) => boolean,
): void {
  const { filter, settings, setup } = unit.context;
  if (settings.oneFileSystem && entry.device !== setup.destination.device) return;
  const isExtraneous = (name: string, isDirectory: boolean) => {
    const path = childPath(directory.path, name);
    const isProtected = !settings.deleteExcluded && filter?.isExcluded(path, isDirectory) === true;
    const isOwn = isDirectory ? isOwnDirectoryName(name) : isOwnName(name);
    return !isProtected && !isInSource(name) && !isOwn;
  };
  for (const name of listing.others) {
    if (isExtraneous(name, false)) suspectName(unit, childPath(directory.path, name));
  }
  for (const name of listing.directories) {
    if (!isExtraneous(name, true)) continue;
    const path = childPath(directory.path, name);
    if (filter === undefined && !settings.oneFileSystem) suspectName(unit, path);
    else unit.found({ path, sides: 'destination', makesWay: false });
  }
}

function suspectName(unit: VerifyingUnit, path: string): void {
  suspect(unit, { class: 'extraneous', path, detail: 'not in the source' });
}
