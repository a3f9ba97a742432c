/** What a single path has to do with mounts: asked where something has failed, or a mount point is entered. */
import type { Mount } from '../model/location.ts';
import type { OpenDirectory } from './root.ts';
import { childPath } from './root.ts';
import { statName, statOpen } from './entry-stat.ts';
import { StatBuffer } from './linux/stat-buffer.ts';
import { check, EACCES, EBUSY, EXDEV, MountPointError, SystemError } from './linux/system-error.ts';
import { mountOf, readMounts } from './mounts.ts';
import { absolutePath, isBelow } from './real-paths.ts';

let mounts: readonly Mount[] | undefined;

/** As they were when last read. PERF: a thousand mounts take a millisecond to read. */
export function knownMounts(): readonly Mount[] {
  return (mounts ??= readMounts());
}

/** The mount of that number, if it is mounted there: numbers are used again. */
export function mountAt(mountId: number, mountPoint: string): Mount | undefined {
  const known = mountOf(knownMounts(), mountId);
  if (known?.mountPoint === mountPoint) return known;
  mounts = readMounts();
  return mountOf(mounts, mountId);
}

/** Whether something is mounted below a path, which keeps its directory from being removed. */
export function holdsMount(rootPath: string, path: string): boolean {
  const directory = absolutePath(rootPath, path);
  mounts = readMounts();
  return mounts.some(({ mountPoint }) => isBelow(mountPoint, directory));
}

export const MOUNT_POINT = 'it is a mount point';

/** As `check`, of a call to a name: one that something is mounted on stays busy. @throws SystemError */
export async function checkBusy(
  result: number,
  syscall: string,
  { directory, name }: { directory: OpenDirectory; name: string },
): Promise<number> {
  if (result >= 0) return result;
  const path = childPath(directory.path, name);
  if (result === -EBUSY && (await isMountPoint(directory, name))) {
    throw new MountPointError(result, syscall, path, MOUNT_POINT);
  }
  return check(result, syscall, path);
}

/**
 * Nothing was mounted over a directory, or one above it, since it was listed. Its number alone may change: on
 * some FUSE file systems, and with a root that was mounted anew. @throws SystemError
 */
export async function checkSameMount(
  directory: OpenDirectory,
  listed: { mountId: number; device: number; inode: bigint },
): Promise<void> {
  const stat = new StatBuffer();
  check(await statOpen(directory, stat), 'statx', directory.path);
  if (stat.mountId === listed.mountId || (stat.device === listed.device && stat.inode === listed.inode))
    return;
  const reason = 'something was mounted there since it was listed';
  throw new MountPointError(-EXDEV, 'statx', directory.path, reason);
}

/** False where that cannot be told. Kernels before 5.8 tell it by the device alone. */
export async function isMountPoint(directory: OpenDirectory, name: string): Promise<boolean> {
  const stat = new StatBuffer();
  if ((await statName(directory, name, stat)) < 0) return false;
  if (stat.isMountRoot !== undefined) return stat.isMountRoot;
  const above = new StatBuffer();
  return (await statOpen(directory, above)) === 0 && above.device !== stat.device;
}

/** FUSE denies everybody but its user, root too: no permission that could be seen explains it. */
export function explainDenied(error: unknown, rootPath: string, path: string): unknown {
  if (!(error instanceof SystemError) || error.errno !== -EACCES) return error;
  const mountPoint = absolutePath(rootPath, path);
  const mount = knownMounts().findLast((each) => each.mountPoint === mountPoint);
  if (mount === undefined || !/^fuse(?:\.|$)/.test(mount.fileSystemType)) return error;
  return new MountPointError(error.errno, error.syscall, error.path, 'mounted by another user (FUSE)');
}
