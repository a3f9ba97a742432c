/** Finds the directory in which a file server shows its snapshots; listings leave it out. */
import type { ByteString } from '../../model/byte-string.ts';
import type { Location } from '../../model/run/location.ts';
import type { SnapshotTimes } from '../../model/entry.ts';
import { callsTo } from '../root.ts';
import type { Linux } from '../../linux/call-table.ts';
import {
  AT_NO_AUTOMOUNT,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  O_RDONLY,
  STATX_BASIC_STATS,
} from '../../linux/constants.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { check } from '../../linux/system-error.ts';
import { listDirectory } from '../list-directory.ts';
import { closeQuietly } from '../open-directory.ts';
import { pathBelow } from '../real-paths.ts';

/** NetApp and others; ZFS. */
const NAMES = ['.snapshot', '.zfs/snapshot'];

export interface SnapshotDirectory {
  /** Holds one directory per snapshot. */
  readonly path: ByteString;
  /** Path of the location within each snapshot: empty, or a slash and names. */
  readonly below: string;
}

type SnapshotsOf = Pick<Location, 'realPath' | 'mount' | 'isRemote'>;

/**
 * Looks in the location itself, and where its file system is mounted. Undefined if there are no snapshots.
 */
export async function findSnapshots(location: SnapshotsOf): Promise<SnapshotDirectory | undefined> {
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
export async function readSnapshotTimes(location: SnapshotsOf, path: ByteString): Promise<SnapshotTimes[]> {
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

/** Without automount: of hundreds of snapshots, only the chosen one is to be mounted. */
async function timesOf(linux: Linux, fd: number, name: ByteString): Promise<Omit<SnapshotTimes, 'name'>> {
  const stat = new StatBuffer();
  check(await linux.statx(fd, name, AT_NO_AUTOMOUNT, STATX_BASIC_STATS, stat.bytes), 'statx', name);
  const { atimeSec, atimeNsec, ctimeSec, ctimeNsec } = stat;
  return { atimeSec, atimeNsec, ctimeSec, ctimeNsec };
}
