/** Identifies this machine and user. */
import { hostname, userInfo } from 'node:os';
import { readOwnRights } from '../filesystem/metadata/own-rights.ts';
import type { Location } from '../model/run/location.ts';
import type { Origin, Provenance, RootOrigin } from '../model/run/provenance.ts';
import type { Side } from '../model/task.ts';

/** @throws LocationError if there is no /proc */
export function readOrigin(): Origin {
  const user = userName();
  return { host: hostname(), ...(user !== undefined && { user }), uid: readOwnRights().uid, options: [] };
}

/** Adds the opened roots. */
export function provenanceOf(
  { source, destination }: Readonly<Record<Side, Location>>,
  origin: Origin = readOrigin(),
): Provenance {
  return { ...origin, roots: { source: originOfRoot(source), destination: originOfRoot(destination) } };
}

function originOfRoot({ realPath, mount }: Location): RootOrigin {
  return { realPath, mount };
}

/** In a container the user may be in no database. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SYSTEM_ERROR') return undefined;
    throw error;
  }
}
