/** Refusals before anything is written or deleted. */
import { join } from 'node:path';
import type { ByteString } from '../model/byte-string.ts';
import { LocationError } from '../model/run/errors.ts';
import { displayName } from '../model/display-name.ts';
import type { Location } from '../model/run/location.ts';
import type { DeleteLimit, Settings } from '../model/settings.ts';
import type { Tally } from '../model/tally.ts';
import type { Side, Task } from '../model/task.ts';

/** How the two roots relate, if syncing one into the other would destroy data. */
export type RootRelation = 'same' | 'source inside destination' | 'destination inside source';

/** @param advice how to allow it, if possible: words that follow "choose separate directories" */
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

/** A file system that is mounted in one root and holds the other. */
export interface RootInMount {
  /** The root that it is mounted in, or that lies on it. */
  readonly side: Side;
  readonly mountPoint: string;
  /** Relative to that root; empty: the root itself lies on this mount. */
  readonly path: ByteString;
  /** The directory of another file system that it shows. */
  readonly branch: string | undefined;
}

/** One plain sentence, without its beginning and end. */
export function describeRootInMount(
  { side, mountPoint, path, branch }: RootInMount,
  { source, destination }: Pick<Task, Side>,
): string {
  const other =
    side === 'source' ? `destination ${displayName(destination)}` : `source ${displayName(source)}`;
  const where = path === '' ? `the ${side} is on` : `below the ${side} there is`;
  const through = branch === undefined ? '' : ` through ${displayName(branch)}`;
  return `${where} a mount, ${displayName(mountPoint)}, that shows the ${other} or part of it${through}`;
}

/** The option that keeps a walk out of a path. Empty if a pattern would not match the path literally. */
export function excludeAdvice(path: ByteString): string {
  return /[*?[\\]/.test(path) ? '' : `, or exclude it: --exclude=/${displayName(path)}`;
}

type PlannedDeletion = Pick<
  Tally,
  'sourceEntries' | 'sourceDirectories' | 'excludedEntries' | 'entriesToDelete'
>;

/**
 * An empty source usually means a missing mount. So does a source whose every path is filtered out. With `-R` it is
 * the directory that is named, and those that lead to it count as well; a file that is named is not empty.
 */
export function guardEmptySource(
  { sourceEntries, sourceDirectories, excludedEntries, entriesToDelete }: PlannedDeletion,
  { source, settings: { onlyBelow } }: Pick<Task, 'source'> & { settings: Pick<Settings, 'onlyBelow'> },
): void {
  const namedEntries = onlyBelow?.split('/').length ?? 0;
  const isFilled = sourceEntries > namedEntries || sourceEntries > sourceDirectories;
  if (isFilled || entriesToDelete === 0) return;
  const path = onlyBelow === undefined ? source : join(source, onlyBelow);
  const what = excludedEntries === 0 ? 'is empty' : 'contains only excluded entries';
  throw new LocationError(
    `cannot delete with --delete: ${displayName(path)} ${what}, but the destination has more; is the source mounted? ` +
      'To empty the destination on purpose, remove its contents yourself',
    { path },
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

/** `--require-mount`: a failed mount leaves an empty local directory. */
export function guardMountPoint(location: Location): void {
  if (location.mount !== undefined && location.mount.mountPoint === location.realPath) return;
  throw new LocationError(
    `cannot use ${location.side} ${displayName(location.path)}: nothing is mounted there; mount it, or leave out --require-mount`,
    { path: location.path },
  );
}

/** `--require-tls` fails closed: a connection without proof counts as unencrypted. */
export function guardTls(
  location: Location,
  tls: { encrypted: 'yes' | 'no' | 'unknown'; evidence: string },
): void {
  if (tls.encrypted === 'yes') return;
  throw new LocationError(
    `cannot use ${location.side} ${displayName(location.path)}: --require-tls is set, but encryption is not confirmed: ${tls.evidence}`,
    { path: location.path },
  );
}
