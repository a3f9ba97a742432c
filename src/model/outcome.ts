/** What a run came to. Exit status, words, pages, history and hooks only render it. */

/** Why a run that went through its phases left something undone. */
export type IncompleteReason =
  /** A call failed for some paths, or they could not be read again. */
  | 'failed'
  /** `--max-delete` allows fewer deletions than there are: none was made. */
  | 'delete limit'
  /** Source paths went while the run lasted. */
  | 'vanished'
  /** Source files changed while the run lasted. */
  | 'changed';

/** What ended a run early: one for each error class, and `bug` for anything else that was thrown. */
export type ErrorReason = 'usage' | 'location' | 'fatal' | 'timed out' | 'busy' | 'bug';

export type Outcome =
  | { readonly status: 'Success' }
  | { readonly status: 'Incomplete'; readonly reason: IncompleteReason; readonly paths: number }
  | { readonly status: 'Verification failure'; readonly paths: number }
  | { readonly status: 'Error'; readonly reason: ErrorReason }
  | { readonly status: 'Interrupted' };

export type Status = Outcome['status'];
