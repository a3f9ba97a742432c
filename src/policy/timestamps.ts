/** When two modification times count as the same: at the precision the destination stored. */
import type { Entry } from '../model/entry.ts';

const SECOND_NS = 1_000_000_000;
/** Steps in which file systems keep time, coarsest first: 1 s, 10 ms, 1 ms, 1 µs, 100 ns. */
const GRAINS_NS = [SECOND_NS, 10_000_000, 1_000_000, 1_000, 100];

export function sameMtime(source: Entry, destination: Entry, granularityNs: number): boolean {
  if (source.mtimeSec === destination.mtimeSec && source.mtimeNsec === destination.mtimeNsec) return true;
  const grainNs = Math.max(granularityNs, storedGrain(destination));
  if (grainNs <= 1) return false;
  return isTruncation(source.mtimeSec, source.mtimeNsec, destination, grainNs);
}

/** Ends of what file systems hold, in seconds: NFS v3, ext4 with inodes of 128 bytes and of 256, XFS before big times. */
const EARLIEST_SEC = new Set([0, -(2 ** 31)]);
const LATEST_SEC = new Set([2 ** 31 - 1, 2 ** 32 - 1, 2 ** 34 - 2 ** 31 - 1]);

/** The kernel sets the nearest time that the file system can hold. */
export function isBeyondRange(source: Entry, { mtimeSec, mtimeNsec }: Entry): boolean {
  if (mtimeNsec !== 0) return false;
  if (source.mtimeSec < mtimeSec) return EARLIEST_SEC.has(mtimeSec);
  return source.mtimeSec > mtimeSec && LATEST_SEC.has(mtimeSec);
}

/**
 * The coarsest step that both the mtime and the ctime are multiples of. The destination's own clock sets
 * ctime: where it keeps nanoseconds, a ctime of whole seconds is one in 10^9.
 */
function storedGrain(destination: Entry): number {
  const { mtimeNsec, ctimeNsec } = destination;
  return GRAINS_NS.find((grain) => mtimeNsec % grain === 0 && ctimeNsec % grain === 0) ?? 1;
}

function isTruncation(sec: number, nsec: number, destination: Entry, grainNs: number): boolean {
  if (grainNs > SECOND_NS) {
    const grainSec = grainNs / SECOND_NS;
    return destination.mtimeNsec === 0 && Math.floor(sec / grainSec) * grainSec === destination.mtimeSec;
  }
  return sec === destination.mtimeSec && nsec - (nsec % grainNs) === destination.mtimeNsec;
}
