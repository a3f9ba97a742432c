/** `--source-snapshot`: which directory the source is to be read from instead. */
import { LocationError } from '../errors.ts';
import { findSnapshots, readSnapshotTimes } from '../filesystem/find-snapshots.ts';
import { SystemError } from '../filesystem/linux/system-error.ts';
import { displayName } from '../model/display-name.ts';
import type { Location } from '../model/location.ts';
import { latestSnapshots } from '../policy/latest-snapshot.ts';

const LATEST = 'latest';

/** The path of the snapshot's directory that is the source's. @throws LocationError */
export async function findSourceSnapshot(live: Location, wanted: string): Promise<string> {
  const snapshots = await findSnapshots(live);
  if (snapshots === undefined) {
    throw unusable(live, 'there is no .snapshot or .zfs/snapshot in it or where it is mounted');
  }
  const name = wanted === LATEST ? await latestIn(live, snapshots.path) : wanted;
  return `${snapshots.path}/${name}${snapshots.below}`;
}

async function latestIn(live: Location, path: string): Promise<string> {
  try {
    const [name, ...others] = latestSnapshots(await readSnapshotTimes(live, path));
    if (name === undefined) throw unusable(live, `there is no snapshot in ${displayName(path)}`);
    if (others.length === 0) return name;
    const names = [name, ...others].map(displayName).join(', ');
    throw unusable(live, `nothing tells which of these snapshots is the latest, give its name: ${names}`);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw unusable(live, `cannot look for snapshots in ${displayName(path)}: ${error.reason}`, error);
  }
}

function unusable({ path }: Location, why: string, cause?: SystemError): LocationError {
  const message = `cannot use a snapshot of source ${displayName(path)}: ${why}`;
  return new LocationError(message, { path, ...(cause && { code: cause.code, cause }) });
}
