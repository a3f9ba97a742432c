/** What a run counts. Every worker counts in shared memory, so progress and report show the same numbers. */

/**
 * Why options leave entries of the source out of a run. Each entry counts under one cause per phase.
 * - `excluded`: by a filter rule; a directory counts once, with everything below it
 * - `tooLarge`, `tooSmall`: `--max-size`, `--min-size`
 * - `special`: a device, FIFO or socket that is not to be preserved
 * - `unsafe`: `--safe-links`, a symbolic link that leads out of the tree
 * - `outside`: `--one-file-system`; a mount point, with everything below it
 * - `empty`: `--prune-empty-dirs`; a directory counts once, with those below it
 * - `newer`: `--update`, newer at the destination
 * - `existing`: `--ignore-existing`; if its content is compared anyway, the metadata differs
 * - `absent`: `--existing`, not at the destination; a directory counts once, with everything below it
 * - `sameSize`: `--size-only`; the time differs in Preparing, or the content in Verifying
 */
export type LeftAloneCause =
  | 'excluded'
  | 'empty'
  | 'tooLarge'
  | 'tooSmall'
  | 'special'
  | 'unsafe'
  | 'outside'
  | 'newer'
  | 'existing'
  | 'absent'
  | 'sameSize';

/** The counters of each cause, in the order of the report. */
export const LEFT_ALONE = {
  preparing: {
    excluded: 'excludedEntries',
    empty: 'emptyDirectoriesLeft',
    tooLarge: 'tooLargeFiles',
    tooSmall: 'tooSmallFiles',
    special: 'specialFilesLeft',
    unsafe: 'unsafeLinksLeft',
    outside: 'mountPointsLeft',
    newer: 'newerFilesLeft',
    existing: 'existingEntriesLeft',
    absent: 'absentEntriesLeft',
    sameSize: 'sameSizeFilesLeft',
  },
  verifying: {
    excluded: 'excludedUnverified',
    empty: 'emptyDirectoriesUnverified',
    tooLarge: 'tooLargeUnverified',
    tooSmall: 'tooSmallUnverified',
    special: 'specialUnverified',
    unsafe: 'unsafeLinksUnverified',
    outside: 'mountPointsUnverified',
    newer: 'newerUnverified',
    existing: 'existingUnverified',
    absent: 'absentUnverified',
    sameSize: 'sameSizeUnverified',
  },
} as const satisfies Record<'preparing' | 'verifying', Record<LeftAloneCause, string>>;

export const LEFT_ALONE_CAUSES = Object.keys(LEFT_ALONE.preparing) as readonly LeftAloneCause[];

export const COUNTER_NAMES = [
  // Preparing
  'directoriesListed',
  'sourceEntries',
  'sourceFiles',
  'sourceDirectories',
  'sourceSymlinks',
  'sourceSpecials',
  'sourceBytes',
  'destinationEntries',
  ...Object.values(LEFT_ALONE.preparing),
  'filesToTransfer',
  'bytesToTransfer',
  'entriesToCreate',
  'entriesToAdjust',
  'entriesToLink',
  'filesToMove',
  'bytesToMove',
  'entriesToDelete',
  'linkGroupsSplit',
  // Syncing
  'filesTransferred',
  'bytesTransferred',
  'bytesWritten',
  'entriesCreated',
  'entriesAdjusted',
  'entriesLinked',
  'filesMoved',
  'bytesMoved',
  'entriesDeleted',
  'entriesBackedUp',
  'retries',
  'ownershipNotKept',
  'timesNotKept',
  'directoriesOfOthers',
  'entriesOfOthers',
  // Verifying
  'entriesVerified',
  'filesVerified',
  'bytesVerified',
  'otherSpellings',
  'ownershipUnverified',
  ...Object.values(LEFT_ALONE.verifying),
] as const;

export type CounterName = (typeof COUNTER_NAMES)[number];
export type Tally = Readonly<Record<CounterName, number>>;
