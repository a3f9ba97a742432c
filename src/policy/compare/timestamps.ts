/**
 * Decides when two modification times count as the same: at the precision and within the range that the
 * destination stores.
 */
import { type Timestamp, isDirectory, isSymlink, type Entry } from '../../model/entry.ts';
import type { Settings } from '../../model/settings.ts';
import { KNOWN_FILE_SYSTEMS } from '../../model/file-systems.ts';

const SECOND_NS = 1_000_000_000;
/** Steps in which file systems keep time, coarsest first: 1 s, 10 ms, 1 ms, 1 µs, 100 ns. */
const GRAINS_NS = [SECOND_NS, 10_000_000, 1_000_000, 1_000, 100];

type Times = Pick<Entry, 'mtimeSec' | 'mtimeNsec' | 'ctimeNsec'>;

export function sameMtime(source: Times, destination: Times, granularityNs: number): boolean {
  if (source.mtimeSec === destination.mtimeSec && source.mtimeNsec === destination.mtimeNsec) return true;
  const grainNs = Math.max(granularityNs, storedGrain(destination));
  return isTruncation(source.mtimeSec, source.mtimeNsec, destination, grainNs);
}

export function sameAtime(source: Entry, destination: Entry, granularityNs: number): boolean {
  return sameMtime(accessTimes(source), accessTimes(destination), granularityNs);
}

function accessTimes({ atimeSec, atimeNsec, ctimeNsec }: Entry): Times {
  return { mtimeSec: atimeSec, mtimeNsec: atimeNsec, ctimeNsec };
}

/** Reading the source leaves it so, on servers and for files of other owners, even within this run. */
export function wasReadLater(source: Entry, destination: Entry): boolean {
  const { atimeSec, atimeNsec } = destination;
  return source.atimeSec > atimeSec || (source.atimeSec === atimeSec && source.atimeNsec > atimeNsec);
}

/** Somebody has read the source since the destination got its metadata. */
export function wasReadSince(source: Entry, destination: Entry): boolean {
  const { ctimeSec, ctimeNsec } = destination;
  return source.atimeSec > ctimeSec || (source.atimeSec === ctimeSec && source.atimeNsec > ctimeNsec);
}

/**
 * The ranges of all types: a server, an overlay or a FUSE program has the limits of the file system below it.
 */
const TIME_RANGES = KNOWN_FILE_SYSTEMS.flatMap(({ timeRanges }) => timeRanges);
const EARLIEST_SEC = new Set(TIME_RANGES.map(({ earliestSec }) => earliestSec));
const LATEST_SEC = new Set(TIME_RANGES.map(({ latestSec }) => latestSec));

/** The kernel sets the nearest time that the file system can hold, which is a whole second. */
export function isBeyondRange(source: Entry, { mtimeSec, mtimeNsec }: Entry): boolean {
  if (mtimeNsec !== 0) return false;
  if (source.mtimeSec < mtimeSec) return EARLIEST_SEC.has(mtimeSec);
  const isLater = source.mtimeSec > mtimeSec || source.mtimeNsec > 0;
  return isLater && LATEST_SEC.has(mtimeSec);
}

/** `--modify-window`: as in rsync, whole seconds are compared. */
export function isWithinWindow(source: Times, destination: Times, windowSec: number): boolean {
  return Math.abs(source.mtimeSec - destination.mtimeSec) <= windowSec;
}

export type OmittedTimes = Pick<Settings, 'omitDirectoryTimes' | 'omitLinkTimes'>;

/** As in rsync, for any of its times. */
export function omitsTimes(source: Entry, { omitDirectoryTimes, omitLinkTimes }: OmittedTimes): boolean {
  return (omitDirectoryTimes && isDirectory(source)) || (omitLinkTimes && isSymlink(source));
}

export interface TimeRule {
  /** Infinity: the destination keeps the time of the last write, whatever is set. */
  readonly timestampGranularityNs: number;
  /** For symbolic links: some file systems give them no time. */
  readonly linkGranularityNs: number;
  /** NFS v3. On no other file system is 1970, the time of many a file, the earliest possible time. */
  readonly startsAt1970: boolean;
}

/** For times that differ: whether a new copy would end with the same difference. */
export function isUnkeepable(source: Entry, destination: Entry, rule: TimeRule): boolean {
  if (granularityFor(source, rule) === Infinity) return true;
  return isBeyondRange(source, destination) && (rule.startsAt1970 || destination.mtimeSec !== 0);
}

export function granularityFor(source: Entry, rule: TimeRule): number {
  return isSymlink(source) ? rule.linkGranularityNs : rule.timestampGranularityNs;
}

/** Each granularity turns this into another time. The second is odd, as FAT keeps even ones. */
export const PROBE_TIME: Timestamp = { sec: 1_000_000_001, nsec: 123_456_789 };

/** The granularity of a file system that stored this time for `PROBE_TIME`. */
export function granularityOf({ sec, nsec }: Timestamp): number {
  if (nsec === 0 && sec === PROBE_TIME.sec - 1) return 2 * SECOND_NS;
  if (sec !== PROBE_TIME.sec) return Infinity;
  return [1, ...GRAINS_NS].find((grain) => nsec === PROBE_TIME.nsec - (PROBE_TIME.nsec % grain)) ?? Infinity;
}

/**
 * The coarsest step that divides both mtime and ctime. The destination's own clock sets ctime: if that keeps
 * nanoseconds, a ctime of whole seconds has a chance of one in 10^9.
 */
function storedGrain(destination: Times): number {
  const { mtimeNsec, ctimeNsec } = destination;
  return GRAINS_NS.find((grain) => mtimeNsec % grain === 0 && ctimeNsec % grain === 0) ?? 1;
}

function isTruncation(sec: number, nsec: number, destination: Times, grainNs: number): boolean {
  if (grainNs > SECOND_NS) {
    const grainSec = grainNs / SECOND_NS;
    return destination.mtimeNsec === 0 && Math.floor(sec / grainSec) * grainSec === destination.mtimeSec;
  }
  return sec === destination.mtimeSec && nsec - (nsec % grainNs) === destination.mtimeNsec;
}
