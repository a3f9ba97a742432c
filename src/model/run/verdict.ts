/** What Verifying says of one path. */
import type { ByteString, Shown } from '../byte-string.ts';
import type { Differences } from '../change.ts';
import type { Side } from '../task.ts';
import type { Entry } from '../entry.ts';

/** In the order in which reports count them, whatever was found first. */
export const VERDICT_CLASSES = [
  'content mismatch',
  'metadata differs',
  'missing',
  'extraneous',
  'kind differs',
  'links differ',
  'name taken',
  'source changed',
  'source vanished',
  'read error',
] as const;

export type VerdictClass = (typeof VERDICT_CLASSES)[number];

/** One path's mismatch. */
export interface Verdict {
  readonly class: VerdictClass;
  /** Relative to the roots, latin1. */
  readonly path: ByteString;
  readonly differences: Differences;
  /** One line for people to read: the field and both values. */
  readonly detail: Shown;
  /**
   * For a missing directory: counts of everything below it in the source, which gets no verdicts of its own.
   */
  readonly below?: Below;
  /** Hexadecimal digests of both sides, if the content was compared and read to its end. */
  readonly sourceDigest?: string;
  readonly destinationDigest?: string;
  /** For a read error: the side, and the error's name such as EACCES. */
  readonly failure?: { readonly side: Side; readonly code: string };
}

/** The result for any path, also one without a difference. */
export interface VerifiedEntry {
  /** Relative to the roots, latin1; empty for the roots themselves. */
  readonly path: ByteString;
  readonly verdict: 'verified' | VerdictClass;
  /** The destination's entry; undefined if it has none, or if the two could not be compared. */
  readonly entry?: Entry;
  /** For a file whose content was compared: the hexadecimal digest that xxhsum(1) or sha256sum(1) prints. */
  readonly digests?: ContentDigests;
  /** Target of the destination's symbolic link, latin1. */
  readonly target?: ByteString;
}

export interface ContentDigests {
  readonly source: string;
  readonly destination: string;
}

/** Counts of everything below a directory of the source. */
export interface Below {
  readonly directories: number;
  /** Files and all other non-directories that filter rules let through. */
  readonly others: number;
  /** Directories that could not be listed: their content is not counted. */
  readonly unlisted: number;
}

/** Keyed by the path of the directory that is reported as missing. */
export type MissingBelow = Map<string, Below>;

export const NOTHING_BELOW: Below = { directories: 0, others: 0, unlisted: 0 };

export function sumOfBelow(one: Below, other: Below): Below {
  return {
    directories: one.directories + other.directories,
    others: one.others + other.others,
    unlisted: one.unlisted + other.unlisted,
  };
}

export function holdsAnything({ directories, others, unlisted }: Below): boolean {
  return directories + others + unlisted > 0;
}
