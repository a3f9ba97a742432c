/** Opens and identifies both roots, and refuses pairs that would destroy data. */
import type { ByteString } from '../../model/byte-string.ts';
import { LocationError } from '../../model/run/errors.ts';
import { closeLocation, resolveLocation } from '../../filesystem/roots/open-location.ts';
import { readOwnRights } from '../../filesystem/metadata/own-rights.ts';
import { findTlsEvidence } from '../../filesystem/mounts/tls-evidence.ts';
import type { Location } from '../../model/run/location.ts';
import type { Task, Side } from '../../model/task.ts';
import { guardMountPoint, guardTls } from '../../policy/guard.ts';
import { squashAdvice } from '../../policy/judge-failure.ts';
import type { IfMissing } from './open-destination.ts';
import { guardApart, guardMountsApart } from './guard-overlap.ts';
import { guardRequiredFile, retryingRoot } from './guard-roots.ts';
import { findSnapshots, readSnapshotTimes } from '../../filesystem/mounts/find-snapshots.ts';
import { SystemError } from '../../linux/system-error.ts';
import { displayName } from '../../model/display-name.ts';
import { latestSnapshots } from '../../policy/file-systems/latest-snapshot.ts';
import { rootOf } from '../../filesystem/root.ts';
import { statOpen } from '../../filesystem/entry-stat.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { refusesChanges } from '../../filesystem/metadata/probe-times.ts';
import {
  describeReadOnly,
  isMountedReadOnly,
  type ReadOnlyBy,
} from '../../policy/file-systems/mount-facts.ts';

export interface Roots {
  readonly source: Location;
  readonly destination: Location;
}

/** The task may name a snapshot as its source, and is about one name where the source is a file. */
export interface OpenedTask extends Roots {
  readonly task: Task;
}

/** @throws LocationError, and then leaves nothing open */
export async function openRoots(task: Task, ifMissing: IfMissing = 'refuse'): Promise<OpenedTask> {
  const { sourceSnapshot } = task.settings;
  if (sourceSnapshot === undefined) return openPair(task, ifMissing);
  const live = await openPair(task, ifMissing === 'make' ? 'plan' : ifMissing);
  try {
    const directory = await findSourceSnapshot(live.source, sourceSnapshot);
    const { onlyName } = live.task.settings;
    const source = onlyName === undefined ? directory : `${directory}/${onlyName}`;
    // `--require-mount` was already checked: the snapshot itself need not be a mount point.
    const settings = { ...task.settings, requireMount: false };
    return await openPair({ ...task, source, settings }, ifMissing);
  } finally {
    await closeLocation(live.source);
    await closeLocation(live.destination);
  }
}

async function openPair(given: Task, ifMissing: IfMissing): Promise<OpenedTask> {
  const { source, task } = await openSource(given);
  try {
    if (ifMissing === 'none') return await openAlone(task, source);
    const destination = await openDestination(task, ifMissing, source);
    try {
      const roots = { source, destination };
      await guardRoots(task, roots);
      return { ...roots, task };
    } catch (error) {
      await closeLocation(destination);
      throw error;
    }
  } catch (error) {
    await closeLocation(source);
    throw error;
  }
}

async function openAlone(task: Task, source: Location): Promise<OpenedTask> {
  await guardRequiredFile(source, task.settings, LocationError);
  if (task.settings.requireMount) guardMountPoint(source);
  const { openNoDestination } = await import('./open-destination.ts');
  return { source, destination: await openNoDestination(source, task), task };
}

async function openSource(task: Task): Promise<Pick<OpenedTask, 'source' | 'task'>> {
  try {
    return { source: await openRoot('source', task.source, task), task };
  } catch (error) {
    if (!(error instanceof LocationError)) throw error;
    const { findSourceFile } = await import('./single-file.ts');
    const file = await findSourceFile(task, error);
    if (file === undefined) throw error;
    const source = await openRoot('source', file.directory, task);
    // As in rsync, nothing is deleted for a file.
    const settings = { ...task.settings, onlyName: file.name, delete: false, deleteExcluded: false };
    return { source, task: { ...task, settings } };
  }
}

async function openDestination(task: Task, ifMissing: IfMissing, source: Location): Promise<Location> {
  const open = async (path: ByteString) => openRoot('destination', path, task);
  try {
    return await open(task.destination);
  } catch (error) {
    if (!(error instanceof LocationError)) throw error;
    const guard = async (destination: Location) => guardRoots(task, { source, destination });
    const missing = { ifMissing, error, guard };
    const { onlyName } = task.settings;
    if (onlyName !== undefined) {
      const { openDestinationOfFile } = await import('./single-file.ts');
      return openDestinationOfFile(task, onlyName, { ...missing, open });
    }
    const { openMissingDestination } = await import('./open-destination.ts');
    return explainDenial('destination', task.destination, () => openMissingDestination(task, missing));
  }
}

async function openRoot(side: Side, path: ByteString, task: Task): Promise<Location> {
  return explainDenial(side, path, () => resolveRoot(side, path, task));
}

/** Explains to root why a directory may be denied. */
async function explainDenial<T>(side: Side, path: ByteString, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof LocationError) || error.code !== 'EACCES') throw error;
    const isExplained = error.cause instanceof LocationError;
    if (isExplained || !readOwnRights().isRoot) throw error;
    const detail = { code: error.code, path, cause: error };
    throw new LocationError(`${error.message}; ${squashAdvice(side)}`, detail);
  }
}

/** The kind of mount is not known yet. */
const UNKNOWN_PLACE = { isRemote: true, isEfs: false };

/** @throws LocationError */
async function resolveRoot(side: Side, path: ByteString, { settings }: Task): Promise<Location> {
  return retryingRoot(settings.retries, UNKNOWN_PLACE, () => resolveLocation(side, path));
}

async function guardRoots({ settings }: Task, roots: Roots): Promise<void> {
  const { source, destination } = roots;
  await guardApart(settings, roots);
  guardMountsApart(settings, roots, LocationError);
  await guardRequiredFile(source, settings, LocationError);
  for (const location of [source, destination]) {
    if (settings.requireMount) guardMountPoint(location);
    if (settings.requireTls && location.isRemote) guardTls(location, await findTlsEvidence(location.mount));
  }
}

const LATEST = 'latest';

/** For `--source-snapshot`: the path in the snapshot from which the source is read. @throws LocationError */
async function findSourceSnapshot(live: Location, wanted: string): Promise<string> {
  const snapshots = await findSnapshots(live);
  if (snapshots === undefined) {
    throw unusableSnapshot(live, 'there is no .snapshot or .zfs/snapshot in it or at its mount point');
  }
  const name = wanted === LATEST ? await latestIn(live, snapshots.path) : wanted;
  return `${snapshots.path}/${name}${snapshots.below}`;
}

async function latestIn(live: Location, path: ByteString): Promise<ByteString> {
  try {
    const [name, ...others] = latestSnapshots(await readSnapshotTimes(live, path));
    if (name === undefined) throw unusableSnapshot(live, `there is no snapshot in ${displayName(path)}`);
    if (others.length === 0) return name;
    const names = [name, ...others].map(displayName).join(', ');
    throw unusableSnapshot(
      live,
      `cannot tell which of these snapshots is the latest; give its name: ${names}`,
    );
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw unusableSnapshot(live, `cannot look for snapshots in ${displayName(path)}: ${error.reason}`, error);
  }
}

function unusableSnapshot({ path }: Location, why: string, cause?: SystemError): LocationError {
  const message = `cannot use a snapshot of source ${displayName(path)}: ${why}`;
  return new LocationError(message, { path, ...(cause && { code: cause.code, cause }) });
}

/**
 * Fails before both trees are listed for nothing. NFS: two calls per run, as the mount options do not show a
 * read-only export. @throws LocationError
 */
export async function guardWritable(destination: Location): Promise<void> {
  const by = await readOnlyBy(destination);
  if (by === undefined) return;
  const { finding, cure } = describeReadOnly(destination, by);
  const { path } = destination;
  throw new LocationError(`cannot use destination ${displayName(path)}: ${finding}; ${cure}`, {
    code: 'EROFS',
    path,
  });
}

async function readOnlyBy(destination: Location): Promise<ReadOnlyBy | undefined> {
  if (isMountedReadOnly(destination)) return 'mount';
  if (!destination.isRemote) return undefined;
  const [root, stat] = [rootOf(destination), new StatBuffer()];
  if ((await statOpen(root, stat, 'server')) < 0) return undefined;
  return (await refusesChanges(root, stat)) ? 'server' : undefined;
}
