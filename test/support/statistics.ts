/** Made-up statistics of a run: an hour long, with names of every kind. */
import type { RunStatistics, TimeSample } from '../../src/model/run/run-statistics.ts';

const PHASES = ['preparing', 'syncing', 'verifying'] as const;
const SAMPLE_MS = 15_000;
const SAMPLES = 240;

export const STATISTICS: RunStatistics = {
  timeSeries: Array.from({ length: SAMPLES }, (_, index): TimeSample => {
    const phase = PHASES[Math.floor((index / SAMPLES) * PHASES.length)] ?? 'verifying';
    const entries = 1000 + ((index * 7919) % 900);
    const bytes = phase === 'preparing' ? 0 : entries * 100_000;
    return { phase, startMs: index * SAMPLE_MS, elapsedMs: SAMPLE_MS, entries, bytes };
  }),
  slowestDirectories: [
    { phase: 'preparing', path: '', elapsedMs: 12 },
    { phase: 'syncing', path: `<i>/${'long/'.repeat(60)}\xff`, elapsedMs: 412_000 },
  ],
  fileSizes: [
    { largestBytes: 0, files: 12, bytes: 0 },
    { largestBytes: 10_240, files: 310_000, bytes: 1_600_000_000 },
    { files: 2, bytes: 310_000_000_000 },
  ],
};
