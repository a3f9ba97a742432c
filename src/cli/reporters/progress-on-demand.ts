/** SIGUSR1: one line of progress on standard error, as dd prints it, whatever else is shown. */
import type { Tally } from '../../model/tally.ts';
import type { Phase, Task } from '../../model/task.ts';
import { capitalized } from '../format/capitalized.ts';
import type { Screen } from '../screen.ts';
import type { PartialReporter } from './command-reporter.ts';
import { preparingText, progressText } from './progress-line.ts';
import { progressOf } from './progress.ts';
import { SpeedMeter } from './speed-meter.ts';

export function createProgressOnDemand(screen: Pick<Screen, 'err'>): PartialReporter {
  let task: Task | undefined;
  let phase: Phase | undefined;
  let text = '';
  let meter = new SpeedMeter();
  return {
    started: (startedTask) => void (task = startedTask),
    phaseStarted(startedPhase) {
      phase = startedPhase;
      meter = new SpeedMeter();
      text = 'has begun';
    },
    progressed(tally) {
      if (phase !== undefined) text = textOf(phase, tally, task);
    },
    progressAsked() {
      screen.err(
        `efs-sync: ${phase === undefined ? 'no phase has begun' : `${capitalized(phase)}: ${text}`}\n`,
      );
    },
  };

  function textOf(current: Phase, tally: Tally, of: Task | undefined): string {
    const progress = progressOf(current, tally, of?.settings);
    const speed = meter.add({
      atMs: performance.now(),
      bytes: progress.bytes,
      fraction: progress.fraction ?? 0,
    });
    return current === 'preparing' ? preparingText(tally) : progressText(progress, speed);
  }
}
