/** `--temp-dir`: opens the directory in which temporary files are to be made. */
import type { ByteString } from '../../model/byte-string.ts';
import { displayName } from '../../model/display-name.ts';
import { LocationError } from '../../model/run/errors.ts';
import type { Settings } from '../../model/settings.ts';
import type { Location, TemporaryDirectory } from '../../model/run/location.ts';
import { SystemError } from '../../linux/system-error.ts';
import { closeLocation, resolveLocation } from '../../filesystem/roots/open-location.ts';
import { openDirectory } from '../../filesystem/open-directory.ts';
import { joinNames } from '../../filesystem/real-paths.ts';
import { callsTo } from '../../filesystem/root.ts';
import { liesInSource } from './lies-in-source.ts';
import type { Roots } from './open-roots.ts';

/** As in rsync, a relative path is one in the destination. @throws LocationError */
export async function openTemporaryDirectory(
  path: ByteString,
  settings: Settings,
  roots: Roots,
): Promise<TemporaryDirectory> {
  const { destination } = roots;
  const location = await resolve(path, destination);
  try {
    guardUsable(path, location, roots);
    if (await liesInSource(location, [], { settings, source: roots.source })) {
      throw unusable(path, 'it lies in the source, which is never written to');
    }
    const { fd } = await openDirectory({ linux: callsTo(location), fd: location.fd }, '');
    return { location, ownFd: fd };
  } catch (error) {
    await closeLocation(location);
    throw error instanceof SystemError ? unusable(path, error.reason) : error;
  }
}

export async function closeTemporaryDirectory({ location, ownFd }: TemporaryDirectory): Promise<void> {
  await closeLocation({ ...location, fd: ownFd });
  await closeLocation(location);
}

async function resolve(path: ByteString, destination: Location): Promise<Location> {
  const isAbsolute = path.startsWith('/');
  if (!isAbsolute && destination.creation === 'planned') throw unusable(path, 'it does not exist yet');
  try {
    return await resolveLocation('destination', isAbsolute ? path : joinNames(destination.realPath, path));
  } catch (error) {
    if (error instanceof LocationError && error.cause instanceof SystemError) {
      throw unusable(path, `${error.cause.reason}${isAbsolute ? '' : ', in the destination'}`);
    }
    throw error;
  }
}

/** rsync would copy into place from another file system, and whoever reads meanwhile would see half a file. */
function guardUsable(path: ByteString, location: Location, { destination }: Roots): void {
  if (location.device !== destination.device || location.mountId !== destination.mountId) {
    throw unusable(
      path,
      'files cannot be renamed from there to the destination: choose one on the same mounted file system',
    );
  }
}

function unusable(path: ByteString, reason: string): LocationError {
  return new LocationError(`cannot use --temp-dir ${displayName(path)}: ${reason}`, { path });
}
