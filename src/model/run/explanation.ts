/** What `efs-sync why` tells of a path: what a sync would do about it, and why. Data; sentences are made of it later. */
import type { ByteString } from '../byte-string.ts';
import type { Differences } from '../change.ts';
import type { Entry } from '../entry.ts';
import type { FilterRule } from '../filter-list.ts';
import type { SparedPath } from './run-file.ts';
import type { DeleteLimit } from '../settings.ts';
import type { LeftAloneCause } from '../tally.ts';
import type { Side } from '../task.ts';

/**
 * - `copy`: the destination gets it; `copy again`: what is there is replaced or rewritten
 * - `adjust`: its metadata is set
 * - `none`: nothing needs doing
 * - `leave out`: the source has it, and it takes no part
 * - `delete`, `keep`: of what the destination has
 * - `missing`: neither side has it
 * - `unknown`: a call failed
 */
export type Decision =
  'copy' | 'copy again' | 'adjust' | 'none' | 'leave out' | 'delete' | 'keep' | 'missing' | 'unknown';

/** `at`: the path that the reason is about, which is the path itself or a directory above it. */
export type Reason = { readonly at: ByteString } & (
  | RuleReason
  /** `--exclude-if-present`, `--exclude-caches`: the directory has this name in it; empty: that cannot be told. */
  | { readonly why: 'tag'; readonly side: Side; readonly name: ByteString }
  | { readonly why: 'option'; readonly cause: Exclude<LeftAloneCause, 'excluded'> }
  | ({ readonly why: 'spared' } & Pick<SparedPath, 'side' | 'what' | 'partOf'>)
  | { readonly why: 'unlisted'; readonly by: 'files-from' | 'relative' | 'file' }
  /** The destination takes its name for this one. */
  | { readonly why: 'taken'; readonly takenFor: ByteString }
  | { readonly why: 'differences'; readonly differences: Differences }
  | { readonly why: 'same'; readonly by: 'quick check' | 'content' | 'size' | 'metadata' }
  | { readonly why: 'ignore times' }
  | { readonly why: 'hard links'; readonly count: number }
  | { readonly why: 'kept metadata'; readonly of: 'others' | 'root' }
  | { readonly why: 'not in source' }
  | { readonly why: 'no delete' }
  /** With an empty source nothing is deleted. */
  | { readonly why: 'empty source' }
  /** A directory, which gives way only if it is empty. */
  | { readonly why: 'in the way' }
  /** It was given with the path of the root before it. */
  | { readonly why: 'below root'; readonly meant: ByteString }
  | { readonly why: 'delete'; readonly by: 'delete' | 'delete-excluded' | 'way' }
  | { readonly why: 'delete limit'; readonly limit: DeleteLimit }
  /** Something in it may stay, and then it stays. */
  | { readonly why: 'may hold protected' }
  | { readonly why: 'holds protected' }
  /** A file that an earlier run left behind. */
  | { readonly why: 'leftover'; readonly isKept: boolean }
  /** Not all names of the source's directory are known. */
  | { readonly why: 'incomplete' }
  /** Something is mounted there. */
  | { readonly why: 'mounted' }
  /** The path goes on below it, but it is none. */
  | { readonly why: 'no directory'; readonly side: Side; readonly isLink: boolean }
  | { readonly why: 'failed'; readonly side: Side; readonly code: string; readonly reason: string }
);

/**
 * - `hides`, `shows`: the source's entry takes no part, or takes part
 * - `protects`, `risks`: the destination's stays, or may go
 */
export interface RuleReason {
  readonly why: 'rule';
  readonly effect: 'hides' | 'shows' | 'protects' | 'risks';
  readonly rule: FilterRule;
}

/** Of the source with the owner and mode that the copy is to have. */
export type EntryFacts = Pick<Entry, 'mode' | 'uid' | 'gid' | 'sizeBytes' | 'mtimeSec' | 'mtimeNsec'>;

export interface Explanation {
  /** Relative to the roots; empty: the roots. */
  readonly path: ByteString;
  readonly decision: Decision;
  readonly reasons: readonly Reason[];
  /** As far as it was looked at. */
  readonly source: EntryFacts | undefined;
  readonly destination: EntryFacts | undefined;
}
