/** Decides the owner, mode and times of a destination entry, within what this process may set. */
import {
  isSymlink,
  type Entry,
  permissionsOf,
  type WantedMetadata,
  type WantedOwner,
} from '../../model/entry.ts';
import type { IdRange, OwnerRights } from '../../model/owner-rights.ts';
import type { IdMapping } from '../../model/metadata-changes.ts';
import type { Settings } from '../../model/settings.ts';
import { omitsTimes, type OmittedTimes } from './timestamps.ts';

export function isMappedUid(uid: number, { mapped }: Pick<OwnerRights, 'mapped'>): boolean {
  return mapped === undefined || isIn(mapped.uids, uid);
}

function isMappedGid(gid: number, { mapped }: Pick<OwnerRights, 'mapped'>): boolean {
  return mapped === undefined || isIn(mapped.gids, gid);
}

function isIn(ranges: readonly IdRange[], id: number): boolean {
  return ranges.some(({ first, count }) => id >= first && id < first + count);
}

/** False: the run tries to set every owner that is to be preserved. */
export function mayLoseOwners({ preserve }: Pick<Settings, 'preserve'>, rights: OwnerRights): boolean {
  return !preserve.ownerRequired && !(rights.isRoot && rights.mapped === undefined);
}

/** If ownership was requested by name, the owner is wanted even when setting it will fail and be reported. */
export function wantedOwnerBy(
  settings: Pick<Settings, 'preserve' | 'ownerOverride' | 'idMaps'>,
  rights: OwnerRights,
): (source: Entry) => WantedOwner {
  const { preserve, ownerOverride, idMaps } = settings;
  const mayGiveUid = (uid: number): boolean =>
    preserve.ownerRequired || (rights.isRoot ? isMappedUid(uid, rights) : uid === rights.uid);
  const mayGiveGid = (gid: number): boolean =>
    preserve.ownerRequired || (rights.isRoot ? isMappedGid(gid, rights) : rights.groups.has(gid));
  return (source) => ({
    uid:
      ownerOverride.uid ??
      mappedId(idMaps.uid, source.uid) ??
      (preserve.uid && mayGiveUid(source.uid) ? source.uid : undefined),
    gid:
      ownerOverride.gid ??
      mappedId(idMaps.gid, source.gid) ??
      (preserve.gid && mayGiveGid(source.gid) ? source.gid : undefined),
  });
}

/** Undefined: no mapping has the id. */
export function mappedId(map: readonly IdMapping[], id: number): number | undefined {
  return map.find(
    ({ ranges, isInverse }) => ranges.some(([first, last]) => id >= first && id <= last) !== isInverse,
  )?.to;
}

/** True if the owner was to be preserved and this process may not set it. */
export function losesOwner(wanted: WantedOwner, preserve: Settings['preserve']): boolean {
  return (preserve.uid && wanted.uid === undefined) || (preserve.gid && wanted.gid === undefined);
}

/**
 * The owner differs from the source's only because this process may not set it: such a difference does not
 * count.
 */
export function hasOtherOwner(
  source: Entry,
  destination: Entry,
  { wanted, preserve }: { wanted: WantedOwner; preserve: Settings['preserve'] },
): boolean {
  const hasOtherUid = preserve.uid && wanted.uid === undefined && source.uid !== destination.uid;
  const hasOtherGid = preserve.gid && wanted.gid === undefined && source.gid !== destination.gid;
  return hasOtherUid || hasOtherGid;
}

/**
 * A user other than root cannot set permissions and times of somebody else's directory, nor owner and times of what
 * is somebody else's. As with ownership in general, that is an error only if requested by name.
 */
export function isOthers(
  destination: Entry,
  rights: Pick<OwnerRights, 'isRoot' | 'uid'>,
  { preserve, ownerOverride, idMaps }: Pick<Settings, 'preserve' | 'ownerOverride' | 'idMaps'>,
): boolean {
  const isMapped = idMaps.uid.length > 0 || idMaps.gid.length > 0;
  const isByName =
    preserve.ownerRequired || isMapped || ownerOverride.uid !== undefined || ownerOverride.gid !== undefined;
  return !rights.isRoot && !isByName && destination.uid !== rights.uid;
}

export function wantedMetadata(
  source: Entry,
  settings: Pick<Settings, 'preserve'> & OmittedTimes,
  owner: WantedOwner,
): WantedMetadata {
  const { preserve } = settings;
  const keepsTimes = !omitsTimes(source, settings);
  return {
    uid: owner.uid,
    gid: owner.gid,
    // Linux stores no mode for symbolic links.
    mode: preserve.mode && !isSymlink(source) ? permissionsOf(source) : undefined,
    mtime: preserve.mtime && keepsTimes ? { sec: source.mtimeSec, nsec: source.mtimeNsec } : undefined,
    atime: preserve.atime && keepsTimes ? { sec: source.atimeSec, nsec: source.atimeNsec } : undefined,
  };
}

/**
 * The mode that a new entry is created with: never more permissive than its final mode.
 *
 * Setting the final permissions at once saves a chmod, which is one round trip per file over NFS. Set-id and
 * sticky bits wait until the owner is right. Until the owner is set, the future owner and group members count
 * as others, and members of the wrong group must get nothing extra. So group and others get only the bits
 * that all three classes will have.
 */
export function creationMode(wantedMode: number, ownerWillChange: boolean): number {
  const permissions = wantedMode & 0o777;
  if (!ownerWillChange) return permissions;
  const all = (permissions >> 6) & (permissions >> 3) & permissions & 0o7;
  return (permissions & 0o700) | (all << 3) | all;
}
