/** Resolves the root a user named into a Location, or says why it cannot be used. */
import { readlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { LocationError } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import type { Location, Mount } from '../model/location.ts';
import type { Side } from '../model/task.ts';
import { measureLatency } from './latency.ts';
import {
  AT_FDCWD,
  AT_STATX_FORCE_SYNC,
  PATH_MAX,
  STATX_BASIC_STATS,
  STATX_MNT_ID,
} from './linux/constants.ts';
import type { Linux } from './linux/call-table.ts';
import { linuxCalls, type CallPath } from './linux/linux.ts';
import { StatBuffer } from './linux/stat-buffer.ts';
import { check, SystemError } from './linux/system-error.ts';
import { copiesUnderFileLock, mountOf, readMounts, readsBringAttributes } from './mounts.ts';
import { closeQuietly } from './open-directory.ts';
import { openRootDirectory } from './operator-file.ts';
import { timestampGranularityOf } from './timestamp-granularity.ts';

/**
 * PERF: two workers make a call in 10 µs through the thread pool and in 1.5 when it blocks (100,000 small
 * files on tmpfs, 2 cores: 11.2 s and 1.65). Calls of 20 µs and more overlap to more than they cost; three
 * times that keeps a disk on a busy machine apart from a server.
 */
const OVERLAPPING_FROM_US = 60;

/** The descriptor is the caller's to close. @throws LocationError */
export async function resolveLocation(side: Side, path: string): Promise<Location> {
  const mounts = readMounts();
  const linux = linuxCalls(rootCallPath(mounts, path));
  let fd = -1;
  try {
    fd = await openRootDirectory(linux, path);
    return await describe({ side, path }, fd, { linux, mounts });
  } catch (error) {
    if (fd >= 0) await closeQuietly(linux, fd);
    throw error instanceof SystemError ? unusable({ side, path }, error) : error;
  }
}

/**
 * The first call to a server that is dead hangs: on the pool, so that timers and signals are still served.
 * A symbolic link that leads to one is not seen here.
 */
function rootCallPath(mounts: readonly Mount[], path: string): CallPath {
  // Not process.cwd(), which throws where that directory is no more.
  const absolute = resolve(readlinkSync('/proc/self/cwd', 'latin1'), path);
  return mountOf(mounts, absolute)?.isRemote === true ? 'pooled' : 'blocking';
}

async function describe(
  named: Pick<Location, 'side' | 'path'>,
  fd: number,
  { linux, mounts }: { linux: Linux; mounts: readonly Mount[] },
): Promise<Location> {
  const stat = new StatBuffer();
  // By name, not by descriptor: a directory that can be listed but not searched is of no use.
  // Past the client's cache: a server that hangs does so here, not where the latency is measured.
  const mask = STATX_BASIC_STATS | STATX_MNT_ID;
  const result = await linux.statx(fd, '.', AT_STATX_FORCE_SYNC, mask, stat.bytes);
  check(result, 'statx', named.path);
  const realPath = await realPathOf(fd, named.path);
  // It may have been mounted by being opened.
  const mount =
    mountOf(mounts, stat.mountId) ?? mountOf(readMounts(), stat.mountId) ?? mountOf(mounts, realPath);
  const latencyUs = await measureLatency(fd, named.path);
  return {
    ...named,
    realPath,
    fd,
    device: stat.device,
    inode: stat.inode,
    mountId: mount?.mountId ?? stat.mountId,
    mount,
    tellsMountPoints: stat.isMountRoot !== undefined,
    isRemote: mount?.isRemote ?? false,
    latencyUs,
    callStyle: latencyUs > OVERLAPPING_FROM_US ? 'overlapping' : 'blocking',
    readsBringAttributes: readsBringAttributes(mount),
    copiesUnderFileLock: copiesUnderFileLock(mount),
    timestampGranularityNs: timestampGranularityOf(mount?.fileSystemType, stat),
  };
}

/** Of what was opened, whatever the name means since. */
async function realPathOf(fd: number, path: string): Promise<string> {
  const buffer = Buffer.alloc(PATH_MAX);
  const link = `/proc/self/fd/${fd}`;
  const length = await linuxCalls('blocking').readlinkat(AT_FDCWD, link, buffer, buffer.length);
  return buffer.toString('latin1', 0, check(length, 'readlinkat', path));
}

export function unusable({ side, path }: Pick<Location, 'side' | 'path'>, cause: SystemError): LocationError {
  const { code, syscall, reason } = cause;
  return new LocationError(`cannot use ${side} ${displayName(path)}: ${reason}`, {
    code,
    syscall,
    path,
    cause,
  });
}

/** A root is only read from through its descriptor: close can lose nothing. */
export async function closeLocation(location: Location): Promise<void> {
  await linuxCalls('blocking').close(location.fd);
}
