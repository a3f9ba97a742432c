/** Resolves the root a user named into a Location, or says why it cannot be used. */
import { LocationError } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import type { Location } from '../model/location.ts';
import type { Side } from '../model/task.ts';
import { measureLatency } from './latency.ts';
import {
  AT_FDCWD,
  O_CLOEXEC,
  O_DIRECTORY,
  O_RDONLY,
  PATH_MAX,
  STATX_BASIC_STATS,
  STATX_MNT_ID,
} from './linux/constants.ts';
import { linuxCalls } from './linux/linux.ts';
import { StatBuffer } from './linux/stat-buffer.ts';
import { check, SystemError } from './linux/system-error.ts';
import { mountOf, readMounts, readsBringAttributes } from './mounts.ts';
import { closeQuietly } from './open-directory.ts';
import { timestampGranularityOf } from './timestamp-granularity.ts';

/**
 * PERF: two workers make a call in 10 µs through the thread pool and in 1.5 when it blocks (100,000 small
 * files on tmpfs, 2 cores: 11.2 s and 1.65). Calls of 20 µs and more overlap to more than they cost; three
 * times that keeps a disk on a busy machine apart from a server.
 */
const POOLED_FROM_US = 60;

/** The descriptor is the caller's to close. @throws LocationError */
export async function resolveLocation(side: Side, path: string): Promise<Location> {
  const linux = linuxCalls('blocking');
  const fd = await linux.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  try {
    return await describe({ side, path }, check(fd, 'open', path));
  } catch (error) {
    if (fd >= 0) await closeQuietly(linux, fd);
    throw error instanceof SystemError ? unusable({ side, path }, error) : error;
  }
}

async function describe(named: Pick<Location, 'side' | 'path'>, fd: number): Promise<Location> {
  const linux = linuxCalls('blocking');
  const stat = new StatBuffer();
  // By name, not by descriptor: a directory that can be listed but not searched is of no use.
  const result = await linux.statx(fd, '.', 0, STATX_BASIC_STATS | STATX_MNT_ID, stat.bytes);
  check(result, 'statx', named.path);
  const realPath = await realPathOf(fd, named.path);
  const mounts = readMounts();
  const mount = mountOf(mounts, stat.mountId) ?? mountOf(mounts, realPath);
  const latencyUs = await measureLatency(fd, named.path);
  return {
    ...named,
    realPath,
    fd,
    device: stat.device,
    inode: stat.inode,
    mountId: mount?.mountId ?? stat.mountId,
    mount,
    isRemote: mount?.isRemote ?? false,
    latencyUs,
    callStyle: latencyUs > POOLED_FROM_US ? 'pooled' : 'blocking',
    readsBringAttributes: readsBringAttributes(mount),
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
