/** Refusals before anything is written or deleted. */
import { LocationError } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import type { Location } from '../model/location.ts';
import type { DeleteLimit } from '../model/settings.ts';
import type { Tally } from '../model/tally.ts';
import type { Side, Task } from '../model/task.ts';

/** Of the two roots: the relation that makes a sync of one into the other destroy data. */
export type RootRelation = 'same' | 'source inside destination' | 'destination inside source';

/** @param advice what would let it be done, where there is such a thing: words that follow "choose separate directories" */
export function guardRelation(
  relation: RootRelation,
  { source, destination }: Pick<Task, Side>,
  advice = '',
): never {
  const what =
    relation === 'same'
      ? 'source and destination are the same directory'
      : `the ${relation.replace(' inside ', ' lies inside the ')}`;
  throw new LocationError(
    `cannot sync ${displayName(source)} to ${displayName(destination)}: ${what}; choose separate directories${advice}`,
    {
      path: destination,
    },
  );
}

/** A file system that is mounted in one root, and holds the other. */
export interface RootInMount {
  /** The one that it is mounted in, or that lies on it. */
  readonly side: Side;
  readonly mountPoint: string;
  /** Relative to the root; empty: it is the mount that the root is on. */
  readonly path: string;
  /** Directory of another file system that it shows. */
  readonly branch: string | undefined;
}

/** One plain sentence without its beginning and end. */
export function describeRootInMount(
  { side, mountPoint, path, branch }: RootInMount,
  { source, destination }: Pick<Task, Side>,
): string {
  const other =
    side === 'source' ? `destination ${displayName(destination)}` : `source ${displayName(source)}`;
  const where = path === '' ? `the ${side} is on` : `below the ${side} there is`;
  const through = branch === undefined ? '' : ` through ${displayName(branch)}`;
  return `${where} a mount, ${displayName(mountPoint)}, that shows the ${other} or a part of it${through}`;
}

/** What keeps a walk from a path. Nothing for those that a pattern would not name literally. */
export function excludeAdvice(path: string): string {
  return /[*?[\\]/.test(path) ? '' : `, or exclude it: --exclude=/${displayName(path)}`;
}

type PlannedDeletion = Pick<Tally, 'sourceEntries' | 'excludedEntries' | 'entriesToDelete'>;

/** An empty source is more often one that is not mounted than one that was emptied; so is one of which nothing takes part. */
export function guardEmptySource(
  { sourceEntries, excludedEntries, entriesToDelete }: PlannedDeletion,
  source: string,
): void {
  if (sourceEntries > 0 || entriesToDelete === 0) return;
  const what = excludedEntries === 0 ? 'is empty' : 'has nothing but what the filter rules exclude';
  throw new LocationError(
    `cannot delete with --delete: ${displayName(source)} ${what}, and the destination has more; is the source mounted? ` +
      'To empty the destination on purpose, remove its contents yourself',
    { path: source },
  );
}

export function isDeleteLimitReached(
  limit: DeleteLimit | undefined,
  counts: { deletions: number; destinationEntries: number },
): boolean {
  if (limit === undefined) return false;
  if ('count' in limit) return counts.deletions > limit.count;
  return counts.deletions * 100 > counts.destinationEntries * limit.percent;
}

/** `--require-mount`: an unmounted export leaves an empty local directory behind. */
export function guardMountPoint(location: Location): void {
  if (location.mount !== undefined && location.mount.mountPoint === location.realPath) return;
  throw new LocationError(
    `cannot use ${location.side} ${displayName(location.path)}: nothing is mounted there; mount it, or leave out --require-mount`,
    { path: location.path },
  );
}

/** `--require-tls` fails closed: what cannot be told is not encrypted. */
export function guardTls(
  location: Location,
  tls: { encrypted: 'yes' | 'no' | 'unknown'; evidence: string },
): void {
  if (tls.encrypted === 'yes') return;
  throw new LocationError(
    `cannot use ${location.side} ${displayName(location.path)}: --require-tls, and ${tls.evidence}`,
    { path: location.path },
  );
}
