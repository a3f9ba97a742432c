/** A directory of one side: open, identified and listed, with `--files-from` the names of the list alone. */
import type { ByteString } from '../../model/byte-string.ts';
import { type Freshness, statName, statOpen } from '../../filesystem/entry-stat.ts';
import {
  listDirectory,
  type Listing,
  type Mark,
  EMPTY_LISTING,
  listUpTo,
  lookUpNames,
} from '../../filesystem/list-directory.ts';
import { snapshotOf, StatBuffer } from '../../linux/stat-buffer.ts';
import { check, MountPointError } from '../../linux/system-error.ts';
import { explainDenied } from '../../filesystem/mounts/mount-points.ts';
import { closeDirectory, openDirectory, withDirectory } from '../../filesystem/open-directory.ts';
import { parentPath, lastName, type OpenDirectory } from '../../filesystem/root.ts';
import { type Entry } from '../../model/entry.ts';
import type { Side } from '../../model/task.ts';
import type { Filter } from '../../policy/filter/filter.ts';
import { selectName, mostEntriesToList } from '../../policy/filter/path-selection.ts';
import { type MountBounds, mountBoundsOf } from '../../policy/file-systems/mount-facts.ts';
import { filterIn } from '../rules/side-filters.ts';
import { retrying, willTryAgain } from '../context/retrying.ts';
import { followingOption } from '../context/followed-links.ts';
import { takeMode } from '../context/compare-rule.ts';
import type { WorkerContext } from '../context/worker-context.ts';
import { findSpared, isRunFile, markOf, NOTHING_SPARED, type Spared } from './spare.ts';
import { withoutNames, listsName } from './sorted-names.ts';
import { guardFollowed } from '../roots/guard-followed.ts';
import { guardOtherRoot, guardCrossing } from '../roots/guard-overlap.ts';

export interface OpenSide extends MountBounds {
  readonly directory: OpenDirectory;
  readonly entry: Entry;
  /** Without what takes no part. Empty where the walk does not go on: `isOutside` the source, a mount point that is extraneous. */
  readonly listing: Listing;
  readonly spared: Spared;
  readonly mountId: number;
  /** What of its names is left out, or at the destination protected. */
  readonly filter: Filter | undefined;
}

/** Which directory, and what for. */
export interface DirectoryToOpen {
  readonly side: Side;
  readonly path: ByteString;
  readonly freshness?: Freshness;
  /** All names but this are left out. */
  readonly only?: string | undefined;
  /** Only the destination has it. */
  readonly isExtraneous?: boolean;
  /** The device of the directory above it, where that is known. */
  readonly deviceAbove?: number | undefined;
}

const WHOLLY_SPARED: Spared = { isWhole: true, names: [], isKept: true };

/** @throws SystemError; LocationError where it leads to the other root; the caller closes the directory */
export async function openSide(context: WorkerContext, place: DirectoryToOpen): Promise<OpenSide> {
  let directory: OpenDirectory;
  try {
    directory = await openDirectory(context[place.side], place.path);
  } catch (error) {
    throw explainDenied(error, context.setup[place.side].realPath, place.path);
  }
  return identify(context, place, directory);
}

/** As `openSide`, of a directory that is open already. */
export async function identify(
  context: WorkerContext,
  place: DirectoryToOpen,
  directory: OpenDirectory,
): Promise<OpenSide> {
  try {
    const stat = new StatBuffer();
    check(await statOpen(directory, stat, place.freshness ?? 'cached'), 'statx', directory.path);
    if (place.side === 'source') takeMode(context, stat);
    const bounds = boundsOf(context, place, stat);
    const entry = snapshotOf(stat);
    // PERF: made in one place, so that V8 knows one shape of it.
    const sideOf = (listing: Listing, spared: Spared, filter?: Filter): OpenSide => {
      const { isMountPoint, isOutside } = bounds;
      return { directory, entry, mountId: stat.mountId, isMountPoint, isOutside, listing, spared, filter };
    };
    if (place.path !== '' && isRunFile(context, entry)) return sideOf(EMPTY_LISTING, WHOLLY_SPARED);
    if (isNotEntered(place, bounds)) return sideOf(EMPTY_LISTING, NOTHING_SPARED);
    // A removed directory cannot be listed.
    if (context.setup[place.side].creation === 'planned') return sideOf(EMPTY_LISTING, NOTHING_SPARED);
    guardOtherRoot(context, place, stat);
    if (place.side === 'source' && followingOption(context.settings) !== undefined)
      await guardFollowed(context, directory, entry);
    if (bounds.isMountPoint) guardCrossing(context, place, stat.mountId);
    const listing = await list(context, place, { directory, mark: markOf(context, place.side, stat) });
    const { mountId, isMountRoot = false } = stat;
    const { side } = place;
    const at = { side, directory, identity: entry, listing, mountId, isMountRoot };
    const spared = await findSpared(context, at);
    const filter = await filterOf(context, place, directory, listing);
    return sideOf(withoutNames(listing, spared.names), spared, filter);
  } catch (error) {
    await closeDirectory(directory);
    throw error;
  }
}

/** PERF: waits for nothing where all directories have the same. */
function filterOf(
  { filters, selection }: WorkerContext,
  { side, path, freshness = 'cached', only }: DirectoryToOpen,
  directory: OpenDirectory,
  listing: Listing,
): Filter | undefined | Promise<Filter | undefined> {
  const own = filters[side];
  if (own.directories === undefined) return own.everywhere;
  // What was not asked for may be there all the same.
  const isPart = only !== undefined || selection !== undefined || listing.incomplete !== undefined;
  const mayHave = (name: ByteString): boolean => isPart || listsName(listing, name);
  return filterIn(own, { path, freshness }, { directory, mayHave });
}

function boundsOf(
  { setup, settings }: WorkerContext,
  { side, path, deviceAbove }: DirectoryToOpen,
  { device, isMountRoot }: StatBuffer,
): MountBounds {
  if (path === '') return { isMountPoint: false, isOutside: false };
  const { oneFileSystem, onlyBelow } = settings;
  if (onlyBelow === undefined || side === 'destination') {
    const rootDevice = setup[side].device;
    return mountBoundsOf({ device, isMountRoot, deviceAbove, rootDevice }, oneFileSystem);
  }
  // As in rsync, the file system that counts is that of the named directory, wherever the way to it leads.
  const isNamed = `${onlyBelow}/`.startsWith(`${path}/`);
  const rootDevice = deviceAbove ?? device;
  return mountBoundsOf({ device, isMountRoot, deviceAbove, rootDevice }, oneFileSystem && !isNamed);
}

/** What the destination has mounted where the source has a directory is written to, as in rsync. */
function isNotEntered(
  { side, isExtraneous }: DirectoryToOpen,
  { isMountPoint, isOutside }: MountBounds,
): boolean {
  return side === 'source' ? isOutside : isExtraneous === true && (isMountPoint || isOutside);
}

async function list(
  context: WorkerContext,
  { isExtraneous, only }: DirectoryToOpen,
  { directory, mark }: { directory: OpenDirectory; mark: Mark | undefined },
): Promise<Listing> {
  const selection = only === undefined ? context.selection : selectName(only);
  const isWhole = isExtraneous === true || selection === undefined || selection.isWhole(directory.path);
  if (!isWhole) return listSelected(directory, selection.childrenOf(directory.path), mark);
  const listing = await listDirectory(directory, mark);
  if (isExtraneous === true || selection === undefined) return listing;
  return withUnlisted(directory, listing, { names: selection.childrenOf(directory.path), mark });
}

/** Listed with the whole directory or looked up, whichever costs less. @param names sorted; those that are missing are left out */
async function listSelected(
  directory: OpenDirectory,
  names: readonly ByteString[],
  mark?: Mark,
): Promise<Listing> {
  const most = mostEntriesToList(names.length);
  const listed = most === 0 ? undefined : await listUpTo(directory, most, mark);
  if (listed === undefined || listed.incomplete !== undefined) return lookUp(directory, names, mark);
  const selected = new Set(names);
  const found = [...listed.directories, ...listed.others].filter((name) => selected.delete(name));
  if (found.length === names.length && found.length === listed.directories.length + listed.others.length) {
    return listed;
  }
  const isWanted = new Set(found);
  // What servers do not list may still be there: .snapshot and the like.
  const unlisted = await lookUp(directory, [...selected], mark);
  const both = (kind: 'directories' | 'others'): string[] =>
    [...listed[kind].filter((name) => isWanted.has(name)), ...unlisted[kind]].toSorted();
  const marked = [...(listed.marked ?? []), ...(unlisted.marked ?? [])];
  return { directories: both('directories'), others: both('others'), marked, incomplete: undefined };
}

/** With those of the names that servers do not list and yet have. PERF: asks nothing where all are listed. */
async function withUnlisted(
  directory: OpenDirectory,
  listing: Listing,
  { names, mark }: { names: readonly ByteString[]; mark: Mark | undefined },
): Promise<Listing> {
  const { directories, others } = listing;
  const unlisted = names.filter((name) => !listsName(listing, name));
  if (unlisted.length === 0) return listing;
  const found = await lookUp(directory, unlisted, mark);
  return {
    directories: [...directories, ...found.directories].toSorted(),
    others: [...others, ...found.others].toSorted(),
    marked: [...(listing.marked ?? []), ...(found.marked ?? [])],
    incomplete: listing.incomplete,
  };
}

async function lookUp(directory: OpenDirectory, names: readonly ByteString[], mark?: Mark): Promise<Listing> {
  return { ...(await lookUpNames(directory, names, mark)), incomplete: undefined };
}

/**
 * Opens and lists a directory, again from its opening on where a failure may pass. What cannot be listed to
 * its end even so is given as far as it goes.
 */
export async function openWithRetries<S extends OpenSide>(
  context: WorkerContext,
  open: () => Promise<S>,
): Promise<S> {
  return retrying(context, async (tries) => {
    const side = await open();
    const { incomplete } = side.listing;
    if (incomplete === undefined || !willTryAgain(context, incomplete, tries)) return side;
    await closeDirectory(side.directory);
    throw incomplete;
  });
}

/** `--one-file-system`: what another user has mounted is left out like all that is mounted. */
export function isLeftOut({ settings }: WorkerContext, error: unknown): boolean {
  return settings.oneFileSystem && error instanceof MountPointError;
}

/** The metadata of a directory of the source that cannot be opened, from the one above. @throws SystemError */
export async function readUnopenedEntry(context: WorkerContext, path: ByteString): Promise<Entry> {
  return retrying(context, () =>
    withDirectory(context.source, parentPath(path), async (parent) => {
      const stat = new StatBuffer();
      check(await statName(parent, lastName(path), stat), 'statx', path);
      takeMode(context, stat);
      return snapshotOf(stat);
    }),
  );
}
