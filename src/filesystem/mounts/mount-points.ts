/**
 * Answers mount questions about a single path: asked after a failure, or when a walk enters a mount point.
 */
import type { ByteString } from '../../model/byte-string.ts';
import { fileSystemOf } from '../../model/file-systems.ts';
import type { Mount } from '../../model/run/location.ts';
import { childPath, type NameIn, type OpenDirectory } from '../root.ts';
import { statName, statOpen } from '../entry-stat.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { check, EACCES, EBUSY, EXDEV, MountPointError, SystemError } from '../../linux/system-error.ts';
import { mountOf, readMounts } from './mounts.ts';
import { joinNames, isBelow } from '../real-paths.ts';

let mounts: readonly Mount[] | undefined;

/** The mounts as last read. PERF: a thousand mounts take a millisecond to read. */
export function knownMounts(): readonly Mount[] {
  return (mounts ??= readMounts());
}

/** The mount of that number, if it is mounted there: the kernel reuses numbers. */
export function mountAt(mountId: number, mountPoint: string): Mount | undefined {
  const known = mountOf(knownMounts(), mountId);
  if (known?.mountPoint === mountPoint) return known;
  mounts = readMounts();
  return mountOf(mounts, mountId);
}

let mountPoints: ReadonlySet<string> | undefined;

/** Whether something was mounted at a path when the run began. Makes no system call. */
export function wasMountPoint(rootPath: ByteString, path: ByteString): boolean {
  mountPoints ??= new Set(knownMounts().map(({ mountPoint }) => mountPoint));
  return mountPoints.has(joinNames(rootPath, path));
}

/** False: a part of one is mounted, or nothing is known of that mount. */
export function isWholeFileSystem(mountId: number): boolean {
  const mount = mountOf(knownMounts(), mountId) ?? mountOf((mounts = readMounts()), mountId);
  return mount?.rootPath === '/';
}

const nfsByMountId = new Map<number, boolean>();

/** Accepts a bare mount number. PERF: asked for each directory, so each number is looked up once. */
export function isOnNfs(at: Mount | number | undefined): boolean {
  if (typeof at !== 'number') return fileSystemOf(at).isNfs;
  let answer = nfsByMountId.get(at);
  if (answer === undefined) {
    const mount = mountOf(knownMounts(), at) ?? mountOf((mounts = readMounts()), at);
    answer = fileSystemOf(mount).isNfs;
    nfsByMountId.set(at, answer);
  }
  return answer;
}

/** Whether something is mounted below a path, which prevents removing its directory. */
export function holdsMount(rootPath: ByteString, path: ByteString): boolean {
  const directory = joinNames(rootPath, path);
  mounts = readMounts();
  return mounts.some(({ mountPoint }) => isBelow(mountPoint, directory));
}

export const MOUNT_POINT = 'it is a mount point';

/**
 * As `check`, for a call on a name: EBUSY from a mount point will not go away with a retry. @throws
 * SystemError
 */
export async function checkBusy(
  result: number,
  syscall: string,
  { directory, name }: NameIn,
): Promise<number> {
  if (result >= 0) return result;
  const path = childPath(directory.path, name);
  if (result === -EBUSY && (await isMountPoint(directory, name))) {
    throw new MountPointError(result, syscall, path, MOUNT_POINT);
  }
  return check(result, syscall, path);
}

/**
 * Checks that nothing was mounted over a directory, or one above it, since it was listed. A new mount number
 * alone is no change: some FUSE file systems change it, and so does a root that was remounted. @throws
 * SystemError
 */
export async function checkSameMount(
  directory: OpenDirectory,
  listed: { mountId: number; device: number; inode: bigint },
): Promise<void> {
  const stat = new StatBuffer();
  check(await statOpen(directory, stat), 'statx', directory.path);
  if (stat.mountId === listed.mountId || (stat.device === listed.device && stat.inode === listed.inode))
    return;
  const reason = 'something was mounted there after it was listed';
  throw new MountPointError(-EXDEV, 'statx', directory.path, reason);
}

/** False if it cannot be determined. Before Linux 5.8 only the device shows it. */
export async function isMountPoint(directory: OpenDirectory, name: ByteString): Promise<boolean> {
  const stat = new StatBuffer();
  if ((await statName(directory, name, stat)) < 0) return false;
  if (stat.isMountRoot !== undefined) return stat.isMountRoot;
  const above = new StatBuffer();
  return (await statOpen(directory, above)) === 0 && above.device !== stat.device;
}

/** FUSE denies everybody but the mounting user, even root, and no visible permission explains that. */
export function explainDenied(error: unknown, rootPath: ByteString, path: ByteString): unknown {
  if (!(error instanceof SystemError) || error.errno !== -EACCES) return error;
  const mountPoint = joinNames(rootPath, path);
  const mount = knownMounts().findLast((each) => each.mountPoint === mountPoint);
  if (!fileSystemOf(mount).deniesOtherUsers) return error;
  return new MountPointError(error.errno, error.syscall, error.path, 'mounted by another user (FUSE)');
}
