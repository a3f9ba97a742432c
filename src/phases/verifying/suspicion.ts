/** A difference as the workers find it: the verdict may yet be that the source changed since. */
import type { Verdict } from '../../model/verdict.ts';

export interface Suspicion {
  readonly verdict: Verdict;
  readonly isDirectory: boolean;
  /** Of the source as it is now, to hold against Preparing's; undefined: it has no such name now. */
  readonly sourceState: number | undefined;
  /** What the plan says the source was; undefined: to be looked up in what Preparing noted. */
  readonly preparedState: number | undefined;
}
