/** Makes the directories that hold backups. */
import { isDirectory, type Entry, permissionsOf, SET_ID_BITS } from '../../model/entry.ts';
import { check, EPERM, ENOTDIR, SystemError } from '../../linux/system-error.ts';
import { releaseTimespecs, takeTimespecs } from '../../linux/times.ts';
import { readEntry } from '../entry-stat.ts';
import { OWNER_ACCESS } from '../metadata/unlock-directory.ts';
import { withDirectory } from '../open-directory.ts';
import { childPath, type NameIn, type OpenDirectory } from '../root.ts';
import { makeDirectory, removeName } from './names.ts';

/** With `umask` applied, as mkdir(1) has it. */
const PLAIN_MODE = 0o777;
const GROUP_ACCESS = 0o070;

/** False: it is there. @throws SystemError also if something else has the name */
export async function makePlain(at: NameIn): Promise<boolean> {
  if (await makeDirectory(at, PLAIN_MODE)) return true;
  if (await isDirectoryThere(at)) return false;
  throw new SystemError(-ENOTDIR, 'mkdirat', childPath(at.directory.path, at.name));
}

/**
 * With owner and permissions of another one. An earlier backup that has the name is replaced.
 * @param access what its owner needs besides @throws SystemError
 */
export async function makeLike(
  at: NameIn,
  like: Pick<Entry, 'uid' | 'gid' | 'mode'>,
  access: number,
): Promise<void> {
  if (!(await makeDirectory(at, OWNER_ACCESS))) {
    if (await isDirectoryThere(at)) return;
    await removeName(at);
    if (!(await makeDirectory(at, OWNER_ACCESS))) return;
  }
  await withDirectory(at.directory, at.name, async (own) => {
    const { linux, fd, path } = own;
    const owned = await linux.fchown(fd, like.uid, like.gid);
    if (owned !== -EPERM) check(owned, 'fchown', path);
    // Another group than that of the files must not see more than everybody.
    const denied = owned === -EPERM ? GROUP_ACCESS | SET_ID_BITS : 0;
    check(await linux.fchmod(fd, (permissionsOf(like) & ~denied) | access), 'fchmod', path);
  });
}

async function isDirectoryThere({ directory, name }: NameIn): Promise<boolean> {
  return isDirectory(await readEntry(directory, name));
}

/** Gives it back the times that it had before names were made in it. @throws SystemError */
export async function keepTimes(directory: OpenDirectory, { mtimeSec, mtimeNsec }: Entry): Promise<void> {
  const times = takeTimespecs(undefined, { sec: mtimeSec, nsec: mtimeNsec });
  const result = await directory.linux.futimens(directory.fd, times);
  releaseTimespecs(times);
  if (result !== -EPERM) check(result, 'futimens', directory.path);
}
