/**
 * Moves what has a name aside, under the name of its backup. The old content always has one of both names, and
 * where links are possible the old name leads to something at every moment.
 */
import type { Entry } from '../../model/entry.ts';
import type { ByteString } from '../../model/byte-string.ts';
import {
  EISDIR,
  EEXIST,
  EMLINK,
  ENOENT,
  ENOSYS,
  ENOTEMPTY,
  EOPNOTSUPP,
  EPERM,
} from '../../linux/system-error.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { findEntry, statName } from '../entry-stat.ts';
import { checkBusy } from '../mounts/mount-points.ts';
import type { NameIn } from '../root.ts';
import { removeEmptyDirectory, removeName, tryRemoveName } from './names.ts';

const NO_LINK: ReadonlySet<number> = new Set([-EPERM, -EMLINK, -EOPNOTSUPP, -ENOSYS]);

/**
 * False: it cannot get a second name there, and nothing was done. @param temporaryName a new name, needed beside
 * `to` if that is taken @throws SystemError
 */
export async function linkAside(
  { from, to, old }: { from: NameIn; to: NameIn; old: Entry },
  temporaryName: ByteString,
): Promise<boolean> {
  const linked = await link(from, to);
  if (linked === 0) return true;
  if (linked !== -EEXIST) return mayRefuse(linked, from);
  // Also if a link was reported as failed over NFS, and has succeeded with its reply lost.
  if (await isInodeAt(to, old)) return true;
  const temporary = { directory: to.directory, name: temporaryName };
  const moved = await link(from, temporary);
  if (moved !== 0 && moved !== -EEXIST) return mayRefuse(moved, from);
  try {
    await renameOver(temporary, to, old);
  } catch (error) {
    await tryRemoveName(temporary);
    throw error;
  }
  return true;
}

async function mayRefuse(result: number, from: NameIn): Promise<boolean> {
  if (!NO_LINK.has(result)) await checkBusy(result, 'linkat', from);
  return false;
}

async function link(from: NameIn, to: NameIn): Promise<number> {
  return to.directory.linux.linkat(from.directory.fd, from.name, to.directory.fd, to.name, 0);
}

/** By one rename, so that `from` is gone. @throws SystemError */
export async function renameAside(from: NameIn, to: NameIn, old: Entry): Promise<void> {
  await renameOver(from, to, old);
  // rename(2) does nothing if both names are one inode already.
  if (old.linkCount > 1 && (await isInodeAt(from, old))) await removeName(from);
}

/** Takes `renameAside` back, unless something else has the name by now. @throws SystemError */
export async function renameBack(from: NameIn, to: NameIn, old: Entry): Promise<void> {
  if ((await statName(from.directory, from.name, new StatBuffer())) === -ENOENT) {
    await renameOver(to, from, old);
  }
}

/** Replaces an earlier backup, also an empty directory of its name. */
async function renameOver(from: NameIn, to: NameIn, old: Pick<Entry, 'inode'>): Promise<void> {
  let result = await rename(from, to);
  if (result === -EISDIR || result === -ENOTEMPTY || result === -EEXIST) {
    await removeEmptyDirectory(to);
    result = await rename(from, to);
  }
  // NFS: a rename reported as failed may have succeeded, with its reply lost.
  if (result === -ENOENT && (await isInodeAt(to, old))) return;
  await checkBusy(result, 'renameat', from);
}

async function rename(from: NameIn, to: NameIn): Promise<number> {
  return to.directory.linux.renameat(from.directory.fd, from.name, to.directory.fd, to.name);
}

/** @throws SystemError */
export async function isInodeAt(at: NameIn, { inode }: Pick<Entry, 'inode'>): Promise<boolean> {
  return (await findEntry(at))?.inode === inode;
}
