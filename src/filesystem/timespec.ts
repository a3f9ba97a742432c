/** The two timespecs of utimensat(2), in buffers that are used again. */
import type { Timestamp } from '../model/wanted-metadata.ts';
import { UTIME_OMIT } from './linux/constants.ts';

const TIMESPECS_SIZE_BYTES = 32;
const HIGH = 2 ** 32;
const free: Buffer[] = [];

/** Undefined: leave that time as it is. Give it back with `releaseTimespecs` once the call has ended. */
export function takeTimespecs(atime: Timestamp | undefined, mtime: Timestamp | undefined): Buffer {
  const times = free.pop() ?? Buffer.alloc(TIMESPECS_SIZE_BYTES);
  writeTimespec(times, 0, atime);
  writeTimespec(times, 16, mtime);
  return times;
}

export function releaseTimespecs(times: Buffer): void {
  free.push(times);
}

/** struct timespec: s64 seconds, s64 nanoseconds. */
function writeTimespec(times: Buffer, offset: number, time: Timestamp | undefined): void {
  const sec = time?.sec ?? 0;
  const high = Math.floor(sec / HIGH);
  times.writeUInt32LE(sec - high * HIGH, offset);
  times.writeInt32LE(high, offset + 4);
  times.writeUInt32LE(time?.nsec ?? UTIME_OMIT, offset + 8);
  times.writeUInt32LE(0, offset + 12);
}
