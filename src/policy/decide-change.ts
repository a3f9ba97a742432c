/** What to do about a path whose two sides differ, and which paths to leave alone. */
import { Difference, type Action, type Differences } from '../model/change.ts';
import { hasSetIdBits, isDirectory, isFile, kindOf, type Entry } from '../model/entry.ts';
import type { Settings } from '../model/settings.ts';
import { isUnfinished } from './unfinished-mark.ts';

const ANEW = Difference.missing | Difference.kind | Difference.size | Difference.content;

export type ComparingSettings = Pick<
  Settings,
  'checksum' | 'sizeOnly' | 'preserve' | 'overwrite' | 'existingOnly'
>;

/** Undefined: nothing to do. Only non-directories; the differences are those of `compareEntries`. */
export function decideAction(
  source: Entry,
  differences: Differences,
  settings: ComparingSettings,
): Action | undefined {
  if ((differences & ANEW) !== 0) return 'write';
  const quickCheckFails = (differences & Difference.mtime) !== 0 && !settings.checksum && !settings.sizeOnly;
  if (isFile(source) && (quickCheckFails || wouldTrust(source, differences, settings))) return 'write';
  return (differences & ~unkeptDifferences(settings)) === 0 ? undefined : 'adjust';
}

/**
 * Set-id bits and capabilities go to nothing but content that this run has written: a file that passes the
 * quick check may be anybody's who can write in its directory.
 */
function wouldTrust(source: Entry, differences: Differences, { preserve }: ComparingSettings): boolean {
  const { mode, uid, gid, privilege } = Difference;
  if ((differences & privilege) !== 0) return true;
  return preserve.mode && hasSetIdBits(source) && (differences & (mode | uid | gid)) !== 0;
}

/** Differences in what is not to be preserved. */
export function unkeptDifferences(settings: Pick<Settings, 'preserve'>): Differences {
  return settings.preserve.mtime ? 0 : Difference.mtime;
}

/** Kinds that are copied only on request, and sizes that are not wanted. */
export function isSkipped(
  source: Entry,
  settings: Pick<Settings, 'preserve' | 'minSizeBytes' | 'maxSizeBytes'>,
): boolean {
  switch (kindOf(source.mode)) {
    case 'character device':
    case 'block device':
      return !settings.preserve.devices;
    case 'fifo':
    case 'socket':
      return !settings.preserve.specials;
    case 'file':
      return source.sizeBytes < settings.minSizeBytes || source.sizeBytes > settings.maxSizeBytes;
    default:
      return false;
  }
}

/** The rules about what exists: `--existing`, `--ignore-existing`, `--update` (rsync's semantics). */
export function isLeftAlone(
  source: Entry,
  destination: Entry | undefined,
  settings: Pick<Settings, 'overwrite' | 'existingOnly'>,
): boolean {
  if (destination === undefined) return settings.existingOnly;
  if (isUnfinished(source, destination)) return false;
  if (settings.overwrite === 'never') return !isDirectory(source);
  return (
    settings.overwrite === 'older' && isFile(source) && isFile(destination) && isNewer(destination, source)
  );
}

/**
 * What a run left alone by these rules may differ without being wrong. A file that passes the quick check
 * was copied, or might as well have been.
 */
export function isExemptFromVerification(
  source: Entry,
  destination: Entry,
  settings: Pick<Settings, 'overwrite' | 'existingOnly'>,
): boolean {
  if (!isLeftAlone(source, destination, settings)) return false;
  return (
    settings.overwrite !== 'never' ||
    source.sizeBytes !== destination.sizeBytes ||
    source.mtimeSec !== destination.mtimeSec
  );
}

function isNewer(entry: Entry, other: Entry): boolean {
  return (
    entry.mtimeSec > other.mtimeSec ||
    (entry.mtimeSec === other.mtimeSec && entry.mtimeNsec > other.mtimeNsec)
  );
}
