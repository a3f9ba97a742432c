/** Work on both roots that a call which hangs cannot hold up unseen: it is warned of, and ended by `--timeout`. */
import { StopFlag } from '../flow/stop-flag.ts';
import type { Reporter } from '../model/reporter.ts';
import type { Task } from '../model/task.ts';
import { Movement } from './movement.ts';
import { startWatchdog } from './watchdog.ts';
import { watchHangs } from './watch-hangs.ts';

export interface Watched {
  readonly movement: Movement;
  readonly stop: StopFlag;
}

/** @throws TimedOut, and what hangs goes on to */
export async function watched<T>(
  { task, reporter }: { task: Task; reporter: Pick<Reporter, 'warned'> },
  work: (watched: Watched) => Promise<T>,
): Promise<T> {
  const [movement, stop] = [new Movement(), new StopFlag()];
  const { timeoutMs } = task.settings;
  const watchdog = timeoutMs > 0 ? startWatchdog(movement, timeoutMs) : undefined;
  try {
    return await watchHangs({ movement, timeoutMs, reporter, stop: () => stop.raise() }, () =>
      work({ movement, stop }),
    );
  } finally {
    await watchdog?.end();
  }
}
