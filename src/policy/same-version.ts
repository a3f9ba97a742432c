/** Whether a file is still the one that was looked at before. */
import type { Entry } from '../model/entry.ts';

/** ctime moves with every write, and no call sets it back; size and mtime for file systems that keep none. */
export function isSameVersion(before: Entry, after: Entry): boolean {
  return (
    before.inode === after.inode &&
    before.sizeBytes === after.sizeBytes &&
    before.mtimeSec === after.mtimeSec &&
    before.mtimeNsec === after.mtimeNsec &&
    before.ctimeSec === after.ctimeSec &&
    before.ctimeNsec === after.ctimeNsec
  );
}
