/** Resolves a root that the user named into a Location, or reports why it cannot be used. */
import type { ByteString } from '../../model/byte-string.ts';
import { LocationError } from '../../model/run/errors.ts';
import { displayName } from '../../model/display-name.ts';
import type { Entry } from '../../model/entry.ts';
import { fileSystemOf } from '../../model/file-systems.ts';
import type { Location, Mount } from '../../model/run/location.ts';
import type { Side } from '../../model/task.ts';
import { measureLatency } from './latency.ts';
import {
  AT_FDCWD,
  AT_STATX_FORCE_SYNC,
  PATH_MAX,
  STATX_BASIC_STATS,
  STATX_MNT_ID,
} from '../../linux/constants.ts';
import type { Linux } from '../../linux/call-table.ts';
import { linuxCalls, type CallPath } from '../../linux/linux.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { check, SystemError } from '../../linux/system-error.ts';
import { mountOf, readMounts, readsBringAttributes } from '../mounts/mounts.ts';
import { closeQuietly } from '../open-directory.ts';
import { absolutePath } from '../operator-files/absolute-path.ts';
import { openRootDirectory } from '../operator-files/operator-file.ts';

/**
 * PERF: two workers make a call in 10 µs through the thread pool and in 1.5 when it blocks (100,000 small
 * files on tmpfs, 2 cores: 11.2 s and 1.65). Overlapping pays off from 20 µs on. Three times that tells a
 * server from a disk on a busy machine.
 */
const OVERLAPPING_FROM_US = 60;

/** The caller closes the descriptor. @throws LocationError */
export async function resolveLocation(side: Side, path: ByteString): Promise<Location> {
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
 * The first call to a dead server hangs: made on the pool, so that timers and signals still work. A symbolic
 * link to a dead server is not noticed here.
 */
function rootCallPath(mounts: readonly Mount[], path: ByteString): CallPath {
  return mountOf(mounts, absolutePath(path))?.isRemote === true ? 'pooled' : 'blocking';
}

async function describe(
  named: Pick<Location, 'side' | 'path'>,
  fd: number,
  { linux, mounts }: { linux: Linux; mounts: readonly Mount[] },
): Promise<Location> {
  const stat = new StatBuffer();
  // By name, not by descriptor: a directory that can be listed but not searched is useless. Bypasses the
  // client's cache, so that a hanging server hangs here and not in the latency measurement.
  const mask = STATX_BASIC_STATS | STATX_MNT_ID;
  const result = await linux.statx(fd, '.', AT_STATX_FORCE_SYNC, mask, stat.bytes);
  check(result, 'statx', named.path);
  const realPath = await realPathOf(fd, named.path);
  // Opening it may have mounted it.
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
    copiesUnderFileLock: fileSystemOf(mount).copiesUnderFileLock,
    timestampGranularityNs: timestampGranularityOf(mount, stat),
  };
}

/** 1 also if the root directory itself shows finer times than its file system type is known for. */
function timestampGranularityOf(mount: Mount | undefined, root: Entry): number {
  const { granularityNs } = fileSystemOf(mount);
  const isFiner = [root.mtimeNsec, root.ctimeNsec, root.atimeNsec].some((nsec) => nsec % granularityNs !== 0);
  return isFiner ? 1 : granularityNs;
}

/** The path of the opened directory, whatever its name means by now. */
async function realPathOf(fd: number, path: ByteString): Promise<ByteString> {
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
    side,
    cause,
  });
}

/** A root's descriptor is only read from, so errors of close are ignored. */
export async function closeLocation(location: Location): Promise<void> {
  await linuxCalls('blocking').close(location.fd);
}
