/**
 * The metadata of one path: as it is on one side, and as it should be at the destination.
 */
import type { ByteString } from './byte-string.ts';

export type Kind = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'character device' | 'block device';

/**
 * Metadata of one path as statx(2) gives it. Sizes are bytes. Times are whole seconds since 1970 (possibly
 * negative) plus nanoseconds. `mode` includes the file type bits. An entry does not hold its name: names and
 * paths are latin1 strings, one character per byte, never decoded.
 *
 * Beyond 2^53 a number cannot hold every second: there the seconds are rounded down and the nanoseconds also
 * hold the rest. Equal times always have equal fields.
 */
export interface Entry {
  readonly mode: number;
  readonly linkCount: number;
  readonly uid: number;
  readonly gid: number;
  /** Exact up to `LARGEST_SIZE_BYTES`, rounded above. */
  readonly sizeBytes: number;
  /** Space used, in 512-byte blocks: less than the size if there are holes. */
  readonly blocks: number;
  readonly mtimeSec: number;
  readonly mtimeNsec: number;
  readonly atimeSec: number;
  readonly atimeNsec: number;
  readonly ctimeSec: number;
  readonly ctimeNsec: number;
  readonly inode: bigint;
  /** The device that holds the entry: major * 2^32 + minor. */
  readonly device: number;
  /** The device that a device node refers to, in the same encoding. */
  readonly specialDevice: number;
}

/** 2^53 - 1, 171 times the largest file on EFS. Only a sparse file can be larger; such a file is refused. */
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

/** The bits that chmod(2) can set. */
export function permissionsOf(entry: Pick<Entry, 'mode'>): number {
  return entry.mode & 0o7777;
}

/** Set-user-id and set-group-id: never set on a file whose owner or content is wrong. */
export const SET_ID_BITS = 0o6000;

export function hasSetIdBits(entry: Pick<Entry, 'mode'>): boolean {
  return (entry.mode & SET_ID_BITS) !== 0;
}

/** Identifies a file or directory independent of its path: all its names have the same identity. */
export interface Identity {
  /** As in `Entry`. */
  readonly device: number;
  readonly inode: bigint;
}

export function sameIdentity(one: Identity, other: Identity): boolean {
  return one.device === other.device && one.inode === other.inode;
}

export interface Timestamp {
  readonly sec: number;
  readonly nsec: number;
}

/** An undefined id stays as it is. */
export interface WantedOwner {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/** The options that make it differ from the source's. */
export interface WantedBy {
  readonly uid: string;
  readonly gid: string;
  /** Undefined: the mode is the source's. */
  readonly mode: string | undefined;
}

/** The metadata that a destination entry should have. An undefined part stays as it is. */
export interface WantedMetadata extends WantedOwner {
  readonly mode: number | undefined;
  readonly mtime: Timestamp | undefined;
  readonly atime: Timestamp | undefined;
}

/** A snapshot's name, and when its directory was last read and changed. */
export interface SnapshotTimes extends Pick<Entry, 'atimeSec' | 'atimeNsec' | 'ctimeSec' | 'ctimeNsec'> {
  readonly name: ByteString;
}
