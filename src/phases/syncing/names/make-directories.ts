/** Makes destination directories, accessible to this run alone until their metadata is set at its end. */
import type { ByteString } from '../../../model/byte-string.ts';
import { isDirectoryAt, makeDirectory as makeDirectoryAt } from '../../../filesystem/destination/names.ts';
import { EEXIST, SystemError } from '../../../linux/system-error.ts';
import { withDirectory } from '../../../filesystem/open-directory.ts';
import { StatBuffer } from '../../../linux/stat-buffer.ts';
import { lastName, parentPath, type OpenDirectory } from '../../../filesystem/root.ts';
import { OWNER_ACCESS } from '../../../filesystem/metadata/unlock-directory.ts';
import { Difference } from '../../../model/change.ts';
import { permissionsOf } from '../../../model/entry.ts';
import type { DirectoryRecord } from '../../../engine/plan/records.ts';
import { retrying } from '../../../engine/context/retrying.ts';
import { problemOfTaken, tellsTaken } from '../../../engine/march/report-problems.ts';
import { removeWithBackup } from './back-up.ts';
import { keyOf } from './led-to.ts';
import { addProblem, listDone, openUp, type ApplyingScope } from '../scope/applying-scope.ts';

export interface NewDirectory extends Pick<DirectoryRecord, 'path' | 'entry'> {
  readonly action?: DirectoryRecord['action'] | undefined;
}

/**
 * False: it does not exist, or its name is taken by another. @param madeAt where it is made: under its own
 * name or a temporary one
 */
export async function makeDirectory(
  scope: ApplyingScope,
  directory: NewDirectory,
  madeAt = directory.path,
): Promise<boolean> {
  const { context } = scope;
  const { path, entry } = directory;
  try {
    const isMade = await retrying(context, () =>
      context.syncing.parentTurns.use(parentPath(path), () => makeInParent(scope, directory, madeAt)),
    );
    if (!isMade) {
      noteTaken(scope, path);
      return false;
    }
    context.counters.add('entriesCreated', 1);
    listDone(scope, { action: 'write', path: `${path}/`, differences: Difference.missing, source: entry });
    return true;
  } catch (error) {
    await addNotMade(scope, path, error);
    return false;
  }
}

/** One Problem for the directory, none for its planned content. */
export async function addNotMade(scope: ApplyingScope, path: ByteString, error: unknown): Promise<void> {
  const reason = error instanceof SystemError ? `${error.reason}; its contents are skipped` : '';
  await addProblem(scope, error, { side: 'destination', path, attempt: 'make directory', reason });
}

/** Nothing below it can be written. */
function noteTaken({ context, taken, findings }: ApplyingScope, path: ByteString): void {
  taken.push(path);
  if (tellsTaken(context))
    findings.problems.push(problemOfTaken('make directory', { phase: 'syncing', path }));
}

/** False: the directory only claims its name, and something of that name existed already. */
export function makeInParent(
  scope: ApplyingScope,
  { path, entry, action }: NewDirectory,
  madeAt: string,
): Promise<boolean> {
  return withDirectory(scope.context.destination, parentPath(madeAt), async (parent) => {
    await openUp(scope, parent);
    return makeIn(scope, parent, { name: lastName(madeAt), path, entry, action });
  });
}

async function makeIn(
  scope: ApplyingScope,
  parent: OpenDirectory,
  { name, path, entry, action }: NewDirectory & { readonly name: ByteString },
): Promise<boolean> {
  const { context, foundThere } = scope;
  const at = { directory: parent, name };
  const mode = context.settings.preserve.mode ? OWNER_ACCESS : (permissionsOf(entry) & 0o777) | OWNER_ACCESS;
  if (await makeDirectoryAt(at, mode)) return true;
  if (action === 'claim') return false;
  const there = new StatBuffer();
  if (await isDirectoryAt(at, there)) {
    foundThere.push(keyOf(there));
    return true;
  }
  // A file or link has the name of a directory: remove it first, as no call replaces it by a directory.
  await removeWithBackup(scope, at);
  if (!(await makeDirectoryAt(at, mode))) throw new SystemError(-EEXIST, 'mkdirat', path);
  return true;
}
