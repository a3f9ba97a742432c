/** Names that only the destination has: to delete with `--delete`, and leftovers of a killed run always. */
import { childPath } from '../../filesystem/root.ts';
import { isOwnDirectoryName, isOwnName } from '../../policy/temporary-name.ts';
import { partialNameOf } from '../partial-name.ts';
import type { MountedDirectory } from '../plan/removal-record.ts';
import { includesName, unlistedNames } from '../walking/join-names.ts';
import { listDeletion } from './list-change.ts';
import type { PreparingUnit } from './unit.ts';
import type { PreparedPair, EntryPlace, PreparedDestination } from './pair.ts';

export interface ExtraneousPlace {
  /** The source without what is excluded. */
  readonly pair: PreparedPair;
  readonly touch: EntryPlace['touch'];
}

export function planExtraneous(unit: PreparingUnit, place: ExtraneousPlace): void {
  const { context } = unit;
  const { path, destination, source, keepsExtraneous } = place.pair;
  const { directories = [], others = [] } = destination?.listing ?? {};
  context.counters.add('destinationEntries', directories.length + others.length);
  // What an incomplete listing did not show may still be there.
  if (source.listing.incomplete !== undefined) return;
  const isExtraneous = isMissingFrom(place);
  const leftovers = [...others.filter(isOwnName), ...directories.filter(isOwnDirectoryName)].filter(
    isExtraneous,
  );
  const kept = context.settings.partial ? partialsOf(place, leftovers) : new Set();
  const temporaries = leftovers.filter((name) => !kept.has(name));
  removeNames(unit, place, { names: temporaries, areTemporaries: true });
  if (!context.settings.delete || keepsExtraneous) return;
  const mayDelete = (isDirectory: boolean) => (name: string) => {
    const isOwn = isDirectory ? isOwnDirectoryName(name) : isOwnName(name);
    return isExtraneous(name) && !isOwn && !isProtected(unit, childPath(path, name), isDirectory);
  };
  removeNames(unit, place, { names: others.filter(mayDelete(false)), areTemporaries: false });
  for (const name of directories.filter(mayDelete(true))) {
    place.touch.isTouched = true;
    const deviceAbove = destination?.entry.device ?? 0;
    unit.found({ path: childPath(path, name), sides: 'destination', makesWay: false, deviceAbove });
  }
}

/** Those that this run may go on from: of files that the source still has. */
function partialsOf({ pair }: ExtraneousPlace, leftovers: readonly string[]): ReadonlySet<string> {
  if (leftovers.length === 0) return new Set();
  return new Set(pair.source.listing.others.map(partialNameOf));
}

/** Excluded names are protected at the destination (rsync), unless `--delete-excluded`. */
export function isProtected(unit: PreparingUnit, path: string, isDirectory: boolean): boolean {
  const { filter, settings } = unit.context;
  return filter !== undefined && !settings.deleteExcluded && filter.isExcluded(path, isDirectory);
}

/** What Syncing must find there to delete in it. */
export function identityOf({ mountId, entry }: PreparedDestination): MountedDirectory {
  return { mountId, device: entry.device, inode: entry.inode };
}

/** With `--delete-excluded` what the source excludes is extraneous; else only what it does not hold. */
function isMissingFrom({ pair }: ExtraneousPlace): (name: string) => boolean {
  const { directories, others } = pair.source.listing;
  return (name) => !includesName(others, name) && !includesName(directories, name);
}

function removeNames(
  unit: PreparingUnit,
  place: ExtraneousPlace,
  removal: { names: string[]; areTemporaries: boolean },
): void {
  if (removal.names.length === 0) return;
  const { path: directoryPath, source, destination } = place.pair;
  if (destination === undefined) return;
  const made = removal.areTemporaries ? [] : unlistedNames(source.listing, destination.listing);
  place.touch.isTouched = true;
  const directory = identityOf(destination);
  unit.context.plan.removal('removals', { directoryPath, directory, made, ...removal });
  if (removal.areTemporaries) return;
  unit.context.counters.add('entriesToDelete', removal.names.length);
  for (const name of removal.names) listDeletion(unit, childPath(directoryPath, name));
}
