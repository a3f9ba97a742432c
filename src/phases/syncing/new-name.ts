/** Makes a destination entry under a name nobody looks at, then moves it into place. */
import { EEXIST, EISDIR, ENOENT, ENOTEMPTY, SystemError } from '../../filesystem/linux/system-error.ts';
import { AT_REMOVEDIR } from '../../filesystem/linux/constants.ts';
import { checkBusy } from '../../filesystem/mount-points.ts';
import { childPath, type OpenDirectory } from '../../filesystem/root.ts';
import { temporaryName } from '../../policy/temporary-name.ts';
import { addProblem, type ApplyingUnit } from './apply-unit.ts';

/** A name in a directory that is open. */
export interface NameIn {
  readonly directory: OpenDirectory;
  readonly name: string;
}

/** 122 random bits: nobody can guess the name and put something there first. */
export function newTemporaryName(): string {
  return temporaryName(crypto.randomUUID().replaceAll('-', ''));
}

/** The last step: whoever looks sees the old entry or the new one, whole. @throws SystemError */
export async function moveIntoPlace(temporary: NameIn, { directory, name }: NameIn): Promise<void> {
  const { linux, fd } = directory;
  const temporaryFd = temporary.directory.fd;
  let result = await linux.renameat(temporaryFd, temporary.name, fd, name);
  if (result === -EISDIR || result === -ENOTEMPTY || result === -EEXIST) {
    await removeEmptyDirectory(directory, name);
    result = await linux.renameat(temporaryFd, temporary.name, fd, name);
  }
  await checkBusy(result, 'renameat', { directory, name });
}

async function removeEmptyDirectory(directory: OpenDirectory, name: string): Promise<void> {
  const result = await directory.linux.unlinkat(directory.fd, name, AT_REMOVEDIR);
  if (result !== -ENOENT) await checkBusy(result, 'unlinkat', { directory, name });
}

/**
 * After a failure: the temporary goes; false: it is still there. A failure to remove it never hides the first one, and is a Problem of
 * its own: another try may succeed, and what stays behind would go unmentioned.
 */
export async function discard(unit: ApplyingUnit, { directory, name }: NameIn): Promise<boolean> {
  const result = await directory.linux.unlinkat(directory.fd, name, 0);
  if (result >= 0 || result === -ENOENT) return true;
  const path = childPath(directory.path, name);
  const error = new SystemError(result, 'unlinkat', path);
  const lasting = { ...unit, findings: unit.lasting };
  await addProblem(lasting, error, { side: 'destination', path, attempt: 'delete' });
  return false;
}
