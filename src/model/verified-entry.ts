/** What Verifying has to say of one path, also of one that is as it should be. */
import type { Entry } from './entry.ts';
import type { VerdictClass } from './verdict.ts';

export interface VerifiedEntry {
  /** Relative to the roots, latin1; empty for the roots themselves. */
  readonly path: string;
  readonly verdict: 'verified' | VerdictClass;
  /** The destination's; undefined where it has none, or where the two could not be compared. */
  readonly entry?: Entry;
  /** Of a file whose content was compared: what xxhsum(1) or sha256sum(1) prints, hexadecimal. */
  readonly digests?: ContentDigests;
  /** Where a symbolic link of the destination points, latin1. */
  readonly target?: string;
}

export interface ContentDigests {
  readonly source: string;
  readonly destination: string;
}
