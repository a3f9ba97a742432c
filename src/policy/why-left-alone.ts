/**
 * Decides which entries the options leave alone, and which of their differences do not count, the same way in
 * Preparing and Verifying. Callers exclude entries that this run has written.
 */
import { Difference, type Differences } from '../model/change.ts';
import { isDirectory, isFile, kindOf, type Entry } from '../model/entry.ts';
import type { LeftAloneCause } from '../model/tally.ts';
import type { Settings } from '../model/settings.ts';
import { isUnfinished } from './compare/unfinished-marks.ts';

/** Kinds that are copied only on request, and sizes that are not wanted. */
export function causeInSource(
  source: Entry,
  settings: Pick<Settings, 'preserve' | 'minSizeBytes' | 'maxSizeBytes'>,
): 'special' | 'tooLarge' | 'tooSmall' | undefined {
  // PERF: asked of every entry, and nearly all are files.
  if (isFile(source)) {
    if (source.sizeBytes > settings.maxSizeBytes) return 'tooLarge';
    return source.sizeBytes < settings.minSizeBytes ? 'tooSmall' : undefined;
  }
  switch (kindOf(source.mode)) {
    case 'character device':
    case 'block device':
      return settings.preserve.devices ? undefined : 'special';
    case 'fifo':
    case 'socket':
      return settings.preserve.specials ? undefined : 'special';
    default:
      return undefined;
  }
}

/** rsync's rules about existing files: `--existing`, `--ignore-existing`, `--update`. */
export function causeAtDestination(
  source: Entry,
  destination: Entry | undefined,
  settings: Pick<Settings, 'overwrite' | 'existingOnly'>,
): 'absent' | 'existing' | 'newer' | undefined {
  if (destination === undefined) return causeOfAbsence(settings);
  if (settings.overwrite === 'always' || isUnfinished(source, destination)) return undefined;
  if (settings.overwrite === 'never') {
    return isDirectory(source) && isDirectory(destination) ? undefined : 'existing';
  }
  return isFile(source) && isFile(destination) && isNewer(destination, source) ? 'newer' : undefined;
}

/** The destination has nothing of that name. */
export function causeOfAbsence({ existingOnly }: Pick<Settings, 'existingOnly'>): 'absent' | undefined {
  return existingOnly ? 'absent' : undefined;
}

/** One side has a directory, the other something else. */
export function causeOfOtherKind({ overwrite }: Pick<Settings, 'overwrite'>): 'existing' | undefined {
  return overwrite === 'never' ? 'existing' : undefined;
}

/** A directory of the source, by what the destination's listing has under its name. */
export function causeOfDirectory(
  there: 'directory' | 'other kind' | 'nothing' | 'unknown',
  settings: Pick<Settings, 'overwrite' | 'existingOnly'>,
): 'absent' | 'existing' | undefined {
  if (there === 'nothing') return causeOfAbsence(settings);
  return there === 'other kind' ? causeOfOtherKind(settings) : undefined;
}

/** For an entry that is left alone as a whole. */
export const EVERY_DIFFERENCE: Differences = -1;

const CONTENT = Difference.content | Difference.size;
const QUICK_CHECK = CONTENT | Difference.kind | Difference.mtime;

/**
 * The differences that do not count. A file that passes the quick check is a copy, from this run or an
 * earlier one. So its content is verified even with `--ignore-existing`: nothing else would find it damaged.
 * @param differences found by statx
 */
export function unjudgedDifferences(
  cause: LeftAloneCause | undefined,
  source: Entry,
  differences: Differences,
): Differences {
  if (cause === undefined) return 0;
  return isFile(source) && mayBeCopy(cause, differences) ? ~CONTENT : EVERY_DIFFERENCE;
}

/** Left alone as a whole and known to differ, so it need not be read. @param differences found by statx */
export function isKnownToDiffer(cause: LeftAloneCause | undefined, differences: Differences): boolean {
  return cause !== undefined && !mayBeCopy(cause, differences);
}

function mayBeCopy(cause: LeftAloneCause, differences: Differences): boolean {
  return cause === 'existing' && (differences & QUICK_CHECK) === 0;
}

/**
 * `--size-only`: content differences that do not count. They do count for a file that a killed run left half
 * rewritten.
 */
export function unjudgedContent(
  source: Entry,
  differences: Differences,
  { sizeOnly }: Pick<Settings, 'sizeOnly'>,
): Differences {
  const isSameSize = (differences & (CONTENT | Difference.kind)) === 0;
  return sizeOnly && isSameSize && isFile(source) ? Difference.content : 0;
}

/** Whether the destination's state may decide that an entry is left alone. */
export function asksDestination({
  overwrite,
  existingOnly,
  sizeOnly,
}: Pick<Settings, 'overwrite' | 'existingOnly' | 'sizeOnly'>): boolean {
  return overwrite !== 'always' || existingOnly || sizeOnly;
}

function isNewer(entry: Entry, other: Entry): boolean {
  return (
    entry.mtimeSec > other.mtimeSec ||
    (entry.mtimeSec === other.mtimeSec && entry.mtimeNsec > other.mtimeNsec)
  );
}
