/** What the file system gave to files made in one directory, by the mode they were made with. */
import { snapshotOf } from '../../filesystem/linux/stat-buffer.ts';
import type { Entry } from '../../model/entry.ts';

/** No time has it: times are never known, and always set. */
const UNKNOWN_NSEC = -1;

/**
 * PERF: owner, umask, default ACL and squashing treat all new files of a directory alike, so one statx a
 * directory and mode does for all of them. On NFS each is a call, not a round trip.
 */
export class Creations {
  readonly #byMode = new Map<number, Entry>();

  /** Without times. Undefined: ask. */
  known(createdMode: number): Entry | undefined {
    return this.#byMode.get(createdMode);
  }

  /** Nothing is made with set-id bits, which writing might take away from one file and not from the next. */
  note(createdMode: number, entry: Entry): void {
    const times = { mtimeNsec: UNKNOWN_NSEC, atimeNsec: UNKNOWN_NSEC };
    this.#byMode.set(createdMode, { ...snapshotOf(entry), ...times });
  }
}
