/** Which owner an entry is to have at the destination, as far as this process may give it. */
import type { Entry } from '../model/entry.ts';
import type { OwnerRights } from '../model/owner-rights.ts';
import type { Settings } from '../model/settings.ts';
import type { WantedOwner } from '../model/wanted-metadata.ts';

/** Asked for by name, an owner is wanted even where the attempt will fail and be reported. */
export function wantedOwnerBy(
  settings: Pick<Settings, 'preserve' | 'ownerOverride'>,
  rights: OwnerRights,
): (source: Entry) => WantedOwner {
  const { preserve, ownerOverride } = settings;
  const always = rights.isRoot || preserve.ownerRequired;
  return (source) => {
    const uid = ownerOverride.uid ?? (preserve.uid ? source.uid : undefined);
    const gid = ownerOverride.gid ?? (preserve.gid ? source.gid : undefined);
    return {
      uid: always || ownerOverride.uid !== undefined || uid === rights.uid ? uid : undefined,
      gid:
        always || ownerOverride.gid !== undefined || (gid !== undefined && rights.groups.has(gid))
          ? gid
          : undefined,
    };
  };
}

/** True where the owner was to be kept and this process may not give it. */
export function losesOwner(wanted: WantedOwner, preserve: Settings['preserve']): boolean {
  return (preserve.uid && wanted.uid === undefined) || (preserve.gid && wanted.gid === undefined);
}
