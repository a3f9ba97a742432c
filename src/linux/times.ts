/**
 * Times as statx(2) gives them and utimensat(2) takes them. Seconds that exceed the integers that a number
 * holds exactly are far: an Entry has them rounded down to a multiple of `STEP_SEC`, and the rest in the
 * nanoseconds. Other times stay as they are.
 */
import type { Timestamp } from '../model/entry.ts';
import { UTIME_OMIT } from './constants.ts';

const HIGH = 2 ** 32;
/** A high half from here on, or below its negative, means seconds beyond 2^53. */
const FAR_HIGH = 2 ** 21;
/** A number holds every multiple of this exactly, up to 64 bits. */
const STEP_SEC = 2048;
const SECOND_NS = 1_000_000_000;

/** @param high signed @param low unsigned */
export function secondsOf(high: number, low: number): number {
  return high * HIGH + (isFar(high) ? low - (low % STEP_SEC) : low);
}

export function nanosecondsOf(high: number, low: number, nsec: number): number {
  return isFar(high) ? (low % STEP_SEC) * SECOND_NS + nsec : nsec;
}

const TIMESPECS_SIZE_BYTES = 32;
const OMITTED: Timestamp = { sec: 0, nsec: UTIME_OMIT };
const free: Buffer[] = [];

/**
 * The two timespecs of utimensat(2), in a reused buffer. Undefined leaves that time unchanged. Return the
 * buffer with `releaseTimespecs` once the call has ended.
 */
export function takeTimespecs(atime: Timestamp | undefined, mtime: Timestamp | undefined): Buffer {
  const times = free.pop() ?? Buffer.alloc(TIMESPECS_SIZE_BYTES);
  writeTime(times, 0, atime ?? OMITTED);
  writeTime(times, 16, mtime ?? OMITTED);
  return times;
}

export function releaseTimespecs(times: Buffer): void {
  free.push(times);
}

/** Writes s64 seconds and s64 nanoseconds. */
function writeTime(buffer: Buffer, offset: number, { sec, nsec }: { sec: number; nsec: number }): void {
  const high = Math.floor(sec / HIGH);
  const restSec = isFar(high) ? Math.floor(nsec / SECOND_NS) : 0;
  buffer.writeUInt32LE(sec - high * HIGH + restSec, offset);
  buffer.writeInt32LE(high, offset + 4);
  buffer.writeUInt32LE(nsec - restSec * SECOND_NS, offset + 8);
  buffer.writeUInt32LE(0, offset + 12);
}

function isFar(high: number): boolean {
  return high >= FAR_HIGH || high < -FAR_HIGH;
}
