/** Measures how long a call takes that the server has to answer. */
import { AT_EMPTY_PATH, AT_STATX_FORCE_SYNC, STATX_BASIC_STATS } from './linux/constants.ts';
import { linuxCalls } from './linux/linux.ts';
import { StatBuffer } from './linux/stat-buffer.ts';
import { check } from './linux/system-error.ts';

const SAMPLES = 9;

/** Median in microseconds of asking for a directory's attributes past the client's cache, in blocking style. */
export async function measureLatency(fd: number, path: string): Promise<number> {
  const linux = linuxCalls('blocking');
  const { bytes } = new StatBuffer();
  const samplesUs: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const startMs = performance.now();
    const result = await linux.statx(fd, '', AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, bytes);
    samplesUs.push((performance.now() - startMs) * 1000);
    check(result, 'statx', path);
  }
  samplesUs.sort((a, b) => a - b);
  return samplesUs[(SAMPLES - 1) / 2] as number;
}
