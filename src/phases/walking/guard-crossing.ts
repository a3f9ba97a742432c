/** Ends a walk that has come from one root to the other, by whatever is mounted between. */
import { LocationError } from '../../errors.ts';
import { sameIdentity } from '../../filesystem/location-identity.ts';
import { overlapsAt } from '../../filesystem/mount-overlap.ts';
import { knownMounts, mountAt } from '../../filesystem/mount-points.ts';
import { absolutePath } from '../../filesystem/real-paths.ts';
import { displayName } from '../../model/display-name.ts';
import type { Location } from '../../model/location.ts';
import type { Side } from '../../model/task.ts';
import { overlapError } from '../guard-overlap.ts';
import type { WorkerContext } from '../worker-context.ts';

interface Reached {
  readonly side: Side;
  /** Relative to the root of that side. */
  readonly path: string;
}

/** @throws LocationError where the directory is the root of the other side */
export function guardOtherRoot(
  { setup }: WorkerContext,
  { side, path }: Reached,
  directory: Pick<Location, 'device' | 'inode'>,
): void {
  const other = side === 'source' ? 'destination' : 'source';
  // The roots themselves were compared before; now one may be replaced, which is told of elsewhere.
  if (path === '' || !sameIdentity(directory, setup[other])) return;
  const at = displayName(absolutePath(setup[side].realPath, path));
  throw new LocationError(
    `cannot sync ${displayName(setup.source.path)} to ${displayName(setup.destination.path)}: ` +
      `${at} in the ${side} is the ${other}; unmount it, or exclude it`,
    { path: setup[side].path },
  );
}

/** A file system that was mounted since the run began, or that the roots' paths do not tell of. @throws LocationError */
export function guardCrossing(
  { setup, settings }: WorkerContext,
  { side, path }: Reached,
  mountId: number,
): void {
  const [root, other] = [setup[side], setup[side === 'source' ? 'destination' : 'source']];
  const mount = mountAt(mountId, absolutePath(root.realPath, path));
  if (mount === undefined) return;
  const [overlap] = overlapsAt(knownMounts(), mount, { root: { ...root, side }, other });
  if (overlap === undefined) return;
  const found = { ...overlap, side, path, mountPoint: mount.mountPoint };
  throw overlapError(found, { roots: setup, settings, Lost: LocationError });
}
