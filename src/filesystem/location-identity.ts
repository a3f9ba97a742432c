/** Whether two roots are one directory, or one lies in the other, however they are mounted or named. */
import type { Location } from '../model/location.ts';
import {
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  O_RDONLY,
  AT_EMPTY_PATH,
  AT_STATX_FORCE_SYNC,
  STATX_BASIC_STATS,
  STATX_MNT_ID,
} from './linux/constants.ts';
import type { Linux } from './linux/call-table.ts';
import { linuxCalls } from './linux/linux.ts';
import { StatBuffer } from './linux/stat-buffer.ts';
import { check, SystemError } from './linux/system-error.ts';
import { unusable } from './location.ts';
import { closeQuietly } from './open-directory.ts';
import { isBelow, pathBelow } from './real-paths.ts';

type Identity = Pick<Location, 'device' | 'inode'>;

/** The same directory, perhaps through two mounts. */
export function sameIdentity(first: Identity, second: Identity): boolean {
  return first.device === second.device && first.inode === second.inode;
}

/** What the path leads to now, by the server's word. @throws SystemError */
export async function identityAt(
  linux: Linux,
  path: string,
): Promise<Identity & { readonly isRemoved: boolean }> {
  const fd = check(await linux.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0), 'open', path);
  try {
    const stat = new StatBuffer();
    const flags = AT_EMPTY_PATH | AT_STATX_FORCE_SYNC;
    check(await linux.statx(fd, '', flags, STATX_BASIC_STATS, stat.bytes), 'statx', path);
    // A working directory can be opened as `.` although it is no more.
    return { device: stat.device, inode: stat.inode, isRemoved: stat.linkCount === 0 };
  } finally {
    await closeQuietly(linux, fd);
  }
}

/** Inside of `outer`, or `outer` itself. @throws LocationError */
export async function isInside(inner: Location, outer: Location): Promise<boolean> {
  if (isBelow(inner.realPath, outer.realPath)) return true;
  if (inner.device === outer.device && isBelow(placeOf(inner), placeOf(outer))) return true;
  return hasAncestor(inner, outer);
}

/** Where it is on its file system, by whatever mount: unique for one device only. */
function placeOf({ mount, realPath }: Location): string {
  if (mount === undefined) return realPath;
  // NFS: the source names the directory mounted, with the server; the root path is always `/`.
  const base = mount.fileSystemType.startsWith('nfs') ? mount.source : mount.rootPath;
  return withoutFinalSlash(base) + pathBelow(realPath, mount.mountPoint);
}

function withoutFinalSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Climbs from the inner directory: finds an outer one that is a bind mount of an ancestor. */
async function hasAncestor(inner: Location, outer: Identity): Promise<boolean> {
  const linux = linuxCalls('blocking');
  let fd = inner.fd;
  let below: StatBuffer | undefined;
  try {
    for (;;) {
      const stat = await statOf(fd, inner);
      if (sameIdentity(stat, outer)) return true;
      // Only the root of all is its own parent; a directory bound to its child has another mount id.
      if (below !== undefined && sameIdentity(stat, below) && stat.mountId === below.mountId) return false;
      const parent = await linux.openat(fd, '..', O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
      if (parent < 0) return false; // Not allowed to look: the paths were compared already.
      if (fd !== inner.fd) await closeQuietly(linux, fd);
      [fd, below] = [parent, stat];
    }
  } finally {
    if (fd !== inner.fd) await closeQuietly(linux, fd);
  }
}

/** @throws LocationError */
async function statOf(fd: number, of: Location): Promise<StatBuffer> {
  const stat = new StatBuffer();
  const mask = STATX_BASIC_STATS | STATX_MNT_ID;
  const result = await linuxCalls('blocking').statx(fd, '', AT_EMPTY_PATH, mask, stat.bytes);
  if (result < 0) throw unusable(of, new SystemError(result, 'statx', of.path));
  return stat;
}
