/**
 * `--backup`: what is replaced or deleted gets another name first. If it cannot, it stays as it is, and the path
 * has a Problem.
 */
import type { ByteString } from '../../../model/byte-string.ts';
import { type Entry, isDirectory } from '../../../model/entry.ts';
import {
  linkAside,
  renameAside,
  renameBack,
  isInodeAt,
} from '../../../filesystem/destination/backup-names.ts';
import { moveIntoPlace, removeName } from '../../../filesystem/destination/names.ts';
import { findEntry } from '../../../filesystem/entry-stat.ts';
import { closeDirectory } from '../../../filesystem/open-directory.ts';
import { childPath, type NameIn } from '../../../filesystem/root.ts';
import { BackupError, EISDIR, EXDEV, MountPointError, SystemError } from '../../../linux/system-error.ts';
import { isBackupName } from '../../../policy/names/backup-name.ts';
import type { ApplyingScope } from '../scope/applying-scope.ts';
import { findBackupOf } from './find-backup.ts';
import { newTemporaryName } from './temporaries.ts';

/** What several attempts at one change know of each other. */
export interface BackedUp {
  /** The inode that an attempt has moved aside. */
  backedUp?: bigint;
}

/** As `moveIntoPlace`, once what has the name is backed up. @throws SystemError */
export async function replaceName(
  scope: ApplyingScope,
  temporary: NameIn,
  at: NameIn,
  state: BackedUp = {},
): Promise<void> {
  if (scope.context.backup === undefined) return moveIntoPlace(temporary, at);
  const old = await findReplaced(temporary, at, state);
  if (old === undefined) return moveIntoPlace(temporary, at);
  const from = rawName(scope, at);
  const to = await openBackup(scope, at);
  try {
    const way = await keepOld(from, to, old);
    state.backedUp = old.inode;
    try {
      await moveIntoPlace(temporary, at);
    } catch (error) {
      if (way === 'renamed') await renameBack(from, to, old);
      throw error;
    }
  } finally {
    await closeBackup(at, to);
  }
  scope.context.counters.add('entriesBackedUp', 1);
}

/** What a directory takes the name of is backed up; a directory stays. @throws SystemError */
export async function makeWayForDirectory(scope: ApplyingScope, at: NameIn): Promise<void> {
  if (scope.context.backup === undefined) return;
  const old = await findEntry(at);
  if (old !== undefined && !isDirectory(old)) await removeWithBackup(scope, at);
}

/** As `removeName`, by a rename. @throws SystemError */
export async function removeWithBackup(
  scope: ApplyingScope,
  at: NameIn,
  state: BackedUp = {},
): Promise<'removed' | 'gone'> {
  const { context } = scope;
  const { backup } = context.settings;
  if (context.backup === undefined || isBackupName(backup, at.name)) return removeName(at);
  const old = await findOld(at, state.backedUp);
  if (old === undefined && state.backedUp === undefined) return 'gone';
  if (old !== undefined && isDirectory(old)) throw new SystemError(-EISDIR, 'renameat', pathOf(at));
  const to = await openBackup(scope, at);
  try {
    if (old === undefined) {
      // NFS: a rename reported as failed may have succeeded, with its reply lost.
      if (!(await isInodeAt(to, { inode: state.backedUp as bigint }))) return 'gone';
    } else {
      state.backedUp = old.inode;
      await moveOld(rawName(scope, at), to, old);
    }
  } finally {
    await closeBackup(at, to);
  }
  context.counters.add('entriesBackedUp', 1);
  return 'removed';
}

/**
 * Undefined: nothing of the name is to be kept, or an earlier attempt has kept it and put the new entry in its
 * place, though its reply was lost.
 */
async function findReplaced(
  temporary: NameIn,
  at: NameIn,
  { backedUp }: BackedUp,
): Promise<Entry | undefined> {
  const old = await findOld(at, backedUp);
  if (old === undefined || isDirectory(old)) return undefined;
  if (backedUp !== undefined && old.inode !== backedUp) return undefined;
  // A hard link that is there already.
  if (old.linkCount > 1 && (await isInodeAt(temporary, old))) return undefined;
  return old;
}

/** NFS: after an attempt that may have succeeded, the client's cache is not trusted. */
function findOld(at: NameIn, backedUp: bigint | undefined): Promise<Entry | undefined> {
  return findEntry(at, backedUp === undefined ? 'cached' : 'server');
}

async function openBackup(scope: ApplyingScope, at: NameIn): Promise<NameIn> {
  try {
    return await findBackupOf(scope, rawName(scope, at));
  } catch (error) {
    throw notBackedUp(error);
  }
}

async function closeBackup(at: NameIn, to: NameIn): Promise<void> {
  if (to.directory.fd !== at.directory.fd) await closeDirectory(to.directory);
}

async function keepOld(from: NameIn, to: NameIn, old: Entry): Promise<'linked' | 'renamed'> {
  try {
    if (await linkAside({ from, to, old }, newTemporaryName())) return 'linked';
    await renameAside(from, to, old);
    return 'renamed';
  } catch (error) {
    throw notBackedUp(error);
  }
}

async function moveOld(from: NameIn, to: NameIn, old: Entry): Promise<void> {
  try {
    await renameAside(from, to, old);
  } catch (error) {
    throw notBackedUp(error);
  }
}

const OTHER_FILE_SYSTEM = 'it is on another file system than its backup would be';

/** A mount point has its own reason. */
function notBackedUp(error: unknown): unknown {
  if (!(error instanceof SystemError) || error instanceof MountPointError) return error;
  const reason = error.errno === -EXDEV ? OTHER_FILE_SYSTEM : error.reason;
  const failed = new BackupError(error.errno, error.syscall, error.path, `cannot back it up: ${reason}`);
  failed.side = error.side ?? 'destination';
  return failed;
}

/** The name that the destination has for it, where a file is copied under a new one. */
function rawName({ context }: ApplyingScope, { directory, name }: NameIn): NameIn {
  const { renaming } = context.setup.destination;
  const { linux } = context.backup as NonNullable<typeof context.backup>;
  return {
    directory: { linux, fd: directory.fd, path: directory.path },
    name: name === renaming?.name ? renaming.as : name,
  };
}

function pathOf({ directory, name }: NameIn): ByteString {
  return childPath(directory.path, name);
}
