/** A large file whose metadata was compared, and whose content all workers are to compare, a range each. */
import type { Differences } from '../../model/change.ts';
import type { Entry } from '../../model/entry.ts';

export interface LargeFile {
  readonly directoryPath: string;
  readonly name: string;
  readonly source: Entry;
  readonly destination: Entry;
  /** Of the metadata. */
  readonly differences: Differences;
  /** Verifying: what the plan tells of the source, as in `VerifyingUnit`. */
  readonly preparedState?: number | undefined;
}
