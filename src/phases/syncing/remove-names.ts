/** Removes extraneous names that are not directories, and what a killed run left. */
import { check, EISDIR, ENOENT, isGone, SystemError } from '../../filesystem/linux/system-error.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { listDirectory } from '../../filesystem/list-directory.ts';
import { AT_REMOVEDIR } from '../../filesystem/linux/constants.ts';
import { isOwnName } from '../../policy/temporary-name.ts';
import { discard } from './new-name.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import { makeWritable } from '../../filesystem/unlock-directory.ts';
import { DELETING } from '../../policy/itemize.ts';
import type { RemovalRecord } from '../plan/removal-record.ts';
import { retryInDirectory, withRetriedDirectory } from '../walking/fresh-lookup.ts';
import { addProblem, mayMakeWritable, type ApplyingUnit } from './apply-unit.ts';

export async function removeNames(unit: ApplyingUnit, record: RemovalRecord): Promise<void> {
  const path = record.directoryPath;
  try {
    await withRetriedDirectory(unit.context, 'destination', path, async (directory) => {
      if (mayMakeWritable(unit)) {
        await retryInDirectory(unit.context, 'destination', directory, (fresh) => makeWritable(fresh));
      }
      for (const name of record.names) {
        if (unit.context.stop.isRaised) return;
        await removeName(unit, directory, { name, isTemporary: record.areTemporaries });
      }
    });
  } catch (error) {
    // Others have removed the directory, and its names with it.
    if (isGone(error)) for (const name of record.names) noteRemoved(unit, childPath(path, name), record);
    else await addProblem(unit, error, { side: 'destination', path, attempt: 'open' });
  }
}

async function removeName(
  unit: ApplyingUnit,
  directory: OpenDirectory,
  { name, isTemporary }: { name: string; isTemporary: boolean },
): Promise<void> {
  const path = childPath(directory.path, name);
  try {
    await retryInDirectory(unit.context, 'destination', directory, async (within) => {
      let result = await within.linux.unlinkat(within.fd, name, 0);
      if (isTemporary && result === -EISDIR) result = await removeStaging(unit, within, name);
      if (result !== -ENOENT) check(result, 'unlinkat', path);
    });
  } catch (error) {
    if (!isGone(error)) {
      await addProblem(unit, error, { side: 'destination', path, attempt: 'delete' });
      return;
    }
  }
  noteRemoved(unit, path, { areTemporaries: isTemporary });
}

function noteRemoved(
  unit: ApplyingUnit,
  path: string,
  { areTemporaries }: Pick<RemovalRecord, 'areTemporaries'>,
): void {
  if (areTemporaries) return;
  unit.context.counters.add('entriesDeleted', 1);
  listDeleted(unit, path);
}

/** With the temporary files in it, and only if it holds nothing else. Gives 0 or -errno. */
async function removeStaging(
  unit: ApplyingUnit,
  { linux, fd }: OpenDirectory,
  name: string,
): Promise<number> {
  try {
    await withDirectory({ linux, fd }, name, async (staging) => {
      const { others, incomplete } = await listDirectory(staging);
      if (incomplete !== undefined) throw incomplete;
      for (const each of others.filter(isOwnName)) await discard(unit, { directory: staging, name: each });
    });
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (error.errno !== -ENOENT) return error.errno;
  }
  return linux.unlinkat(fd, name, AT_REMOVEDIR);
}

export function listDeleted(unit: ApplyingUnit, path: string): void {
  if (!unit.context.settings.listChanges) return;
  unit.findings.listed.push({ itemized: DELETING, path, sizeBytes: 0 });
}
