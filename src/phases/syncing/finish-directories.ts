/** Deepest first: removes extraneous directories, and sets the metadata of the others. */
import type { ByteString } from '../../model/byte-string.ts';
import { readOpenEntry } from '../../filesystem/entry-stat.ts';
import { removeDirectory } from '../../filesystem/destination/names.ts';
import { EACCES, ENOENT, ENOTEMPTY, isGone, MountPointError, SystemError } from '../../linux/system-error.ts';
import type { AttributeTarget } from '../../filesystem/metadata/extended-attributes.ts';
import { withPathHandle } from '../../filesystem/metadata/set-mode.ts';
import { holdsMount } from '../../filesystem/mounts/mount-points.ts';
import { closeDirectory, openDirectory, withDirectory } from '../../filesystem/open-directory.ts';
import { lastName, parentPath, type OpenDirectory } from '../../filesystem/root.ts';
import { lockAgain, OWNER_ACCESS } from '../../filesystem/metadata/unlock-directory.ts';
import { permissionsOf } from '../../model/entry.ts';
import type { DirectoryAction, DirectoryRecord } from '../../engine/plan/records.ts';
import { atSide, sideOf } from '../../engine/march/both-sides.ts';
import { holdsOnlySpared, mayHoldProtected } from '../../engine/march/extraneous-names.ts';
import { retrying } from '../../engine/context/retrying.ts';
import {
  addProblem,
  listDone,
  mayMakeWritable,
  openUp,
  retryApplying,
  type ApplyingScope,
} from './scope/applying-scope.ts';
import { countOwner, finishMetadata, keepsAttributes } from './metadata/finish-metadata.ts';
import { listDeleted } from './names/remove-names.ts';

const REMOVALS: ReadonlySet<DirectoryAction> = new Set(['remove', 'makeWay', 'giveWay']);

export interface FinishChoice {
  /** False: the delete limit is reached, so extraneous directories stay. */
  readonly mayDelete: boolean;
}

export async function finishDirectory(
  scope: ApplyingScope,
  record: DirectoryRecord,
  { mayDelete }: FinishChoice,
): Promise<void> {
  const isRemoval = REMOVALS.has(record.action);
  if (isRemoval && !mayDelete) return lockKept(scope, record);
  try {
    await (isRemoval ? removeExtraneous(scope, record) : setMetadata(scope, record));
  } catch (error) {
    const attempt = isRemoval ? 'delete directory' : 'set metadata';
    await addProblem(scope, error, { side: sideOf(error) ?? 'destination', path: record.path, attempt });
  }
}

async function removeExtraneous(scope: ApplyingScope, record: DirectoryRecord): Promise<void> {
  const { context } = scope;
  const { path, action } = record;
  let wasRemoved = false;
  try {
    wasRemoved = await retrying(context, () => removeBelow(scope, path));
  } finally {
    if (!wasRemoved) await lockKept(scope, record);
  }
  if (!wasRemoved || action === 'giveWay') return;
  context.counters.add('entriesDeleted', 1);
  listDeleted(scope, `${path}/`);
}

/** An extraneous directory that stays gets back the permissions that this run changed to empty it. */
async function lockKept(scope: ApplyingScope, { path, entry }: DirectoryRecord): Promise<void> {
  const lockedMode = permissionsOf(entry);
  if (!mayMakeWritable(scope) || (lockedMode & OWNER_ACCESS) === OWNER_ACCESS) return;
  try {
    await retrying(scope.context, () =>
      withDirectory(scope.context.destination, path, (directory) => lockAgain(directory, lockedMode)),
    );
  } catch (error) {
    if (!isGone(error)) {
      await addProblem(scope, error, { side: 'destination', path, attempt: 'set metadata' });
    }
  }
}

/** True also if others have removed it, or its parent, meanwhile. */
async function removeBelow(scope: ApplyingScope, path: ByteString): Promise<boolean> {
  try {
    return await withDirectory(scope.context.destination, parentPath(path), async (parent) => {
      await openUp(scope, parent);
      return removeFrom(scope, parent, path);
    });
  } catch (error) {
    if (isGone(error)) return true;
    throw error;
  }
}

/**
 * False: it stays, as it holds a path protected by a filter rule, a mount point with `-x`, or a path left out
 * of the run.
 */
async function removeFrom(scope: ApplyingScope, parent: OpenDirectory, path: ByteString): Promise<boolean> {
  const name = lastName(path);
  if ((await removeDirectory({ directory: parent, name })) === 'removed') return true;
  if (mayHoldProtected(scope.context)) return false;
  if (await holdsOnlySpared(scope.context, path)) return false;
  if (holdsMount(scope.context.setup.destination.realPath, path)) {
    throw new MountPointError(-ENOTEMPTY, 'unlinkat', path, 'it contains a mount point');
  }
  throw new SystemError(-ENOTEMPTY, 'unlinkat', path);
}

async function setMetadata(scope: ApplyingScope, record: DirectoryRecord): Promise<void> {
  const { context } = scope;
  const { path, entry, differences } = record;
  await retryApplying(scope, (attempt) => setMetadataOnce(attempt, record));
  countOwner(context, entry);
  if (record.action !== 'finish' || differences === 0) return;
  context.counters.add('entriesAdjusted', 1);
  listDone(scope, { action: 'adjust', path: path === '' ? './' : `${path}/`, differences, source: entry });
}

async function setMetadataOnce(scope: ApplyingScope, record: DirectoryRecord): Promise<void> {
  const { path, entry, action } = record;
  await withDirectory(scope.context.destination, path, (directory) =>
    withAttributeSource(scope, record, async (source) =>
      finishMetadata(scope, {
        target: { isPathHandle: false, ...directory },
        source: entry,
        actual: await readOpenEntry(directory),
        attributeSource: source,
        givenMode: action === 'finish' ? 0 : OWNER_ACCESS,
        // A directory cannot be executed, so set-id bits and capabilities grant nothing.
        isOurs: true,
      }),
    ),
  );
}

/** Opens the source directory only for its extended attributes. */
async function withAttributeSource(
  scope: ApplyingScope,
  { path, entry }: DirectoryRecord,
  use: (source: AttributeTarget | undefined) => Promise<void>,
): Promise<void> {
  if (!keepsAttributes(scope)) return use(undefined);
  const source = await atSide('source', () => openOrDenied(scope, path));
  if (source === 'denied') return withUnlistedSource(scope, { path, entry }, use);
  try {
    await use(source);
  } finally {
    await closeDirectory(source);
  }
}

async function openOrDenied({ context }: ApplyingScope, path: ByteString): Promise<OpenDirectory | 'denied'> {
  try {
    return await openDirectory(context.source, path);
  } catch (error) {
    if (error instanceof SystemError && error.errno === -EACCES && path !== '') return 'denied';
    throw error;
  }
}

/** A user who may not list a directory may still read its ACL. */
async function withUnlistedSource(
  { context }: ApplyingScope,
  { path, entry }: Pick<DirectoryRecord, 'path' | 'entry'>,
  use: (source: AttributeTarget) => Promise<void>,
): Promise<void> {
  await withDirectory(context.source, parentPath(path), (parent) =>
    withPathHandle(parent, lastName(path), async (handle) => {
      if ((await readOpenEntry(handle)).inode === entry.inode) return use(handle);
      const gone = new SystemError(-ENOENT, 'openat', path);
      gone.side = 'source';
      throw gone;
    }),
  );
}
