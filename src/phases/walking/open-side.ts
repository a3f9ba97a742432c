/** A directory of one side: open, identified and listed. */
import { statOpen, readEntry, type Freshness } from '../../filesystem/entry-stat.ts';
import { EMPTY_LISTING, listDirectory, type Listing } from '../../filesystem/list-directory.ts';
import { snapshotOf, StatBuffer } from '../../filesystem/linux/stat-buffer.ts';
import { check, MountPointError } from '../../filesystem/linux/system-error.ts';
import { explainDenied } from '../../filesystem/mount-points.ts';
import { closeDirectory, openDirectory, withDirectory } from '../../filesystem/open-directory.ts';
import { lastName, parentPath, type OpenDirectory } from '../../filesystem/root.ts';
import type { Entry } from '../../model/entry.ts';
import type { Side } from '../../model/task.ts';
import { selectName } from '../../policy/filter/path-selection.ts';
import { mountBoundsOf, type MountBounds } from '../../policy/mount-bounds.ts';
import { retrying, willTryAgain } from '../retrying.ts';
import type { WorkerContext } from '../worker-context.ts';
import { guardCrossing, guardOtherRoot } from './guard-crossing.ts';
import { listSelected } from './list-selected.ts';

export interface OpenSide extends MountBounds {
  readonly directory: OpenDirectory;
  readonly entry: Entry;
  /** Empty where the walk does not go on: `isOutside` the source, a mount point that is extraneous. */
  readonly listing: Listing;
  readonly mountId: number;
}

/** Which directory, and what for. */
export interface SidePlace {
  readonly side: Side;
  readonly path: string;
  readonly freshness?: Freshness;
  /** All names but this are left out. */
  readonly only?: string | undefined;
  /** Only the destination has it. */
  readonly isExtraneous?: boolean;
  /** The device of the directory above it, where that is known. */
  readonly deviceAbove?: number | undefined;
}

/** @throws SystemError; LocationError where it leads to the other root; the caller closes the directory */
export async function openSide(context: WorkerContext, place: SidePlace): Promise<OpenSide> {
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
  place: SidePlace,
  directory: OpenDirectory,
): Promise<OpenSide> {
  try {
    const stat = new StatBuffer();
    check(await statOpen(directory, stat, place.freshness ?? 'cached'), 'statx', directory.path);
    const bounds = boundsOf(context, place, stat);
    const identified = { directory, entry: snapshotOf(stat), mountId: stat.mountId, ...bounds };
    if (isNotEntered(place, bounds)) return { ...identified, listing: EMPTY_LISTING };
    guardOtherRoot(context, place, stat);
    if (bounds.isMountPoint) guardCrossing(context, place, stat.mountId);
    return { ...identified, listing: await list(context, place, directory) };
  } catch (error) {
    await closeDirectory(directory);
    throw error;
  }
}

function boundsOf(
  { setup, settings }: WorkerContext,
  { side, path, deviceAbove }: SidePlace,
  { device, isMountRoot }: StatBuffer,
): MountBounds {
  if (path === '') return { isMountPoint: false, isOutside: false };
  const rootDevice = setup[side].device;
  return mountBoundsOf({ device, isMountRoot, deviceAbove, rootDevice }, settings.oneFileSystem);
}

/** What the destination has mounted where the source has a directory is written to, as in rsync. */
function isNotEntered({ side, isExtraneous }: SidePlace, { isMountPoint, isOutside }: MountBounds): boolean {
  return side === 'source' ? isOutside : isExtraneous === true && (isMountPoint || isOutside);
}

async function list(
  context: WorkerContext,
  { isExtraneous, only }: SidePlace,
  directory: OpenDirectory,
): Promise<Listing> {
  const selection = only === undefined ? context.selection : selectName(only);
  const isWhole = isExtraneous === true || selection === undefined || selection.isWhole(directory.path);
  return isWhole ? listDirectory(directory) : listSelected(directory, selection.childrenOf(directory.path));
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
export async function readUnopenedEntry(context: WorkerContext, path: string): Promise<Entry> {
  return retrying(context, () =>
    withDirectory(context.source, parentPath(path), (parent) => readEntry(parent, lastName(path))),
  );
}
