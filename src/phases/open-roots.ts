/** Opens and identifies both roots, and refuses pairs that would destroy data. */
import { LocationError } from '../errors.ts';
import { closeLocation, resolveLocation } from '../filesystem/location.ts';
import { readOwnRights } from '../filesystem/own-rights.ts';
import { findTlsEvidence } from '../filesystem/tls-evidence.ts';
import type { Location } from '../model/location.ts';
import type { Side, Task } from '../model/task.ts';
import { guardMountPoint, guardTls } from '../policy/guard.ts';
import { squashAdvice } from '../policy/root-squash.ts';
import { guardApart, guardMountsApart } from './guard-overlap.ts';
import { findSourceSnapshot } from './source-snapshot.ts';
import { guardRequiredFile } from './guard-roots.ts';
import { retryingRoot } from './retrying-root.ts';

export interface Roots {
  readonly source: Location;
  readonly destination: Location;
}

/** @throws LocationError; nothing is open then */
export async function openRoots(task: Task): Promise<Roots> {
  const { sourceSnapshot } = task.settings;
  if (sourceSnapshot === undefined) return openPair(task);
  const live = await openPair(task);
  try {
    const source = await findSourceSnapshot(live.source, sourceSnapshot);
    // What must hold of mounts was seen: the snapshot need not be one.
    const settings = { ...task.settings, requireMount: false };
    return await openPair({ ...task, source, settings });
  } finally {
    await closeLocation(live.source);
    await closeLocation(live.destination);
  }
}

async function openPair(task: Task): Promise<Roots> {
  const source = await openRoot('source', task.source, task);
  try {
    const destination = await openRoot('destination', task.destination, task);
    try {
      const roots = { source, destination };
      await guardRoots(task, roots);
      return roots;
    } catch (error) {
      await closeLocation(destination);
      throw error;
    }
  } catch (error) {
    await closeLocation(source);
    throw error;
  }
}

/** Root that is denied a directory is told why that may be. */
async function openRoot(side: Side, path: string, task: Task): Promise<Location> {
  try {
    return await resolveRoot(side, path, task);
  } catch (error) {
    if (!(error instanceof LocationError) || error.code !== 'EACCES') throw error;
    if (!readOwnRights().isRoot) throw error;
    const detail = { code: error.code, path, cause: error };
    throw new LocationError(`${error.message}; ${squashAdvice(side)}`, detail);
  }
}

/** Nobody knows yet what kind of mount it is on. */
const UNKNOWN_PLACE = { isRemote: true, isEfs: false };

/** @throws LocationError */
async function resolveRoot(side: Side, path: string, { settings }: Task): Promise<Location> {
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
