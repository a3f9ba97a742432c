/** Measures how long a call takes that the server has to answer, and one on the thread pool. */
import { AT_EMPTY_PATH, AT_STATX_FORCE_SYNC, STATX_BASIC_STATS } from './linux/constants.ts';
import { linuxCalls } from './linux/linux.ts';
import { StatBuffer } from './linux/stat-buffer.ts';
import { check } from './linux/system-error.ts';

const SAMPLES = 9;

/** Median in microseconds of a call that only goes to the thread pool and back. */
export async function measurePooledCall(): Promise<number> {
  const linux = linuxCalls('pooled');
  return medianUs(async () => void (await linux.geteuid()));
}

/** Median in microseconds of asking for a directory's attributes past the client's cache, in blocking style. */
export async function measureLatency(fd: number, path: string): Promise<number> {
  const linux = linuxCalls('blocking');
  const { bytes } = new StatBuffer();
  return medianUs(async () => {
    const result = await linux.statx(fd, '', AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, bytes);
    check(result, 'statx', path);
  });
}

async function medianUs(call: () => Promise<void>): Promise<number> {
  const samplesUs: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const startMs = performance.now();
    await call();
    samplesUs.push((performance.now() - startMs) * 1000);
  }
  samplesUs.sort((a, b) => a - b);
  return samplesUs[(SAMPLES - 1) / 2] as number;
}
