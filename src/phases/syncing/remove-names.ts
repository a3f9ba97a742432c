/** Removes extraneous names that are not directories, and what a killed run left. */
import { EISDIR, ENOENT, ENOTEMPTY, isGone, SystemError } from '../../filesystem/linux/system-error.ts';
import { checkBusy, checkSameMount } from '../../filesystem/mount-points.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import { makeWritable } from '../../filesystem/unlock-directory.ts';
import { DELETING } from '../../policy/itemize.ts';
import type { RemovalRecord } from '../plan/removal-record.ts';
import { retryInDirectory, withRetriedDirectory } from '../walking/fresh-lookup.ts';
import { isLeftOut } from '../walking/open-side.ts';
import { isLedTo, withoutLedTo } from './led-to.ts';
import { addProblem, mayMakeWritable, type ApplyingUnit } from './apply-unit.ts';
import { removeOwnDirectory } from './remove-own-directory.ts';

/** @param foundThere directories that names of this run lead to: what is in them by another name stays */
export async function removeNames(
  unit: ApplyingUnit,
  record: RemovalRecord,
  foundThere: readonly string[] = [],
): Promise<void> {
  const path = record.directoryPath;
  try {
    await withRetriedDirectory(unit.context, 'destination', path, async (directory) => {
      if (record.directory !== undefined) await checkSameMount(directory, record.directory);
      if (mayMakeWritable(unit)) {
        await retryInDirectory(unit.context, 'destination', directory, (fresh) => makeWritable(fresh));
      }
      if (await isLedTo(directory, foundThere)) return;
      const { names, gone } = await withoutLedTo(unit.context, directory, record);
      for (const name of gone) noteRemoved(unit, childPath(path, name), record);
      for (const name of names) {
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
      const result = await within.linux.unlinkat(within.fd, name, 0);
      if (isTemporary && result === -EISDIR) await removeLeftDirectory(unit, within, name);
      else if (result !== -ENOENT) await checkBusy(result, 'unlinkat', { directory: within, name });
    });
  } catch (error) {
    if (isLeftOut(unit.context, error)) return;
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

/** Nobody knows whose a directory is that no run can have left: only `--delete` asks for it to go. */
async function removeLeftDirectory(unit: ApplyingUnit, within: OpenDirectory, name: string): Promise<void> {
  if ((await removeOwnDirectory(within, name)) || !unit.context.settings.delete) return;
  throw new SystemError(-ENOTEMPTY, 'unlinkat', childPath(within.path, name));
}

export function listDeleted(unit: ApplyingUnit, path: string): void {
  if (!unit.context.settings.listChanges) return;
  unit.findings.listed.push({ itemized: DELETING, path, sizeBytes: 0 });
}
