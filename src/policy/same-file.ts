/** Whether two names lead to one file. */
import type { Entry } from '../model/entry.ts';

/**
 * By inode; where each spelling of a name has an inode number of its own (exfat-fuse), by all else that statx
 * tells. Files that happen to agree in all of it are taken for one: who deletes must not take one for two.
 */
export function isSameFile(one: Entry, other: Entry): boolean {
  if (one.device !== other.device) return false;
  return one.inode === other.inode || haveSameState(one, other);
}

function haveSameState(one: Entry, other: Entry): boolean {
  return (
    one.mode === other.mode &&
    one.uid === other.uid &&
    one.gid === other.gid &&
    one.linkCount === other.linkCount &&
    one.sizeBytes === other.sizeBytes &&
    one.mtimeSec === other.mtimeSec &&
    one.mtimeNsec === other.mtimeNsec &&
    one.ctimeSec === other.ctimeSec &&
    one.ctimeNsec === other.ctimeNsec
  );
}
