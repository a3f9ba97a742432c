/** Which owner an entry is to have at the destination, as far as this process may give it. */
import type { Entry } from '../model/entry.ts';
import type { IdRange, OwnerRights } from '../model/owner-rights.ts';
import type { Settings } from '../model/settings.ts';
import type { WantedOwner } from '../model/wanted-metadata.ts';

export function isMappedUid(uid: number, { mapped }: Pick<OwnerRights, 'mapped'>): boolean {
  return mapped === undefined || isIn(mapped.uids, uid);
}

function isMappedGid(gid: number, { mapped }: Pick<OwnerRights, 'mapped'>): boolean {
  return mapped === undefined || isIn(mapped.gids, gid);
}

function isIn(ranges: readonly IdRange[], id: number): boolean {
  return ranges.some(({ first, count }) => id >= first && id < first + count);
}

/** Asked for by name, an owner is wanted even where the attempt will fail and be reported. */
export function wantedOwnerBy(
  settings: Pick<Settings, 'preserve' | 'ownerOverride'>,
  rights: OwnerRights,
): (source: Entry) => WantedOwner {
  const { preserve, ownerOverride } = settings;
  const always = preserve.ownerRequired || (rights.isRoot && rights.mapped === undefined);
  const mayGiveUid = (uid: number | undefined): boolean =>
    rights.isRoot ? uid !== undefined && isMappedUid(uid, rights) : uid === rights.uid;
  const mayGiveGid = (gid: number | undefined): boolean =>
    gid !== undefined && (rights.isRoot ? isMappedGid(gid, rights) : rights.groups.has(gid));
  return (source) => {
    const uid = ownerOverride.uid ?? (preserve.uid ? source.uid : undefined);
    const gid = ownerOverride.gid ?? (preserve.gid ? source.gid : undefined);
    return {
      uid: always || ownerOverride.uid !== undefined || mayGiveUid(uid) ? uid : undefined,
      gid: always || ownerOverride.gid !== undefined || mayGiveGid(gid) ? gid : undefined,
    };
  };
}

/** True where the owner was to be kept and this process may not give it. */
export function losesOwner(wanted: WantedOwner, preserve: Settings['preserve']): boolean {
  return (preserve.uid && wanted.uid === undefined) || (preserve.gid && wanted.gid === undefined);
}
