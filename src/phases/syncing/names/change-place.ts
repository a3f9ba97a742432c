/** A change with its two open directories, and what is known of the files made there. */
import type { ByteString } from '../../../model/byte-string.ts';
import { SystemError } from '../../../linux/system-error.ts';
import { childPath, type OpenDirectory } from '../../../filesystem/root.ts';
import type { Side } from '../../../model/task.ts';
import type { PlannedChange } from '../../../engine/plan/section.ts';
import type { BackedUp } from './back-up.ts';
import type { HiddenDirectory } from './hidden-directory.ts';
import type { Staging } from './staging.ts';
import { snapshotOf } from '../../../linux/stat-buffer.ts';
import type { Entry } from '../../../model/entry.ts';

export interface ChangePlace {
  readonly source: OpenDirectory;
  readonly destination: OpenDirectory;
  readonly change: PlannedChange;
  /** The destination directory, if it is made together with its files. */
  readonly hidden: HiddenDirectory | undefined;
  /** The group that the kernel gives to new entries there. */
  readonly createdGid: number;
  readonly creations: Creations;
  /** Directories in which files are written first; undefined: write them in their own directory. */
  readonly staging: Staging | undefined;
  /** The side of the current calls, to name the side that failed; and what an earlier attempt has backed up. */
  readonly at: { side: Side } & BackedUp;
}

export function pathOf({ destination, change }: ChangePlace): ByteString {
  return childPath(destination.path, change.name);
}

/** During a copy both sides have calls in flight: these calls belong to the source. */
const READING_CALLS = new Set(['pread', 'lseek', 'readlinkat']);

/** Tells an unreadable source from a full destination. */
export function failingSide(error: unknown, { at }: ChangePlace): Side {
  if (!(error instanceof SystemError)) return at.side;
  return error.side ?? (READING_CALLS.has(error.syscall) ? 'source' : at.side);
}

/** No real time has this value: times are never known, and so always set. */
const UNKNOWN_NSEC = -1;

/**
 * The owner and mode that new files of one directory get, by the mode they were created with. PERF: owner, umask, default ACL and squashing treat all new files of a directory alike, so one statx per
 * directory and mode is enough. On NFS each is a call, not a round trip.
 */
export class Creations {
  readonly #byMode = new Map<number, Entry>();

  /** Without times. Undefined: ask the file system. */
  known(createdMode: number): Entry | undefined {
    return this.#byMode.get(createdMode);
  }

  /** Files are never created with set-id bits, which a write might clear in one file and not in the next. */
  note(createdMode: number, entry: Entry): void {
    const times = { mtimeNsec: UNKNOWN_NSEC, atimeNsec: UNKNOWN_NSEC };
    this.#byMode.set(createdMode, { ...snapshotOf(entry), ...times });
  }
}
