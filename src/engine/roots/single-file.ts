/** A source that is a file: both roots are directories then, and the run is about one name in them. */
import type { ByteString } from '../../model/byte-string.ts';
import { closeLocation } from '../../filesystem/roots/open-location.ts';
import { findFilePlace, type FilePlace } from '../../filesystem/roots/file-place.ts';
import { joinNames } from '../../filesystem/real-paths.ts';
import { displayName } from '../../model/display-name.ts';
import { LocationError, UsageError } from '../../model/run/errors.ts';
import type { Location } from '../../model/run/location.ts';
import type { Task } from '../../model/task.ts';
import { isForeignOperand } from '../../policy/names/foreign-operand.ts';
import { guardMounted, openMissingDestination, type MissingRoot } from './open-destination.ts';

/**
 * Undefined: it is no file. As in rsync, a symbolic link to a file is copied as a link. One that leads nowhere is
 * refused: it may lead to a directory whose mount is missing.
 */
export async function findSourceFile(
  { source, settings }: Task,
  { code }: LocationError,
): Promise<Pick<FilePlace, 'directory' | 'name'> | undefined> {
  // A list is one of paths below the source.
  if (settings.filesFrom !== undefined || code !== 'ENOTDIR') return undefined;
  const place = await findFilePlace(source);
  return place === undefined || place.kind === 'nothing' || place.kind === 'directory' ? undefined : place;
}

/** Of a file: the last name of the destination is its new name, unless a slash follows. @throws LocationError */
export async function openDestinationOfFile(
  task: Task,
  name: ByteString,
  root: MissingRoot & { readonly open: (path: ByteString) => Promise<Location> },
): Promise<Location> {
  const { destination: path } = task;
  const { code } = root.error;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw root.error;
  const place = await findFilePlace(path);
  if (place === undefined) return openMissingDestination(task, root);
  if (place.kind === 'directory') throw root.error;
  guardReplaceable(path, place);
  if (place.kind === 'nothing' && isForeignOperand(path)) throw root.error;
  const directory = await openDirectoryOf(task, place, root);
  try {
    return namedIn(task, place, directory, name);
  } catch (error) {
    await closeLocation(directory);
    throw error;
  }
}

/** @throws LocationError, UsageError */
function namedIn(
  { destination: path, settings }: Task,
  place: FilePlace,
  directory: Location,
  name: ByteString,
): Location {
  if (place.kind === 'nothing') {
    const realPath = joinNames(directory.realPath, place.name);
    guardMounted({ path, realPath, mountPoint: directory.mount?.mountPoint });
  }
  if (place.name === name) return directory;
  if (settings.listVerified) {
    throw new UsageError(
      '--manifest names files as the source does: copy into a directory, under the same name',
    );
  }
  return { ...directory, renaming: { name, as: place.name } };
}

/** rsync replaces even /dev/null. @throws LocationError */
function guardReplaceable(path: ByteString, { kind }: FilePlace): void {
  if (kind !== 'other') return;
  const message = `cannot use destination ${displayName(path)}: it is neither a directory nor a regular file`;
  throw new LocationError(message, { path });
}

async function openDirectoryOf(
  task: Task,
  { directory }: FilePlace,
  root: MissingRoot & { readonly open: (path: ByteString) => Promise<Location> },
): Promise<Location> {
  try {
    return await root.open(directory);
  } catch (error) {
    if (!(error instanceof LocationError) || error.code !== 'ENOENT') throw error;
    // The error names the path as it was given.
    if (!task.settings.makeParents) throw root.error;
    return openMissingDestination({ ...task, destination: directory }, { ...root, error });
  }
}
