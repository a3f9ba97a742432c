/** Where the backup of a name goes: beside it, or into the same directories below `--backup-dir`. */
import type { ByteString } from '../../../model/byte-string.ts';
import type { Entry } from '../../../model/entry.ts';
import type { BackupRule } from '../../../model/settings.ts';
import type { BackupPlace } from '../../../model/run/backup-place.ts';
import { keepTimes, makeLike, makePlain } from '../../../filesystem/destination/backup-directories.ts';
import { isThere, readOpenEntry } from '../../../filesystem/entry-stat.ts';
import { OWNER_ACCESS } from '../../../filesystem/metadata/unlock-directory.ts';
import { openDirectory, withDirectory } from '../../../filesystem/open-directory.ts';
import { childPath, type NameIn, type OpenDirectory, type Root } from '../../../filesystem/root.ts';
import { StatBuffer } from '../../../linux/stat-buffer.ts';
import { isGone, isNoDirectory } from '../../../linux/system-error.ts';
import { filterIn } from '../../../engine/rules/side-filters.ts';
import { withoutSuffix } from '../../../policy/names/backup-name.ts';
import type { ApplyingScope } from '../scope/applying-scope.ts';

/** The caller closes its directory, unless it is that of the name itself. @throws SystemError */
export async function findBackupOf(scope: ApplyingScope, at: NameIn): Promise<NameIn> {
  const { settings, setup } = scope.context;
  const { suffix } = settings.backup as BackupRule;
  if (setup.backup === undefined) return besideName(scope, at, suffix);
  const directory = await openInBackup(scope, setup.backup, at.directory.path);
  return { directory, name: `${at.name}${suffix}` };
}

/**
 * Not a name that the source has as well, so that the backup of `a` never replaces the copy of `a~`. A name that is
 * one of such backups by its end gets one suffix more, so that no two have the same.
 */
async function besideName(scope: ApplyingScope, at: NameIn, suffix: ByteString): Promise<NameIn> {
  const { directory } = at;
  let name = `${at.name}${suffix}`;
  while (await isOfSource(scope, directory.path, name)) name += suffix;
  let base = withoutSuffix(at.name, suffix);
  while (base !== undefined && (await isOfSource(scope, directory.path, base))) {
    name += suffix;
    base = withoutSuffix(base, suffix);
  }
  return { directory, name };
}

/** Whether the source has the name, and it takes part. */
async function isOfSource(
  { context }: ApplyingScope,
  directoryPath: ByteString,
  name: ByteString,
): Promise<boolean> {
  const { selection, filters } = context;
  if (selection?.isWhole(directoryPath) === false && !selection.childrenOf(directoryPath).includes(name)) {
    return false;
  }
  if (!(await hasName(context.source, directoryPath, name))) return false;
  const filter = await filterIn(filters.source, { path: directoryPath, freshness: 'cached' });
  return filter?.isExcluded(childPath(directoryPath, name), false) !== true;
}

async function hasName(root: Root, directoryPath: ByteString, name: ByteString): Promise<boolean> {
  try {
    return await withDirectory(root, directoryPath, (directory) =>
      isThere(directory, name, new StatBuffer()),
    );
  } catch (error) {
    if (isGone(error) || isNoDirectory(error)) return false;
    throw error;
  }
}

async function openInBackup(
  scope: ApplyingScope,
  place: BackupPlace,
  directoryPath: ByteString,
): Promise<OpenDirectory> {
  const root = scope.context.backup as Root;
  const path = place.below === '' ? directoryPath : joined(place.below, directoryPath);
  try {
    return await openDirectory(root, path);
  } catch (error) {
    if (!isGone(error) && !isNoDirectory(error)) throw error;
  }
  await makeOwn(root, place);
  await makeMirrored(scope, place, directoryPath);
  return openDirectory(root, path);
}

/** The backup directory itself, with those above it that are missing. */
async function makeOwn(root: Root, { below, path }: BackupPlace): Promise<void> {
  let above = '';
  for (const name of below === '' ? [] : below.split('/')) {
    const within = above;
    await withDirectory(root, within, async (directory) => {
      // Those of the destination itself keep their times, as nothing there has changed.
      const before = path === undefined ? undefined : await readOpenEntry(directory);
      if ((await makePlain({ directory, name })) && before !== undefined) await keepTimes(directory, before);
    });
    above = childPath(above, name);
  }
}

/** Directories like those of the destination, so that a backup can be read by nobody else than its file could. */
async function makeMirrored(
  { context }: ApplyingScope,
  { below }: BackupPlace,
  directoryPath: ByteString,
): Promise<void> {
  // Root is never denied.
  const access = context.setup.rights.isRoot ? 0 : OWNER_ACCESS;
  let above = '';
  for (const name of directoryPath === '' ? [] : directoryPath.split('/')) {
    const path = childPath(above, name);
    const like = await withDirectory(context.destination, path, readOwn);
    const within = below === '' ? above : joined(below, above);
    await withDirectory(context.backup as Root, within, (directory) =>
      makeLike({ directory, name }, like, access),
    );
    above = path;
  }
}

function readOwn(directory: OpenDirectory): Promise<Entry> {
  return readOpenEntry(directory);
}

function joined(above: ByteString, path: ByteString): ByteString {
  return path === '' ? above : `${above}/${path}`;
}
