/** Measures how long a call takes that the server must answer. */
import type { ByteString } from '../../model/byte-string.ts';
import { AT_EMPTY_PATH, AT_STATX_FORCE_SYNC, STATX_BASIC_STATS } from '../../linux/constants.ts';
import { linuxCalls } from '../../linux/linux.ts';
import { StatBuffer } from '../../linux/stat-buffer.ts';
import { check } from '../../linux/system-error.ts';

const MOST_SAMPLES = 9;
/** With this many samples, one that a busy machine delayed does not matter. */
const FEWEST_SAMPLES = 3;
/**
 * No local disk takes this long, so sampling stops. PERF: at 5 ms, the remaining samples of two sides delayed
 * a start by 60 ms.
 */
const ENOUGH_MS = 5;

/** Median in microseconds of a blocking statx of a directory that bypasses the client's cache. */
export async function measureLatency(fd: number, path: ByteString): Promise<number> {
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
