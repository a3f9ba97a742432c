/** The two timespecs of utimensat(2), in buffers that are used again. */
import type { Timestamp } from '../model/wanted-metadata.ts';
import { UTIME_OMIT } from './linux/constants.ts';
import { writeTime } from './linux/far-times.ts';

const TIMESPECS_SIZE_BYTES = 32;
const OMITTED: Timestamp = { sec: 0, nsec: UTIME_OMIT };
const free: Buffer[] = [];

/** Undefined: leave that time as it is. Give it back with `releaseTimespecs` once the call has ended. */
export function takeTimespecs(atime: Timestamp | undefined, mtime: Timestamp | undefined): Buffer {
  const times = free.pop() ?? Buffer.alloc(TIMESPECS_SIZE_BYTES);
  writeTime(times, 0, atime ?? OMITTED);
  writeTime(times, 16, mtime ?? OMITTED);
  return times;
}

export function releaseTimespecs(times: Buffer): void {
  free.push(times);
}
