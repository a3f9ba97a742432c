/** A difference as the workers find it: the verdict may yet be that the source changed since. */
import type { Verdict } from '../../model/verdict.ts';

export interface Suspicion extends Omit<SourceState, 'path'> {
  readonly verdict: Verdict;
  /** The other name, where a link between two is in question. */
  readonly linkedTo?: SourceState;
  /** What the plan says the source was; undefined: to be looked up in what Preparing noted. */
  readonly preparedState: number | undefined;
}

/** A source path as Verifying found it, to hold against what Preparing noted. */
export interface SourceState {
  readonly path: string;
  readonly isDirectory: boolean;
  /** Its fingerprint now; undefined: the source has no such name now. */
  readonly sourceState: number | undefined;
}
