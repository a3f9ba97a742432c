/** One path's failure. The run goes on; the report names it. */
import type { Phase, Side } from './task.ts';

/**
 * - `failed`: a call failed, or the destination cannot hold the entry (exit status 23)
 * - `vanished`: gone from the source since it was listed (24)
 * - `changed`: the source kept changing while it was copied (41)
 */
export type ProblemClass = 'failed' | 'vanished' | 'changed';

export interface Problem {
  readonly class: ProblemClass;
  readonly phase: Phase;
  readonly side: Side;
  /** Relative to the root, latin1; empty for the root itself. */
  readonly path: string;
  /** What was tried, in words that fit "cannot <attempt> <path>": "read", "set the owner of". */
  readonly attempt: string;
  /** Error name such as EACCES, or empty where no call failed. */
  readonly code: string;
  /** Why, for a person: "Permission denied". */
  readonly reason: string;
}
