/** Makes a directory of the run's own in one that is open, and lets a descriptor lead to it that all isolates know. */
import type { ByteString } from '../../model/byte-string.ts';
import { O_CLOEXEC } from '../../linux/constants.ts';
import { check, EEXIST, SystemError } from '../../linux/system-error.ts';
import { closeDirectory, openDirectory } from '../open-directory.ts';
import { OWNER_ACCESS } from '../metadata/unlock-directory.ts';
import type { NameIn } from '../root.ts';
import { makeDirectory } from './names.ts';

/** For this user alone, so that nobody can change what is written there. @throws SystemError */
export async function makeOwnDirectory(at: NameIn, ownFd: number, path: ByteString): Promise<void> {
  if (!(await makeDirectory(at, OWNER_ACCESS))) throw new SystemError(-EEXIST, 'mkdirat', path);
  const made = await openDirectory(at.directory, at.name);
  try {
    check(await made.linux.dup3(made.fd, ownFd, O_CLOEXEC), 'dup3', path);
  } finally {
    await closeDirectory(made);
  }
}
