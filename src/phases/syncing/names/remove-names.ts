/** Removes extraneous non-directories, and leftovers of a killed run. */
import type { ByteString } from '../../../model/byte-string.ts';
import { BackupError, EISDIR, ENOTEMPTY, isGone, SystemError } from '../../../linux/system-error.ts';
import { removeName } from '../../../filesystem/destination/names.ts';
import { checkSameMount } from '../../../filesystem/mounts/mount-points.ts';
import { childPath, type OpenDirectory } from '../../../filesystem/root.ts';
import { DELETING } from '../../../policy/compare/itemize.ts';
import type { RemovalRecord } from '../../../engine/plan/records.ts';
import { retryInDirectory, withRetriedDirectory } from '../../../engine/march/fresh-lookup.ts';
import { isLeftOut } from '../../../engine/march/open-side.ts';
import { removeWithBackup, type BackedUp } from './back-up.ts';
import { isLedTo, withoutLedTo } from './led-to.ts';
import { addProblem, mayMakeWritable, openUp, type ApplyingScope } from '../scope/applying-scope.ts';
import { removeOwnDirectory } from './temporaries.ts';

/**
 * @param foundThere directories that this run's names lead to: their content stays, also under another name
 */
export async function removeNames(
  scope: ApplyingScope,
  record: RemovalRecord,
  foundThere: readonly string[] = [],
): Promise<void> {
  const path = record.directoryPath;
  try {
    await withRetriedDirectory(scope.context, 'destination', path, async (directory) => {
      if (record.directory !== undefined) await checkSameMount(directory, record.directory);
      if (mayMakeWritable(scope)) {
        await retryInDirectory(scope.context, 'destination', directory, (fresh) => openUp(scope, fresh));
      }
      if (await isLedTo(directory, foundThere)) return;
      const { names, gone } = await withoutLedTo(scope.context, directory, record);
      for (const name of gone) noteGone(scope, childPath(path, name), record);
      for (const name of names) {
        if (scope.context.stop.isRaised) return;
        await removeListed(scope, directory, { name, isTemporary: record.areTemporaries });
      }
    });
  } catch (error) {
    // Somebody else removed the directory, and its names with it.
    if (isGone(error)) for (const name of record.names) noteGone(scope, childPath(path, name), record);
    else await addProblem(scope, error, { side: 'destination', path, attempt: 'open' });
  }
}

async function removeListed(
  scope: ApplyingScope,
  directory: OpenDirectory,
  { name, isTemporary }: { name: ByteString; isTemporary: boolean },
): Promise<void> {
  const path = childPath(directory.path, name);
  const state: BackedUp = {};
  try {
    const how = await retryInDirectory(scope.context, 'destination', directory, async (within) => {
      try {
        const at = { directory: within, name };
        return await (isTemporary ? removeName(at) : removeWithBackup(scope, at, state));
      } catch (error) {
        const isDirectory = error instanceof SystemError && error.errno === -EISDIR;
        if (!isTemporary || !isDirectory) throw error;
        await removeLeftDirectory(scope, within, name);
        return 'removed';
      }
    });
    if (how === 'gone') return noteGone(scope, path, { areTemporaries: isTemporary });
  } catch (error) {
    if (isLeftOut(scope.context, error)) return;
    // Nor is it gone if its backup has nowhere to go.
    if (!isGone(error) || error instanceof BackupError) {
      await addProblem(scope, error, { side: 'destination', path, attempt: 'delete' });
      return;
    }
    return noteGone(scope, path, { areTemporaries: isTemporary });
  }
  noteRemoved(scope, path, { areTemporaries: isTemporary });
}

/** With `--track-renames` it may have been moved, which is no deletion. */
function noteGone(
  scope: ApplyingScope,
  path: ByteString,
  record: Pick<RemovalRecord, 'areTemporaries'>,
): void {
  if (!scope.context.settings.trackRenames) noteRemoved(scope, path, record);
}

function noteRemoved(
  scope: ApplyingScope,
  path: ByteString,
  { areTemporaries }: Pick<RemovalRecord, 'areTemporaries'>,
): void {
  if (areTemporaries) return;
  scope.context.counters.add('entriesDeleted', 1);
  listDeleted(scope, path);
}

/**
 * No run can have left such a directory, so its owner is unknown. It stays, which is an error only with
 * `--delete`.
 */
async function removeLeftDirectory(
  scope: ApplyingScope,
  within: OpenDirectory,
  name: ByteString,
): Promise<void> {
  if ((await removeOwnDirectory(within, name)) || !scope.context.settings.delete) return;
  throw new SystemError(-ENOTEMPTY, 'unlinkat', childPath(within.path, name));
}

export function listDeleted(scope: ApplyingScope, path: ByteString): void {
  if (!scope.context.settings.listChanges) return;
  scope.findings.listed.push({ itemized: DELETING, path, sizeBytes: 0 });
}
