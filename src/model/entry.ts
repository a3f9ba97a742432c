/** What one side holds at a path. */

export type Kind = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'character device' | 'block device';

/**
 * Metadata of one path as statx(2) gives it. Sizes in bytes; times as whole seconds since 1970 (may be
 * negative) and nanoseconds within that second; `mode` with the file type bits. A path's name is held
 * apart: names and paths are latin1 strings, one character a byte, never decoded.
 *
 * Beyond 2^53 a number cannot hold every second: there the seconds are rounded down, and the nanoseconds
 * hold the rest as well. Two equal times have equal fields at any distance.
 */
export interface Entry {
  readonly mode: number;
  readonly linkCount: number;
  readonly uid: number;
  readonly gid: number;
  /** Exact up to `LARGEST_SIZE_BYTES`, rounded above. */
  readonly sizeBytes: number;
  /** Space used, in 512-byte blocks: less than the size says where there are holes. */
  readonly blocks: number;
  readonly mtimeSec: number;
  readonly mtimeNsec: number;
  readonly atimeSec: number;
  readonly atimeNsec: number;
  readonly ctimeSec: number;
  readonly ctimeNsec: number;
  readonly inode: bigint;
  /** Device that holds the entry: major * 2^32 + minor. */
  readonly device: number;
  /** Device that a device node stands for, likewise. */
  readonly specialDevice: number;
}

/** 2^53 - 1, 171 times what EFS lets a file have. Only a sparse file can be larger; it is refused. */
export const LARGEST_SIZE_BYTES = Number.MAX_SAFE_INTEGER;

/** The file type bits of a mode (inode(7)). */
export const TYPE_MASK = 0o170000;
const KIND_BY_TYPE: ReadonlyMap<number, Kind> = new Map([
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o120000, 'symlink'],
  [0o010000, 'fifo'],
  [0o140000, 'socket'],
  [0o020000, 'character device'],
  [0o060000, 'block device'],
] as const);

export function kindOf(mode: number): Kind {
  const kind = KIND_BY_TYPE.get(mode & TYPE_MASK);
  if (kind === undefined) throw new Error(`statx gave an unknown file type: mode ${mode.toString(8)}`);
  return kind;
}

export function isDirectory(entry: Entry): boolean {
  return (entry.mode & TYPE_MASK) === 0o040000;
}

export function isFile(entry: Entry): boolean {
  return (entry.mode & TYPE_MASK) === 0o100000;
}

export function isSymlink(entry: Entry): boolean {
  return (entry.mode & TYPE_MASK) === 0o120000;
}

/** A device, FIFO or socket. */
export function isSpecial(entry: Entry): boolean {
  return !isFile(entry) && !isDirectory(entry) && !isSymlink(entry);
}

/** The bits chmod(2) can set. */
export function permissionsOf(entry: Pick<Entry, 'mode'>): number {
  return entry.mode & 0o7777;
}

/** Set-user-id and set-group-id: never on a file whose owner or content is not what it should be. */
export const SET_ID_BITS = 0o6000;

export function hasSetIdBits(entry: Pick<Entry, 'mode'>): boolean {
  return (entry.mode & SET_ID_BITS) !== 0;
}
