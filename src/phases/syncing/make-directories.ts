/** Makes destination directories, accessible to this run alone until their metadata is set at its end. */
import { EEXIST, ENOENT, SystemError, check } from '../../filesystem/linux/system-error.ts';
import { checkBusy } from '../../filesystem/mount-points.ts';
import { withDirectory } from '../../filesystem/open-directory.ts';
import { statName } from '../../filesystem/entry-stat.ts';
import { StatBuffer } from '../../filesystem/linux/stat-buffer.ts';
import { lastName, parentPath, type OpenDirectory } from '../../filesystem/root.ts';
import { makeWritable, OWNER_ACCESS } from '../../filesystem/unlock-directory.ts';
import { Difference } from '../../model/change.ts';
import { isDirectory, permissionsOf } from '../../model/entry.ts';
import type { DirectoryRecord } from '../plan/directory-record.ts';
import { retrying } from '../retrying.ts';
import { problemOfTaken, tellsTaken } from '../taken-names.ts';
import { keyOf } from './led-to.ts';
import { addProblem, listDone, mayMakeWritable, type ApplyingUnit } from './apply-unit.ts';

export interface NewDirectory extends Pick<DirectoryRecord, 'path' | 'entry'> {
  readonly action?: DirectoryRecord['action'] | undefined;
}

/** False: it is not there, or not its own. @param madeAt where it is made: under its own name or a temporary one */
export async function makeDirectory(
  unit: ApplyingUnit,
  directory: NewDirectory,
  madeAt = directory.path,
): Promise<boolean> {
  const { context } = unit;
  const { path, entry } = directory;
  try {
    const isMade = await retrying(context, () =>
      context.parentTurns.use(parentPath(path), () => makeInParent(unit, directory, madeAt)),
    );
    if (!isMade) {
      noteTaken(unit, path);
      return false;
    }
    context.counters.add('entriesCreated', 1);
    listDone(unit, { action: 'write', path: `${path}/`, differences: Difference.missing, source: entry });
    return true;
  } catch (error) {
    await addNotMade(unit, path, error);
    return false;
  }
}

/** One Problem for the directory, and none for what was to be in it. */
export async function addNotMade(unit: ApplyingUnit, path: string, error: unknown): Promise<void> {
  const reason = error instanceof SystemError ? `${error.reason}; what is in it is skipped` : '';
  await addProblem(unit, error, { side: 'destination', path, attempt: 'make the directory', reason });
}

/** Nothing below it has a place. */
function noteTaken({ context, taken, findings }: ApplyingUnit, path: string): void {
  taken.push(path);
  if (tellsTaken(context))
    findings.problems.push(problemOfTaken('make the directory', { phase: 'syncing', path }));
}

/** False: a directory that only claims its name found something of that name there. */
export function makeInParent(
  unit: ApplyingUnit,
  { path, entry, action }: NewDirectory,
  madeAt: string,
): Promise<boolean> {
  return withDirectory(unit.context.destination, parentPath(madeAt), async (parent) => {
    if (mayMakeWritable(unit)) await makeWritable(parent);
    return makeIn(unit, parent, { name: lastName(madeAt), path, entry, action });
  });
}

async function makeIn(
  { context, foundThere }: ApplyingUnit,
  parent: OpenDirectory,
  { name, path, entry, action }: NewDirectory & { readonly name: string },
): Promise<boolean> {
  const { linux, fd } = parent;
  const mode = context.settings.preserve.mode ? OWNER_ACCESS : (permissionsOf(entry) & 0o777) | OWNER_ACCESS;
  let result = await linux.mkdirat(fd, name, mode);
  if (result === -EEXIST) {
    if (action === 'claim') return false;
    const there = new StatBuffer();
    if (await isDirectoryAt(parent, name, there)) {
      foundThere.push(keyOf(there));
      return true;
    }
    // A file or link where the source has a directory: it must go first, no call swaps the two.
    const removed = await linux.unlinkat(fd, name, 0);
    if (removed !== -ENOENT) await checkBusy(removed, 'unlinkat', { directory: parent, name });
    result = await linux.mkdirat(fd, name, mode);
  }
  check(result, 'mkdirat', path);
  return true;
}

export async function isDirectoryThere(parent: OpenDirectory, name: string): Promise<boolean> {
  return isDirectoryAt(parent, name, new StatBuffer());
}

async function isDirectoryAt(parent: OpenDirectory, name: string, stat: StatBuffer): Promise<boolean> {
  return (await statName(parent, name, stat)) === 0 && isDirectory(stat);
}
