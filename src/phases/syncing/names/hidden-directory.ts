/**
 * Makes a directory together with its files, under a temporary name. The files have their final names from
 * the start, and the directory gets its own once all are complete. So a killed run leaves no incomplete file
 * under a final path. PERF: one rename per directory instead of one per file took 7 % less processor time for
 * small local files; over NFS each rename is a round trip under the directory's lock.
 */
import type { ByteString } from '../../../model/byte-string.ts';
import { listDirectory } from '../../../filesystem/list-directory.ts';
import { moveDirectory } from '../../../filesystem/destination/names.ts';
import { ENOTEMPTY, SystemError } from '../../../linux/system-error.ts';
import { withDirectory } from '../../../filesystem/open-directory.ts';
import {
  childPath,
  lastName,
  parentPath,
  type NameIn,
  type OpenDirectory,
} from '../../../filesystem/root.ts';
import { retrying } from '../../../engine/context/retrying.ts';
import { addProblem, type ApplyingScope } from '../scope/applying-scope.ts';
import { makeWayForDirectory, replaceName } from './back-up.ts';
import { addNotMade, makeDirectory, makeInParent, type NewDirectory } from './make-directories.ts';
import { newTemporaryName, removeOwnDirectory } from './temporaries.ts';

export class HiddenDirectory {
  /** Its path until it has its own name. */
  readonly path: ByteString;
  /** Files that are being written, or could not be removed after a failure. */
  readonly unfinished = new Set<string>();

  constructor(ownPath: ByteString) {
    this.path = childPath(parentPath(ownPath), newTemporaryName());
  }
}

/** Makes the directory and lets `use` fill it. Complete files get their final path even after an error. */
export async function makeWithContent(
  scope: ApplyingScope,
  directory: NewDirectory,
  use: (hidden: HiddenDirectory) => Promise<void>,
): Promise<void> {
  const hidden = new HiddenDirectory(directory.path);
  if (!(await makeDirectory(scope, directory, hidden.path))) return;
  try {
    await use(hidden);
  } finally {
    await giveName(scope, directory, hidden);
  }
}

async function giveName(
  scope: ApplyingScope,
  directory: NewDirectory,
  hidden: HiddenDirectory,
): Promise<void> {
  const { path } = directory;
  try {
    const isWhole = hidden.unfinished.size === 0;
    if (isWhole && (await inParent(scope, path, (parent) => rename(scope, parent, path, hidden)))) return;
    await moveEach(scope, directory, hidden);
  } catch (error) {
    await removeHidden(scope, path, hidden);
    await addNotMade(scope, path, error);
  }
}

function inParent<T>(
  { context }: ApplyingScope,
  path: ByteString,
  use: (parent: OpenDirectory) => Promise<T>,
): Promise<T> {
  return retrying(context, () =>
    context.syncing.parentTurns.use(parentPath(path), () =>
      withDirectory(context.destination, parentPath(path), use),
    ),
  );
}

/** False: a directory of its name exists by now and is not empty. @throws SystemError */
async function rename(
  scope: ApplyingScope,
  directory: OpenDirectory,
  path: ByteString,
  hidden: HiddenDirectory,
): Promise<boolean> {
  const from = { directory, name: lastName(hidden.path) };
  const at = { directory, name: lastName(path) };
  await makeWayForDirectory(scope, at);
  return (await moveDirectory(from, at)) === 'moved';
}

/** Moves each file into the existing directory, as if it had been written there. @throws SystemError */
async function moveEach(
  scope: ApplyingScope,
  directory: NewDirectory,
  hidden: HiddenDirectory,
): Promise<void> {
  const { context } = scope;
  const { path } = directory;
  await retrying(context, () => makeInParent(scope, directory, path));
  await retrying(context, () =>
    withDirectory(context.destination, path, (own) =>
      withDirectory(context.destination, hidden.path, async (from) => {
        const { others, incomplete } = await listDirectory(from);
        if (incomplete !== undefined) throw incomplete;
        for (const name of others) {
          if (!hidden.unfinished.has(name)) await moveOne(scope, from, { directory: own, name });
        }
      }),
    ),
  );
  await removeHidden(scope, path, hidden);
}

async function moveOne(scope: ApplyingScope, from: OpenDirectory, to: NameIn): Promise<void> {
  const { name } = to;
  try {
    await replaceName(scope, { directory: from, name }, to);
  } catch (error) {
    await addProblem(scope, error, {
      side: 'destination',
      path: childPath(to.directory.path, name),
      attempt: 'copy',
    });
  }
}

/** Removes it with its remaining content. If that fails, that is a separate Problem. */
async function removeHidden(scope: ApplyingScope, path: ByteString, hidden: HiddenDirectory): Promise<void> {
  const lasting = { ...scope, findings: scope.lasting };
  try {
    const name = lastName(hidden.path);
    if (await inParent(scope, path, (parent) => removeOwnDirectory(parent, name))) return;
    throw new SystemError(-ENOTEMPTY, 'unlinkat', hidden.path);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    await addProblem(lasting, error, {
      side: 'destination',
      path: hidden.path,
      attempt: 'delete directory',
    });
  }
}
