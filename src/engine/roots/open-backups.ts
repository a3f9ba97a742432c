/** `--backup-dir`: finds it, and refuses one that a rename cannot reach, or that would mix with the trees. */
import type { ByteString } from '../../model/byte-string.ts';
import { displayName } from '../../model/display-name.ts';
import { LocationError } from '../../model/run/errors.ts';
import type { BackupPlace } from '../../model/run/backup-place.ts';
import type { Location } from '../../model/run/location.ts';
import type { Task } from '../../model/task.ts';
import { statName } from '../../filesystem/entry-stat.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { closeLocation, resolveLocation } from '../../filesystem/roots/open-location.ts';
import { findMissing, realPathOfMissing } from '../../filesystem/roots/missing-directory.ts';
import { absolutePath } from '../../filesystem/operator-files/absolute-path.ts';
import { isBelow, joinNames, namesBelow } from '../../filesystem/real-paths.ts';
import { lastName, parentPath, rootOf } from '../../filesystem/root.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { SystemError } from '../../linux/system-error.ts';
import { reachesBy } from '../../policy/filter/path-selection.ts';
import { liesInSource } from './lies-in-source.ts';
import type { Roots } from './open-roots.ts';

export interface OpenBackups {
  readonly place: BackupPlace;
  readonly close: () => Promise<void>;
}

interface Found {
  /** It, or the nearest directory above that is there. */
  readonly nearest: Location;
  /** What is missing below that. */
  readonly names: readonly ByteString[];
  readonly realPath: ByteString;
}

/** @param directory as given @throws LocationError */
export async function openBackups(task: Task, roots: Roots, directory: ByteString): Promise<OpenBackups> {
  const { destination } = roots;
  if (destination.creation === 'planned') return planned(destination, directory);
  const shown = displayName(directory);
  const found = await find(destination, directory, shown);
  try {
    await guardPlace(task, roots, found, shown);
  } catch (error) {
    await closeLocation(found.nearest);
    throw error;
  }
  const { nearest, names, realPath } = found;
  const path = isBelow(realPath, destination.realPath)
    ? namesBelow(realPath, destination.realPath)
    : undefined;
  const { device, inode } = nearest;
  return {
    place: {
      // Below the destination's own descriptor, so that a root that was renamed since takes its backups along.
      ...(path === undefined
        ? { fd: nearest.fd, below: names.join('/') }
        : { fd: destination.fd, below: path }),
      path,
      found: names.length === 0 ? { device, inode } : undefined,
    },
    close: () => closeLocation(nearest),
  };
}

/** The destination is not there: nothing is replaced or deleted in it. */
function planned({ fd }: Location, directory: ByteString): OpenBackups {
  return {
    place: { fd, below: directory, path: directory, found: undefined },
    close: () => Promise.resolve(),
  };
}

async function find(destination: Location, directory: ByteString, shown: string): Promise<Found> {
  const path = directory.startsWith('/') ? directory : joinNames(destination.realPath, directory);
  try {
    const nearest = await resolveLocation('destination', path);
    return { nearest, names: [], realPath: nearest.realPath };
  } catch (error) {
    if (!(error instanceof LocationError)) throw error;
    if (error.code !== 'ENOENT') throw unusable(error, path, shown);
  }
  const missing = await findMissingOf(path, shown);
  if (missing === undefined)
    throw refuseBackups(shown, 'it is not there, and cannot be made under such a path');
  const { above: nearest, names } = missing;
  return { nearest, names, realPath: realPathOfMissing(missing) };
}

async function findMissingOf(path: ByteString, shown: string): ReturnType<typeof findMissing> {
  try {
    return await findMissing('destination', absolutePath(path), true);
  } catch (error) {
    if (!(error instanceof LocationError)) throw error;
    throw unusable(error, path, shown);
  }
}

function unusable(error: LocationError, path: ByteString, shown: string): LocationError {
  const { code, cause } = error;
  const why = cause instanceof SystemError ? cause.reason : error.message;
  return refuseBackups(shown, why, { path, ...(code !== undefined && { code }), cause: error });
}

/** @throws LocationError */
async function guardPlace(
  { settings }: Task,
  { source, destination }: Roots,
  { nearest, names, realPath }: Found,
  shown: string,
): Promise<void> {
  if (isBelow(destination.realPath, realPath)) {
    const why =
      destination.realPath === realPath ? 'it is the destination itself' : 'the destination lies in it';
    throw refuseBackups(shown, `${why}; use a directory of its own, or --backup with a --suffix`);
  }
  const isInDestination = isBelow(realPath, destination.realPath);
  if (isBelow(joinNames(source.realPath, settings.onlyBelow ?? ''), realPath)) {
    throw refuseBackups(shown, 'the source lies in it');
  }
  if (await liesInSource(nearest, names, { settings, source })) {
    throw refuseBackups(shown, 'it lies in the source, which is never written to');
  }
  if (nearest.device !== destination.device || nearest.mountId !== destination.mountId) {
    const way = nearest.device === destination.device ? 'another mount' : 'another file system';
    throw refuseBackups(
      shown,
      `it is on ${way} than the destination, and a rename cannot move anything there; use a directory on that of the destination`,
      { code: 'EXDEV' },
    );
  }
  if (!isInDestination) return;
  const path = namesBelow(realPath, destination.realPath);
  if (!reachesBy(settings, 'source')(path) || !(await isThere(source, path))) return;
  // Backups must not mix with what is copied.
  const name = displayName(path);
  const cure = `give another directory, or leave that out with --exclude=/${name}`;
  throw refuseBackups(shown, `the source has ${name}, too: ${cure}`);
}

async function isThere(source: Location, path: ByteString): Promise<boolean> {
  try {
    return await withDirectory(
      rootOf(source),
      parentPath(path),
      async (directory) => (await statName(directory, lastName(path), new StatBuffer())) === 0,
    );
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}

function refuseBackups(
  shown: string,
  why: string,
  detail: { code?: string; path?: ByteString; cause?: Error } = {},
): LocationError {
  return new LocationError(`cannot use --backup-dir=${shown}: ${why}`, detail);
}
