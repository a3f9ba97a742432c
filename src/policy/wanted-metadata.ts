/** Which metadata an entry is to have at the destination. */
import { isSymlink, permissionsOf, type Entry } from '../model/entry.ts';
import type { Preserve } from '../model/settings.ts';
import type { WantedMetadata, WantedOwner } from '../model/wanted-metadata.ts';

export function wantedMetadata(source: Entry, preserve: Preserve, owner: WantedOwner): WantedMetadata {
  return {
    uid: owner.uid,
    gid: owner.gid,
    // Linux keeps no mode for symbolic links.
    mode: preserve.mode && !isSymlink(source) ? permissionsOf(source) : undefined,
    mtime: preserve.mtime ? { sec: source.mtimeSec, nsec: source.mtimeNsec } : undefined,
    atime: preserve.atime ? { sec: source.atimeSec, nsec: source.atimeNsec } : undefined,
  };
}
