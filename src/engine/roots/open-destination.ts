/** A destination that is not there yet: guarded as if it were, then made, or a stand-in in a dry run. */
import { closeLocation, resolveLocation } from '../../filesystem/roots/open-location.ts';
import {
  findMissing,
  makeMissing,
  openStandIn,
  realPathOfMissing,
  standInFor,
} from '../../filesystem/roots/missing-directory.ts';
import { findMissingMount } from '../../filesystem/mounts/missing-mounts.ts';
import { absolutePath } from '../../filesystem/operator-files/absolute-path.ts';
import type { ByteString } from '../../model/byte-string.ts';
import { displayName } from '../../model/display-name.ts';
import { LocationError } from '../../model/run/errors.ts';
import type { Location } from '../../model/run/location.ts';
import type { Task } from '../../model/task.ts';
import { isForeignOperand } from '../../policy/names/foreign-operand.ts';

/** What to do if the destination is not there: `plan` opens a stand-in. `none`: there is none, and a stand-in is opened. */
export type IfMissing = 'refuse' | 'make' | 'plan' | 'none';

export interface MissingRoot {
  readonly ifMissing: IfMissing;
  /** Why it could not be opened. */
  readonly error: LocationError;
  /** Called before it is made. */
  readonly guard: (destination: Location) => Promise<void>;
}

/** @throws LocationError */
export async function openMissingDestination(
  { destination: path, settings }: Task,
  { ifMissing, error, guard }: MissingRoot,
): Promise<Location> {
  if (ifMissing === 'refuse' || error.code !== 'ENOENT' || isForeignOperand(path)) throw error;
  const missing = await findMissing('destination', path, settings.makeParents);
  if (missing === undefined) throw error;
  try {
    const { above } = missing;
    guardMounted({ path, realPath: realPathOfMissing(missing), mountPoint: above.mount?.mountPoint });
    const expected = standInFor(missing, above.fd);
    await guard(expected);
    if (ifMissing === 'plan') return await openStandIn(missing, settings.spoolDirectory);
    await makeMissing(missing);
    return { ...(await resolveLocation('destination', path)), creation: 'done' };
  } finally {
    await closeLocation(missing.above);
  }
}

/** Nothing is ever looked up in it. @throws LocationError */
export async function openNoDestination(source: Location, { settings }: Task): Promise<Location> {
  const standIn = await openStandIn({ path: '', above: source, names: [] }, settings.spoolDirectory);
  return { ...standIn, side: 'destination', realPath: '' };
}

interface NewPath {
  readonly path: ByteString;
  readonly realPath: ByteString;
  /** Of the file system that will hold it, where that is known. */
  readonly mountPoint: string | undefined;
}

/** What belongs on a mount would be made below it. @throws LocationError */
export function guardMounted({ path, realPath, mountPoint: holder = '/' }: NewPath): void {
  const found = findMissingMount({ absolutePath: absolutePath(path), realPath, mountPoint: holder });
  if (found === undefined) return;
  const { mountPoint, origin } = found;
  const at = displayName(mountPoint);
  const [what, cure] =
    'unit' in origin
      ? [`the unit ${origin.unit} mounts ${at}`, `systemctl start '${origin.unit}'`]
      : [`/etc/fstab lists ${displayName(origin.fstabSource)} for ${at}`, `mount ${at}`];
  throw new LocationError(
    `cannot make destination ${displayName(path)}: ${what}, but that is not mounted: ${cure}`,
    { path },
  );
}
