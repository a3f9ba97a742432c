/** A change that must be made at the destination for one path. */
import type { ByteString } from './byte-string.ts';
import type { Entry } from './entry.ts';

/** How source and destination differ, as bits: a million comparisons allocate nothing. */
export const Difference = {
  /** The destination has nothing at this path. */
  missing: 1 << 0,
  /** The destination has another kind of entry. */
  kind: 1 << 1,
  size: 1 << 2,
  mtime: 1 << 3,
  /** Digest of a file, target of a symbolic link, or number of a device. */
  content: 1 << 4,
  mode: 1 << 5,
  uid: 1 << 6,
  gid: 1 << 7,
  acl: 1 << 8,
  xattr: 1 << 9,
  atime: 1 << 10,
  /** Hard links: the destination groups its names differently from the source. */
  linkGroup: 1 << 11,
  /**
   * The source has an attribute such as a capability, which must not go to unverified destination content.
   */
  privilege: 1 << 12,
  /** The destination treats, or may treat, the name and another name of the source as one. */
  name: 1 << 13,
  /**
   * No copy can have the source's mtime there. So the mtime says nothing about the content, which is read
   * instead.
   */
  unkeepableTime: 1 << 14,
} as const;

export type Differences = number;

/**
 * - `write`: make a new entry (file content, symbolic link, special file) and move it into place
 * - `adjust`: metadata only
 * - `link`: make it a hard link to `leaderPath`
 * - `move`: `--track-renames`; rename the destination's file at `leaderPath`, then set its metadata
 * - `delete`: remove it, as it is extraneous
 */
export type Action = 'write' | 'adjust' | 'link' | 'move' | 'delete';

export interface Change {
  readonly action: Action;
  /** Name within its directory, latin1. */
  readonly name: ByteString;
  readonly differences: Differences;
  /** The source as Preparing saw it. */
  readonly source: Entry;
}

/** A change as reports show it: rsync's eleven letters and the path, latin1. */
export interface ListedChange {
  readonly itemized: string;
  readonly path: ByteString;
  /** Path of the hard link's other name, the symbolic link's target, or the path that a file was moved from. */
  readonly linkedTo?: ByteString;
  readonly sizeBytes: number;
  /** Nothing needs doing: with `Settings.listUnchanged`. */
  readonly isUnchanged?: true;
  /** With `Settings.listSources`. */
  readonly source?: Pick<Entry, 'mode' | 'uid' | 'gid' | 'sizeBytes' | 'mtimeSec'>;
}
