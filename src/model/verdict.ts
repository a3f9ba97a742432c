/** What Verifying found at one path that does not match. */
import type { Differences } from './change.ts';
import type { Side } from './task.ts';

export type VerdictClass =
  | 'content mismatch'
  | 'metadata differs'
  | 'missing'
  | 'extraneous'
  | 'kind differs'
  | 'links differ'
  | 'name taken'
  | 'source changed'
  | 'source vanished'
  | 'read error';

export interface Verdict {
  readonly class: VerdictClass;
  /** Relative to the roots, latin1. */
  readonly path: string;
  readonly differences: Differences;
  /** One line for a person: which field, both values. */
  readonly detail: string;
  /** Digests of both sides, hexadecimal, where content was compared. */
  readonly sourceDigest?: string;
  readonly destinationDigest?: string;
  /** Of a read error: whose it was, and its name such as EACCES. */
  readonly failure?: { readonly side: Side; readonly code: string };
}
