/** Where a file server shows its snapshots: a directory that listings leave out. */
import type { Location } from '../model/location.ts';
import type { SnapshotTimes } from '../model/snapshot-times.ts';
import { callsTo } from './calls-to.ts';
import type { Linux } from './linux/call-table.ts';
import {
  AT_NO_AUTOMOUNT,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  O_RDONLY,
  STATX_BASIC_STATS,
} from './linux/constants.ts';
import { StatBuffer } from './linux/stat-buffer.ts';
import { check } from './linux/system-error.ts';
import { listDirectory } from './list-directory.ts';
import { closeQuietly } from './open-directory.ts';
import { pathBelow } from './real-paths.ts';

/** NetApp and others; ZFS. */
const NAMES = ['.snapshot', '.zfs/snapshot'];

export interface SnapshotDirectory {
  /** Holds a directory for each snapshot. */
  readonly path: string;
  /** Where in each of them the location is: empty, or a slash and names. */
  readonly below: string;
}

type Place = Pick<Location, 'realPath' | 'mount' | 'isRemote'>;

/** In the location itself, or where its file system is mounted. Undefined: there is none. */
export async function findSnapshots(location: Place): Promise<SnapshotDirectory | undefined> {
  const { realPath, mount } = location;
  const linux = callsTo(location);
  const mountPoint = mount?.mountPoint ?? realPath;
  const places = [
    { place: realPath, below: '' },
    { place: mountPoint, below: pathBelow(realPath, mountPoint) },
  ];
  for (const { place, below } of places) {
    for (const name of NAMES) {
      const path = `${place === '/' ? '' : place}/${name}`;
      const fd = await linux.open(path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
      if (fd < 0) continue;
      await closeQuietly(linux, fd);
      return { path, below };
    }
  }
  return undefined;
}

/** @throws SystemError */
export async function readSnapshotTimes(location: Place, path: string): Promise<SnapshotTimes[]> {
  const linux = callsTo(location);
  const fd = check(await linux.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0), 'open', path);
  try {
    const { directories, incomplete } = await listDirectory({ linux, fd, path });
    if (incomplete !== undefined) throw incomplete;
    const snapshots: SnapshotTimes[] = [];
    for (const name of directories) snapshots.push({ name, ...(await timesOf(linux, fd, name)) });
    return snapshots;
  } finally {
    await closeQuietly(linux, fd);
  }
}

/** Of hundreds of snapshots one is to be mounted. */
async function timesOf(linux: Linux, fd: number, name: string): Promise<Omit<SnapshotTimes, 'name'>> {
  const stat = new StatBuffer();
  check(await linux.statx(fd, name, AT_NO_AUTOMOUNT, STATX_BASIC_STATS, stat.bytes), 'statx', name);
  const { atimeSec, atimeNsec, ctimeSec, ctimeNsec } = stat;
  return { atimeSec, atimeNsec, ctimeSec, ctimeNsec };
}
