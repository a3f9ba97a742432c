/**
 * Refuses a pair of roots if one can be reached through the other: a deletion in one would delete from both.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { LocationError, type LostRoot } from '../../model/run/errors.ts';
import { type WayIn, waysInto } from '../../filesystem/roots/location-identity.ts';
import { sameIdentity } from '../../model/entry.ts';
import { findOverlaps, type Overlap, overlapsAt } from '../../filesystem/mounts/mount-overlap.ts';
import { readMounts } from '../../filesystem/mounts/mounts.ts';
import { displayName } from '../../model/display-name.ts';
import type { Location, Mount } from '../../model/run/location.ts';
import type { Settings } from '../../model/settings.ts';
import type { Side } from '../../model/task.ts';
import { reachesBy } from '../../policy/filter/path-selection.ts';
import { describeRootInMount, guardRelation, type RootInMount, excludeAdvice } from '../../policy/guard.ts';
import { knownMounts, mountAt } from '../../filesystem/mounts/mount-points.ts';
import type { WorkerContext } from '../context/worker-context.ts';
import { joinNames } from '../../filesystem/real-paths.ts';

type Roots = Readonly<Record<Side, Location>>;

/** Refuses if one is the other or lies in it, and the walk gets there. @throws LocationError */
export async function guardApart(settings: Settings, roots: Roots): Promise<void> {
  const { source, destination } = roots;
  const named = { source: source.path, destination: destination.path };
  // Of a file, nothing is entered but the directory that holds it.
  if (settings.onlyName !== undefined) return guardNamesApart(source, destination, settings.onlyName);
  if (sameIdentity(source, destination)) guardRelation('same', named);
  for (const [inner, outer] of [
    [source, destination],
    [destination, source],
  ] as const) {
    const open = openWays(settings, outer, await waysInto(inner, outer));
    if (open.length === 0) continue;
    const relation = outer.side === 'source' ? 'destination inside source' : 'source inside destination';
    guardRelation(relation, named, adviceFor(settings, outer, open));
  }
}

/** @throws LocationError */
function guardNamesApart(source: Location, destination: Location, name: ByteString): void {
  if (!sameIdentity(source, destination) || destination.renaming !== undefined) return;
  const path = joinNames(source.realPath, name);
  throw new LocationError(`source and destination are the same file, ${displayName(path)}`, { path });
}

/** Ways that neither `--one-file-system` nor a filter rule closes. */
function openWays(settings: Settings, outer: Location, ways: readonly WayIn[]): WayIn[] {
  if (ways.length === 0) return [];
  const reaches = reachesBy(settings, outer.side);
  return ways.filter(
    ({ path, isBehindMount }) =>
      (path === undefined || path === '' || reaches(path)) &&
      !(isBehindMount && staysOnFileSystem(settings, outer)),
  );
}

/**
 * Never for the destination: as in rsync, its mounts are written to if the source has a directory of that
 * name.
 */
function staysOnFileSystem({ oneFileSystem }: Settings, { side, tellsMountPoints }: Location): boolean {
  return oneFileSystem && side === 'source' && tellsMountPoints;
}

function adviceFor(settings: Settings, outer: Location, [way, ...others]: readonly WayIn[]): string {
  if (way?.path === undefined || way.path === '' || others.length > 0) return '';
  const isOnOther = way.isBehindMount && outer.side === 'source' && outer.tellsMountPoints;
  return waysOut(settings, { side: outer.side, path: way.path, isOnOther });
}

/** Refuses if a mount in one root shows the other, and the walk gets there. @throws Lost */
export function guardMountsApart(settings: Settings, roots: Roots, Lost: LostRoot): void {
  const mounts = readMounts();
  for (const side of ['source', 'destination'] as const) {
    const found = firstOverlap(settings, mounts, roots, side);
    if (found !== undefined) throw overlapError(found, { roots, settings, Lost });
  }
}

function firstOverlap(
  settings: Settings,
  mounts: readonly Mount[],
  roots: Roots,
  side: Side,
): RootInMount | undefined {
  const [root, other] = [roots[side], roots[side === 'source' ? 'destination' : 'source']];
  const overlaps = findOverlaps(mounts, root, other);
  if (overlaps.length === 0) return undefined;
  const isReached = reachingOverlap(settings, side);
  const staysOut = settings.oneFileSystem && root.tellsMountPoints;
  const overlap = overlaps.find((each) => (each.path === '' || !staysOut) && isReached(each));
  return overlap && { ...overlap, side, mountPoint: overlap.mount.mountPoint };
}

/** Whether the walk gets from where the mount is to where the other root is. */
function reachingOverlap(settings: Settings, side: Side): (overlap: Overlap) => boolean {
  const reaches = reachesBy(settings, side);
  return ({ meetsAt }) => meetsAt === '' || reaches(meetsAt);
}

interface Reached {
  readonly side: Side;
  /** Relative to the root of that side. */
  readonly path: ByteString;
}

/** Ends a walk that has come to the other root, by whatever is mounted between. @throws LocationError */
export function guardOtherRoot(
  { setup }: WorkerContext,
  { side, path }: Reached,
  directory: Pick<Location, 'device' | 'inode'>,
): void {
  const other = side === 'source' ? 'destination' : 'source';
  // The roots themselves were compared before; now one may be replaced, which is told of elsewhere.
  if (path === '' || !sameIdentity(directory, setup[other])) return;
  const at = displayName(joinNames(setup[side].realPath, path));
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
  const mount = mountAt(mountId, joinNames(root.realPath, path));
  if (mount === undefined) return;
  const overlaps = overlapsAt(knownMounts(), mount, { root: { ...root, side }, other });
  const overlap = overlaps.length === 0 ? undefined : overlaps.find(reachingOverlap(settings, side));
  if (overlap === undefined) return;
  const found = { ...overlap, side, path, mountPoint: mount.mountPoint };
  throw overlapError(found, { roots: setup, settings, Lost: LocationError });
}

interface Refusal {
  readonly roots: Readonly<Record<Side, Pick<Location, 'path'>>>;
  readonly settings: Pick<Settings, 'deleteExcluded'>;
  readonly Lost: LostRoot;
}

function overlapError(found: RootInMount, { roots, settings, Lost }: Refusal): Error {
  const { side, path } = found;
  const named = { source: roots.source.path, destination: roots.destination.path };
  const doing =
    Lost === LocationError
      ? `cannot sync ${displayName(named.source)} to ${displayName(named.destination)}`
      : 'cannot continue';
  const ways =
    path === '' ? '' : `; unmount it${waysOut(settings, { side, path, isOnOther: side === 'source' })}`;
  return new Lost(`${doing}: ${describeRootInMount(found, named)}${ways}`, { path: named[side] });
}

function waysOut(
  { deleteExcluded }: Pick<Settings, 'deleteExcluded'>,
  { side, path, isOnOther }: { side: Side; path: ByteString; isOnOther: boolean },
): string {
  if (side === 'destination' && deleteExcluded) return '';
  return `${excludeAdvice(path)}${isOnOther ? ', or skip everything mounted in the source with -x' : ''}`;
}
