/** Measures how long a call takes that the server has to answer. */
import { AT_EMPTY_PATH, AT_STATX_FORCE_SYNC, STATX_BASIC_STATS } from './linux/constants.ts';
import { linuxCalls } from './linux/linux.ts';
import { StatBuffer } from './linux/stat-buffer.ts';
import { check } from './linux/system-error.ts';

const MOST_SAMPLES = 9;
/** One that a busy machine delayed among so many does not count. */
const FEWEST_SAMPLES = 3;
/** What took this long is no local disk. PERF: the other samples of two sides held up a start by 60 ms at 5 ms. */
const ENOUGH_MS = 5;

/** Median in microseconds of asking for a directory's attributes past the client's cache, in blocking style. */
export async function measureLatency(fd: number, path: string): Promise<number> {
  const linux = linuxCalls('blocking');
  const { bytes } = new StatBuffer();
  const samplesUs: number[] = [];
  const beganMs = performance.now();
  while (
    samplesUs.length < FEWEST_SAMPLES ||
    (samplesUs.length < MOST_SAMPLES && performance.now() - beganMs < ENOUGH_MS)
  ) {
    const startMs = performance.now();
    const result = await linux.statx(fd, '', AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, bytes);
    samplesUs.push((performance.now() - startMs) * 1000);
    check(result, 'statx', path);
  }
  samplesUs.sort((a, b) => a - b);
  return samplesUs[(samplesUs.length - 1) >> 1] as number;
}
