/** Where a file server shows its snapshots: a directory that listings leave out. */
import type { Location } from '../model/location.ts';
import { O_CLOEXEC, O_DIRECTORY, O_PATH } from './linux/constants.ts';
import { linuxCalls } from './linux/linux.ts';

/** NetApp and others; ZFS. */
const NAMES = ['.snapshot', '.zfs/snapshot'];

export async function findSnapshots({ realPath, mount }: Location): Promise<string | undefined> {
  const linux = linuxCalls('blocking');
  const places = [realPath, mount?.mountPoint ?? realPath];
  for (const path of places.flatMap((place) => NAMES.map((name) => `${place}/${name}`))) {
    const fd = await linux.open(path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
    if (fd < 0) continue;
    await linux.close(fd);
    return path;
  }
  return undefined;
}
