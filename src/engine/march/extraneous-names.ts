/** Names that only the destination has, and whether a rule protects them from deletion. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Freshness } from '../../filesystem/entry-stat.ts';
import { isMountPoint, wasMountPoint } from '../../filesystem/mounts/mount-points.ts';
import { childPath, lastName, parentPath, type OpenDirectory } from '../../filesystem/root.ts';
import { type Identity, sameIdentity } from '../../model/entry.ts';
import { isBackupName } from '../../policy/names/backup-name.ts';
import { isOwnDirectoryName, isOwnName } from '../../policy/names/temporary-name.ts';
import type { WorkerContext } from '../context/worker-context.ts';
import { filterIn, hasRules } from '../rules/side-filters.ts';
import { includesName, listsName, type NamesByKind } from './sorted-names.ts';
import { hasTags, taggedDirectories } from './tagged-directories.ts';
import type { Sides, Visitor } from './visitor.ts';
import { closeDirectory } from '../../filesystem/open-directory.ts';
import { openSide, type OpenSide, openWithRetries, type DirectoryToOpen } from './open-side.ts';

/** What may go, and what a rule protects. */
export interface UnprotectedNames extends NamesByKind {
  readonly staying: readonly ByteString[];
}

const NO_NAMES: NamesByKind = { directories: [], others: [] };

/** Names that a killed run has left behind, of those that only the destination has. */
export function leftoverNames({ source, destination }: Sides): string[] {
  const { directories, others } = destination?.listing ?? NO_NAMES;
  return [...others.filter(isOwnName), ...directories.filter(isOwnDirectoryName)].filter(
    (name) => !listsName(source.listing, name),
  );
}

/** All others, without those that are protected. With `--delete-excluded` what the source excludes is among them. */
export async function extraneousNames(
  visitor: Pick<Visitor, 'context' | 'freshness'>,
  { source, destination }: Sides,
): Promise<UnprotectedNames> {
  const { settings, selection } = visitor.context;
  const path = destination?.directory.path ?? '';
  // Of a directory that only leads on, nothing else is looked at.
  const isWhole = selection === undefined || selection.mayDelete !== undefined || selection.isWhole(path);
  const { deleteExcluded } = settings;
  const tagged = deleteExcluded ? [] : (source.tagged ?? []);
  if (destination === undefined || !isWhole) return { ...NO_NAMES, staying: [] };
  const { listing } = destination;
  const isExtraneous = (name: ByteString): boolean =>
    !listsName(source.listing, name) &&
    !includesName(tagged, name) &&
    selection?.mayDelete?.(childPath(path, name)) !== false;
  return unprotectedNames(
    visitor,
    { ...destination, isDoomed: false },
    {
      directories: listing.directories.filter((name) => isExtraneous(name) && !isOwnDirectoryName(name)),
      others: listing.others.filter((name) => isExtraneous(name) && !isOwnName(name)),
    },
  );
}

/**
 * Excluded names are protected at the destination (rsync), unless `--delete-excluded`, but in a directory that goes
 * itself (`isDoomed`) not by perishable rules; with `--one-file-system` a
 * file that something is mounted on as well. Directories tell that where they are opened.
 */
export async function unprotectedNames(
  { context, freshness }: Pick<Visitor, 'context' | 'freshness'>,
  { directory, filter, isDoomed }: Pick<OpenSide, 'directory' | 'filter'> & { readonly isDoomed: boolean },
  { directories, others }: NamesByKind,
): Promise<UnprotectedNames> {
  const staying: ByteString[] = [];
  const isFree = (isDirectory: boolean) => (name: ByteString) => {
    const isOfRule = filter?.isExcluded(childPath(directory.path, name), isDirectory, isDoomed) === true;
    if (!isOfRule && !isBackup(context, { directory: directory.path, name, freshness })) return true;
    staying.push(name);
    return false;
  };
  const names = others.filter(isFree(false));
  const free = directories.filter(isFree(true));
  const tagged = await taggedThere({ context, freshness }, { path: directory.path, names: free });
  return {
    directories: tagged.length === 0 ? free : free.filter((name) => !includesName(tagged, name)),
    others: await withoutMountPoints(context, freshness, { directory, names }),
    staying,
  };
}

interface FoundName {
  readonly directory: ByteString;
  readonly name: ByteString;
  readonly freshness: Freshness;
}

/** Backups of this run and of earlier ones stay. `--delete-excluded` deletes those of earlier runs, as in rsync. */
function isBackup(
  { settings, setup }: Pick<WorkerContext, 'settings' | 'setup'>,
  { directory, name, freshness }: FoundName,
): boolean {
  if (settings.backup === undefined) return false;
  if (setup.backup?.path !== undefined && childPath(directory, name) === setup.backup.path) return true;
  if (settings.deleteExcluded && freshness === 'cached') return false;
  return isBackupName(settings.backup, name);
}

/** It was listed under another spelling. */
export function isBackupDirectory({ setup }: Pick<WorkerContext, 'setup'>, identity: Identity): boolean {
  const found = setup.backup?.found;
  return found !== undefined && sameIdentity(found, identity);
}

/** What is left out is not deleted, unless `--delete-excluded` says so. */
async function taggedThere(
  visitor: Pick<Visitor, 'context' | 'freshness'>,
  listed: { readonly path: ByteString; readonly names: readonly ByteString[] },
): Promise<readonly ByteString[]> {
  if (visitor.context.settings.deleteExcluded) return [];
  return taggedDirectories(visitor, 'destination', listed);
}

/** Whether a directory may have to stay for the sake of what is in it. */
export function mayHoldProtected({
  filters,
  settings,
}: Pick<WorkerContext, 'filters' | 'settings'>): boolean {
  if (settings.backup !== undefined || settings.oneFileSystem || hasRules(filters.destination)) return true;
  return hasTags(settings) && !settings.deleteExcluded;
}

/** As `unprotectedNames`, of a name that is no directory. */
export async function isProtected(
  { context, freshness }: Pick<Visitor, 'context' | 'freshness'>,
  path: ByteString,
): Promise<boolean> {
  const filter = await filterIn(context.filters.destination, { path: parentPath(path), freshness });
  if (filter?.isExcluded(path, false) === true) return true;
  if (isBackup(context, { directory: parentPath(path), name: lastName(path), freshness })) return true;
  return context.settings.oneFileSystem && wasMountPoint(context.setup.destination.realPath, path);
}

async function withoutMountPoints(
  { settings, setup }: WorkerContext,
  freshness: Freshness,
  { directory, names }: { directory: OpenDirectory; names: readonly ByteString[] },
): Promise<readonly string[]> {
  if (!settings.oneFileSystem) return names;
  const { realPath } = setup.destination;
  if (freshness === 'cached') {
    return names.filter((name) => !wasMountPoint(realPath, childPath(directory.path, name)));
  }
  const unmounted: string[] = [];
  for (const name of names) if (!(await isMountPoint(directory, name))) unmounted.push(name);
  return unmounted;
}

/**
 * Whether an extraneous directory can only stay: all that is left in it takes no part. PERF: gives up at the first directory that holds anything else. Asked only of a directory that could not be removed,
 * or was not. @throws SystemError
 */
export async function holdsOnlySpared(
  context: WorkerContext,
  path: ByteString,
  freshness: DirectoryToOpen['freshness'] = 'cached',
): Promise<boolean> {
  const place = { side: 'destination', path, freshness, isExtraneous: true } as const;
  const side = await openWithRetries(context, () => openSide(context, place));
  try {
    const { spared, listing, isOutside } = side;
    if (spared.isWhole) return true;
    if (isOutside || side.isMountPoint || listing.others.length > 0 || listing.incomplete !== undefined)
      return false;
    for (const name of listing.directories) {
      if (!(await holdsOnlySpared(context, childPath(path, name), freshness))) return false;
    }
    return spared.names.length + listing.directories.length > 0;
  } finally {
    await closeDirectory(side.directory);
  }
}
