/** Samples the counts for the reporter, and the limits. */
import type { Run } from './run.ts';

const SAMPLE_INTERVAL_MS = 100;

export async function watchProgress(run: Run, work: () => Promise<void>): Promise<void> {
  updateLimits(run);
  const timer = setInterval(() => {
    updateLimits(run);
    tellProgress(run);
  }, SAMPLE_INTERVAL_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
    tellProgress(run);
  }
}

function tellProgress({ counters, reporter, statistics }: Run): void {
  const tally = counters.totals();
  statistics?.progressed(tally);
  reporter.progressed(tally);
}

function updateLimits({ limits, reporter }: Run): void {
  const changed = limits.update();
  if (changed !== undefined) reporter.limitsChanged(changed);
}
