/**
 * Compares a source entry with a destination entry, by the quick check and the metadata to preserve, and
 * decides what to do about the difference.
 */
import { type Action, Difference, type Differences } from '../../model/change.ts';
import {
  TYPE_MASK,
  hasSetIdBits,
  isDirectory,
  isFile,
  isSymlink,
  type Entry,
  permissionsOf,
  type WantedBy,
  type WantedOwner,
} from '../../model/entry.ts';
import type { Preserve, Settings } from '../../model/settings.ts';
import {
  granularityFor,
  type TimeRule,
  isUnkeepable,
  isWithinWindow,
  type OmittedTimes,
  omitsTimes,
  sameAtime,
  sameMtime,
} from './timestamps.ts';
import { isUnfinished } from './unfinished-marks.ts';

export interface CompareRule extends TimeRule, OmittedTimes {
  readonly preserve: Preserve;
  readonly wantedOwner: (source: Entry) => WantedOwner;
  readonly wantedBy: WantedBy;
  readonly modifyWindowSec: number;
}

/** Compares what statx returns; code that can read compares content, link targets and extended attributes. */
export function compareEntries(source: Entry, destination: Entry, rule: CompareRule): Differences {
  if ((source.mode & TYPE_MASK) !== (destination.mode & TYPE_MASK)) return Difference.kind;
  let differences = 0;
  // Not for symbolic links: their targets are compared, and some file systems report a wrong length for them.
  if (isFile(source) && source.sizeBytes !== destination.sizeBytes) differences |= Difference.size;
  if (
    !sameMtime(source, destination, granularityFor(source, rule)) &&
    isTimeJudged(source, destination, rule)
  ) {
    differences |= isUnkeepable(source, destination, rule) ? Difference.unkeepableTime : Difference.mtime;
  }
  const comparesAtime = rule.preserve.atime && keepsAtime(source);
  if (comparesAtime && !sameAtime(source, destination, granularityFor(source, rule))) {
    differences |= Difference.atime;
  }
  const isOtherDevice = isDeviceNode(source) && source.specialDevice !== destination.specialDevice;
  if (isOtherDevice || isUnfinished(source, destination)) differences |= Difference.content;
  return differences | compareOwnerAndMode(source, destination, rule);
}

/** For times that differ. */
function isTimeJudged(source: Entry, destination: Entry, rule: CompareRule): boolean {
  return !isWithinWindow(source, destination, rule.modifyWindowSec) && !omitsTimes(source, rule);
}

function compareOwnerAndMode(source: Entry, destination: Entry, rule: CompareRule): Differences {
  let differences = 0;
  const wanted = rule.wantedOwner(source);
  if (wanted.uid !== undefined && wanted.uid !== destination.uid) differences |= Difference.uid;
  if (wanted.gid !== undefined && wanted.gid !== destination.gid) differences |= Difference.gid;
  if (rule.preserve.mode && !isSymlink(source) && permissionsOf(source) !== permissionsOf(destination)) {
    differences |= Difference.mode;
  }
  return differences;
}

/** As in rsync: listing a directory or following a link changes its own access time. */
function keepsAtime(source: Entry): boolean {
  return !isDirectory(source) && !isSymlink(source);
}

function isDeviceNode(entry: Entry): boolean {
  const type = entry.mode & TYPE_MASK;
  return type === 0o020000 || type === 0o060000;
}

/** The file, link or node is written again. */
const ANEW = Difference.missing | Difference.kind | Difference.size | Difference.content;

type ComparingSettings = Pick<Settings, 'checksum' | 'sizeOnly' | 'ignoreTimes' | 'preserve'>;

/** Whatever the comparison says. */
export function isWrittenAnyway(source: Entry, { ignoreTimes }: Pick<Settings, 'ignoreTimes'>): boolean {
  return ignoreTimes && isFile(source);
}

/** Undefined: nothing to do. Only for non-directories; the differences are those of `compareEntries`. */
export function decideAction(
  source: Entry,
  differences: Differences,
  settings: ComparingSettings,
): Action | undefined {
  if ((differences & ANEW) !== 0 || isWrittenAnyway(source, settings)) return 'write';
  const quickCheckFails = (differences & Difference.mtime) !== 0 && !settings.checksum && !settings.sizeOnly;
  if ((isFile(source) && quickCheckFails) || wouldTrust(source, differences, settings)) return 'write';
  return (differences & ~unkeptDifferences(settings)) === 0 ? undefined : 'adjust';
}

/**
 * Only content written by this run gets set-id bits and capabilities. A file that passes the quick check may
 * come from anybody who can write in its directory.
 */
export function wouldTrust(
  source: Entry,
  differences: Differences,
  { preserve }: ComparingSettings,
): boolean {
  if (!isFile(source)) return false;
  const { mode, uid, gid, privilege } = Difference;
  if ((differences & privilege) !== 0) return true;
  return preserve.mode && hasSetIdBits(source) && (differences & (mode | uid | gid)) !== 0;
}

/** Differences in metadata that is not, or cannot be, preserved. */
export function unkeptDifferences(settings: Pick<Settings, 'preserve'>): Differences {
  return Difference.unkeepableTime | (settings.preserve.mtime ? 0 : Difference.mtime);
}
