/** What a run counts. Every worker counts in shared memory, so progress and report show the same numbers. */

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
  'excludedEntries',
  'skippedEntries',
  'filesToTransfer',
  'bytesToTransfer',
  'entriesToCreate',
  'entriesToAdjust',
  'entriesToLink',
  'entriesToDelete',
  'linkGroupsSplit',
  // Syncing
  'filesTransferred',
  'bytesTransferred',
  'bytesWritten',
  'entriesCreated',
  'entriesAdjusted',
  'entriesLinked',
  'entriesDeleted',
  'retries',
  'ownershipNotKept',
  // Verifying
  'entriesVerified',
  'filesVerified',
  'bytesVerified',
  'otherSpellings',
] as const;

export type CounterName = (typeof COUNTER_NAMES)[number];
export type Tally = Readonly<Record<CounterName, number>>;
