/** Whether two roots are one directory, or one lies inside the other, however they are mounted or named. */
import type { ByteString } from '../../model/byte-string.ts';
import { type Identity, sameIdentity } from '../../model/entry.ts';
import type { Location } from '../../model/run/location.ts';
import {
  AT_EMPTY_PATH,
  AT_STATX_FORCE_SYNC,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  STATX_BASIC_STATS,
  STATX_MNT_ID,
} from '../../linux/constants.ts';
import type { Linux } from '../../linux/call-table.ts';
import { linuxCalls } from '../../linux/linux.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { check, SystemError } from '../../linux/system-error.ts';
import { unusable } from './open-location.ts';
import { placeOn } from '../mounts/mounts.ts';
import { closeQuietly } from '../open-directory.ts';
import { isBelow, namesBelow } from '../real-paths.ts';

/** Asks the server for the identity of a path, even of an unreadable directory. @throws SystemError */
export async function identityAt(
  linux: Linux,
  path: ByteString,
): Promise<Identity & { readonly isRemoved: boolean }> {
  const fd = check(await linux.open(path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0), 'open', path);
  try {
    const stat = new StatBuffer();
    const flags = AT_EMPTY_PATH | AT_STATX_FORCE_SYNC;
    check(await linux.statx(fd, '', flags, STATX_BASIC_STATS, stat.bytes), 'statx', path);
    // A removed working directory can still be opened as `.`.
    return { device: stat.device, inode: stat.inode, isRemoved: stat.linkCount === 0 };
  } finally {
    await closeQuietly(linux, fd);
  }
}

/** How a walk of `outer` reaches `inner`. */
export interface WayIn {
  /** Relative to `outer`; empty if both are the same. Undefined: only the parents of `inner` show it. */
  readonly path: ByteString | undefined;
  /** The way passes a mount point. */
  readonly isBehindMount: boolean;
}

/** Empty: `inner` is neither `outer` nor inside of it. @throws LocationError */
export async function waysInto(inner: Location, outer: Location): Promise<WayIn[]> {
  const ways: WayIn[] = [];
  if (isBelow(inner.realPath, outer.realPath)) {
    const path = namesBelow(inner.realPath, outer.realPath);
    ways.push({ path, isBehindMount: inner.mountId !== outer.mountId });
  }
  if (inner.device === outer.device && isBelow(pathOnDevice(inner), pathOnDevice(outer))) {
    const path = namesBelow(pathOnDevice(inner), pathOnDevice(outer));
    if (path !== ways[0]?.path || ways[0].isBehindMount) ways.push({ path, isBehindMount: false });
  }
  if (ways.length === 0 && (await hasAncestor(inner, outer))) {
    ways.push({ path: undefined, isBehindMount: false });
  }
  return ways;
}

function pathOnDevice({ mount, realPath }: Location): ByteString {
  return mount === undefined ? realPath : placeOn(mount, realPath);
}

/** Climbs from the inner directory, to find an outer one that is a bind mount of an ancestor. */
async function hasAncestor(inner: Location, outer: Identity): Promise<boolean> {
  const linux = linuxCalls('blocking');
  let fd = inner.fd;
  let below: StatBuffer | undefined;
  try {
    for (;;) {
      const stat = await statOf(fd, inner);
      if (sameIdentity(stat, outer)) return true;
      // Only `/` is its own parent; a directory bind-mounted on its child has another mount id.
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
