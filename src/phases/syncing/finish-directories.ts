/** Deepest first: removes extraneous directories, sets the metadata of the others. */
import { readOpenEntry } from '../../filesystem/entry-stat.ts';
import { AT_REMOVEDIR } from '../../filesystem/linux/constants.ts';
import { EEXIST, ENOENT, ENOTEMPTY, isGone, MountPointError } from '../../filesystem/linux/system-error.ts';
import { checkBusy, holdsMount } from '../../filesystem/mount-points.ts';
import { closeDirectory, openDirectory, withDirectory } from '../../filesystem/open-directory.ts';
import { lastName, parentPath, type OpenDirectory } from '../../filesystem/root.ts';
import { makeWritable } from '../../filesystem/unlock-directory.ts';
import type { DirectoryAction, DirectoryRecord } from '../plan/directory-record.ts';
import { atSide, sideOf } from '../walking/both-sides.ts';
import { retrying } from '../retrying.ts';
import { addProblem, listDone, mayMakeWritable, retryApplying, type ApplyingUnit } from './apply-unit.ts';
import { countOwner, finishMetadata, keepsAttributes } from './finish-metadata.ts';
import { listDeleted } from './remove-names.ts';

const REMOVALS: ReadonlySet<DirectoryAction> = new Set(['remove', 'makeWay', 'giveWay']);

export interface FinishChoice {
  /** False: the delete limit is reached, extraneous directories stay. */
  readonly mayDelete: boolean;
}

export async function finishDirectory(
  unit: ApplyingUnit,
  record: DirectoryRecord,
  { mayDelete }: FinishChoice,
): Promise<void> {
  const isRemoval = REMOVALS.has(record.action);
  if (isRemoval && !mayDelete) return;
  try {
    await (isRemoval ? removeDirectory(unit, record) : setMetadata(unit, record));
  } catch (error) {
    const attempt = isRemoval ? 'delete the directory' : 'set the metadata of';
    await addProblem(unit, error, { side: sideOf(error) ?? 'destination', path: record.path, attempt });
  }
}

async function removeDirectory(unit: ApplyingUnit, { path, action }: DirectoryRecord): Promise<void> {
  const { context } = unit;
  const wasRemoved = await retrying(context, () => removeBelow(unit, path));
  if (!wasRemoved || action === 'giveWay') return;
  context.counters.add('entriesDeleted', 1);
  listDeleted(unit, `${path}/`);
}

/** What others have removed meanwhile, with all that it was in, is removed. */
async function removeBelow(unit: ApplyingUnit, path: string): Promise<boolean> {
  try {
    return await withDirectory(unit.context.destination, parentPath(path), async (parent) => {
      if (mayMakeWritable(unit)) await makeWritable(parent);
      return removeFrom(unit, parent, path);
    });
  } catch (error) {
    if (isGone(error)) return true;
    throw error;
  }
}

/** False: it holds what a filter rule protects, or a mount point with `-x`, and stays, as in rsync. */
async function removeFrom(unit: ApplyingUnit, parent: OpenDirectory, path: string): Promise<boolean> {
  const name = lastName(path);
  const result = await parent.linux.unlinkat(parent.fd, name, AT_REMOVEDIR);
  if (result === -ENOENT) return true;
  const isNotEmpty = result === -ENOTEMPTY || result === -EEXIST;
  const { filter, settings, setup } = unit.context;
  if (isNotEmpty && (filter !== undefined || settings.oneFileSystem)) return false;
  if (isNotEmpty && holdsMount(setup.destination.realPath, path)) {
    throw new MountPointError(result, 'unlinkat', path, 'it holds a mount point');
  }
  await checkBusy(result, 'unlinkat', { directory: parent, name });
  return true;
}

async function setMetadata(unit: ApplyingUnit, record: DirectoryRecord): Promise<void> {
  const { context } = unit;
  const { path, entry, differences } = record;
  await retryApplying(unit, (attempt) => setMetadataOnce(attempt, record));
  countOwner(context, entry);
  if (record.action !== 'finish' || differences === 0) return;
  context.counters.add('entriesAdjusted', 1);
  listDone(unit, { action: 'adjust', path: path === '' ? './' : `${path}/`, differences, source: entry });
}

async function setMetadataOnce(unit: ApplyingUnit, { path, entry }: DirectoryRecord): Promise<void> {
  await withDirectory(unit.context.destination, path, (directory) =>
    withAttributeSource(unit, path, async (source) =>
      finishMetadata(unit, {
        target: { isPathHandle: false, ...directory },
        source: entry,
        actual: await readOpenEntry(directory),
        attributeSource: source,
        // Nobody gets rights by running a directory.
        isOurs: true,
      }),
    ),
  );
}

/** The source directory is needed only for its extended attributes. */
async function withAttributeSource(
  unit: ApplyingUnit,
  path: string,
  use: (source: OpenDirectory | undefined) => Promise<void>,
): Promise<void> {
  if (!keepsAttributes(unit)) return use(undefined);
  const source = await atSide('source', () => openDirectory(unit.context.source, path));
  try {
    await use(source);
  } finally {
    await closeDirectory(source);
  }
}
