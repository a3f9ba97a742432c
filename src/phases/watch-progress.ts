/** Samples the counts for the reporter, and ends a run in which nothing moves any more. */
import { TimedOut } from '../errors.ts';
import { displayName } from '../model/display-name.ts';
import type { Run } from './run.ts';

const SAMPLE_INTERVAL_MS = 100;

/** @throws TimedOut, naming what was under way */
export async function watchProgress(run: Run, work: () => Promise<void>): Promise<void> {
  const { timeoutMs } = run.task.settings;
  let timer: NodeJS.Timeout | undefined;
  updateLimits(run);
  const timedOut = new Promise<never>((_, reject) => {
    let lastSum = -1;
    let lastMoveMs = performance.now();
    timer = setInterval(() => {
      updateLimits(run);
      const totals = run.counters.totals();
      run.reporter.progressed(totals);
      const sum = Object.values(totals).reduce((total, count) => total + count, run.heartbeat.count);
      if (sum !== lastSum) {
        lastSum = sum;
        lastMoveMs = performance.now();
      } else if (timeoutMs > 0 && performance.now() - lastMoveMs > timeoutMs) {
        run.stop.raise();
        reject(hanging(run));
      }
    }, SAMPLE_INTERVAL_MS);
  });
  try {
    await Promise.race([work(), timedOut]);
  } finally {
    clearInterval(timer);
    run.reporter.progressed(run.counters.totals());
  }
}

function updateLimits({ limits, reporter }: Run): void {
  const changed = limits.update();
  if (changed !== undefined) reporter.limitsChanged(changed);
}

function hanging(run: Run): TimedOut {
  const seconds = run.task.settings.timeoutMs / 1000;
  const doing = run.activity.list().map(displayName);
  const what =
    doing.length === 0 ? 'no worker was at anything' : `under way: ${doing.slice(0, 5).join(', ')}`;
  return new TimedOut(`nothing moved for ${seconds} s; ${what}`);
}
