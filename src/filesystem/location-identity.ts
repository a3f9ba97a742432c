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
import { placeOn } from './mounts.ts';
import { closeQuietly } from './open-directory.ts';
import { isBelow, namesBelow } from './real-paths.ts';

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

/** How one who walks `outer` comes to `inner`. */
export interface WayIn {
  /** Relative to `outer`, empty where they are the same; undefined: only the directories above `inner` show it. */
  readonly path: string | undefined;
  /** A mount point lies between. */
  readonly isBehindMount: boolean;
}

/** None: it is neither inside of `outer` nor `outer` itself. @throws LocationError */
export async function waysInto(inner: Location, outer: Location): Promise<WayIn[]> {
  const ways: WayIn[] = [];
  if (isBelow(inner.realPath, outer.realPath)) {
    const path = namesBelow(inner.realPath, outer.realPath);
    ways.push({ path, isBehindMount: inner.mountId !== outer.mountId });
  }
  if (inner.device === outer.device && isBelow(placeOf(inner), placeOf(outer))) {
    const path = namesBelow(placeOf(inner), placeOf(outer));
    if (path !== ways[0]?.path || ways[0].isBehindMount) ways.push({ path, isBehindMount: false });
  }
  if (ways.length === 0 && (await hasAncestor(inner, outer))) {
    ways.push({ path: undefined, isBehindMount: false });
  }
  return ways;
}

function placeOf({ mount, realPath }: Location): string {
  return mount === undefined ? realPath : placeOn(mount, realPath);
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
