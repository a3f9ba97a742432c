/** Temporary names of destination entries while they are made, and the removal of what has such a name. */
import type { ByteString } from '../../../model/byte-string.ts';
import {
  tryRemoveName,
  removeDirectory,
  removeEmptyDirectory,
  removeName,
} from '../../../filesystem/destination/names.ts';
import { childPath, type NameIn, type OpenDirectory } from '../../../filesystem/root.ts';
import { temporaryName } from '../../../policy/names/temporary-name.ts';
import { addProblem, type ApplyingScope } from '../scope/applying-scope.ts';
import { listDirectory } from '../../../filesystem/list-directory.ts';
import { EBUSY, isGone, SystemError } from '../../../linux/system-error.ts';
import { withDirectory } from '../../../filesystem/open-directory.ts';

/** 122 random bits, so that nobody can guess the name and create it first. */
export function newTemporaryName(): ByteString {
  return temporaryName(crypto.randomUUID().replaceAll('-', ''));
}

/**
 * Removes the temporary after a failure; false: it is still there. A failure to remove it is a separate
 * Problem and never hides the first error: a retry may succeed, and the leftover would go unreported.
 */
export async function discard(scope: ApplyingScope, temporary: NameIn): Promise<boolean> {
  const error = await tryRemoveName(temporary);
  if (error === undefined) return true;
  const path = childPath(temporary.directory.path, temporary.name);
  const lasting = { ...scope, findings: scope.lasting };
  await addProblem(lasting, error, { side: 'destination', path, attempt: 'delete' });
  return false;
}

/**
 * Removes a directory of a temporary name with its files, and no other directory.
 * False: no run can have left it, as it contains a directory or is a mount point. Nothing in it was removed.
 * @throws SystemError
 */
export async function removeOwnDirectory(directory: OpenDirectory, name: ByteString): Promise<boolean> {
  const at = { directory, name };
  try {
    if ((await removeDirectory(at)) === 'removed') return true;
  } catch (error) {
    if (error instanceof SystemError && error.errno === -EBUSY) return false;
    throw error;
  }
  return removeFilled(at);
}

async function removeFilled(at: NameIn): Promise<boolean> {
  try {
    if (!(await withDirectory(at.directory, at.name, removeFiles))) return false;
  } catch (error) {
    if (isGone(error)) return true;
    throw error;
  }
  await removeEmptyDirectory(at);
  return true;
}

/** False: it contains a directory, which no run makes there. */
async function removeFiles(own: OpenDirectory): Promise<boolean> {
  const { directories, others, incomplete } = await listDirectory(own);
  if (incomplete !== undefined) throw incomplete;
  if (directories.length > 0) return false;
  for (const name of others) await removeName({ directory: own, name });
  return true;
}
