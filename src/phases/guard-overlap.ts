/** Refuses roots of which one can be reached through the other: what is deleted in one would go from both. */
import { LocationError, type LostRoot } from '../errors.ts';
import { sameIdentity, waysInto, type WayIn } from '../filesystem/location-identity.ts';
import { findOverlaps } from '../filesystem/mount-overlap.ts';
import { readMounts } from '../filesystem/mounts.ts';
import { displayName } from '../model/display-name.ts';
import type { Location, Mount } from '../model/location.ts';
import type { Settings } from '../model/settings.ts';
import type { Side } from '../model/task.ts';
import { reachesBy } from '../policy/filter/reaches.ts';
import { describeRootInMount, excludeAdvice, guardRelation, type RootInMount } from '../policy/guard.ts';

type Roots = Readonly<Record<Side, Location>>;

/** One is the other, or lies in it, and the walk comes there. @throws LocationError */
export async function guardApart(settings: Settings, roots: Roots): Promise<void> {
  const { source, destination } = roots;
  const named = { source: source.path, destination: destination.path };
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

/** Those that neither `--one-file-system` nor a filter rule closes. */
function openWays(settings: Settings, outer: Location, ways: readonly WayIn[]): WayIn[] {
  if (ways.length === 0) return [];
  const reaches = reachesBy(settings, outer.side);
  return ways.filter(
    ({ path, isBehindMount }) =>
      (path === undefined || path === '' || reaches(path)) &&
      !(isBehindMount && staysOnFileSystem(settings, outer)),
  );
}

/** A destination's mounts are written to where the source has a directory of that name, as in rsync. */
function staysOnFileSystem({ oneFileSystem }: Settings, { side, tellsMountPoints }: Location): boolean {
  return oneFileSystem && side === 'source' && tellsMountPoints;
}

function adviceFor(settings: Settings, outer: Location, [way, ...others]: readonly WayIn[]): string {
  if (way?.path === undefined || way.path === '' || others.length > 0) return '';
  const isOnOther = way.isBehindMount && outer.side === 'source' && outer.tellsMountPoints;
  return waysOut(settings, { side: outer.side, path: way.path, isOnOther });
}

function waysOut(
  { deleteExcluded }: Pick<Settings, 'deleteExcluded'>,
  { side, path, isOnOther }: { side: Side; path: string; isOnOther: boolean },
): string {
  if (side === 'destination' && deleteExcluded) return '';
  return `${excludeAdvice(path)}${isOnOther ? ', or leave out all that is mounted in the source: -x' : ''}`;
}

/** Something mounted in one root shows the other, and the walk comes there. @throws Lost */
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
  const reaches = reachesBy(settings, side);
  const isEntered = (path: string): boolean =>
    path === '' || (!(settings.oneFileSystem && root.tellsMountPoints) && reaches(path));
  const overlap = overlaps.find(({ path }) => isEntered(path));
  return overlap && { ...overlap, side, mountPoint: overlap.mount.mountPoint };
}

interface Refusal {
  readonly roots: Readonly<Record<Side, Pick<Location, 'path'>>>;
  readonly settings: Pick<Settings, 'deleteExcluded'>;
  readonly Lost: LostRoot;
}

export function overlapError(found: RootInMount, { roots, settings, Lost }: Refusal): Error {
  const { side, path } = found;
  const named = { source: roots.source.path, destination: roots.destination.path };
  const doing =
    Lost === LocationError
      ? `cannot sync ${displayName(named.source)} to ${displayName(named.destination)}`
      : 'cannot go on';
  const ways =
    path === '' ? '' : `; unmount it${waysOut(settings, { side, path, isOnOther: side === 'source' })}`;
  return new Lost(`${doing}: ${describeRootInMount(found, named)}${ways}`, { path: named[side] });
}
