/** What must become true at the destination for one path. */
import type { Entry } from './entry.ts';

/** How source and destination differ; bits, so that a million comparisons make no garbage. */
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
  /** Hard links: the destination groups its names otherwise than the source. */
  linkGroup: 1 << 11,
  /** The source has an attribute such as a capability, for which the destination's content cannot be trusted. */
  privilege: 1 << 12,
  /** The destination takes the name for another one of the source, or may do so. */
  name: 1 << 13,
} as const;

export type Differences = number;

/**
 * - `write`: make the entry anew (file content, symbolic link, special file) and move it into place
 * - `adjust`: metadata only
 * - `link`: make it a hard link to `leaderPath`
 * - `delete`: remove it, it is extraneous
 */
export type Action = 'write' | 'adjust' | 'link' | 'delete';

export interface Change {
  readonly action: Action;
  /** Name within its directory, latin1. */
  readonly name: string;
  readonly differences: Differences;
  /** The source as Preparing saw it. */
  readonly source: Entry;
}

/** A change as reports show it: rsync's eleven letters and the path, latin1. */
export interface ListedChange {
  readonly itemized: string;
  readonly path: string;
  /** Path of the hard link's other name, or the symbolic link's target. */
  readonly linkedTo?: string;
  readonly sizeBytes: number;
}
