/** Phases and progress as plain lines on standard output, for logs and pipes. */
import { capitalized } from '../format/capitalized.ts';
import type { Tally } from '../../model/tally.ts';
import type { Phase, Task } from '../../model/task.ts';
import { limitsLine, taskLine } from '../format/sentences.ts';
import type { Screen } from '../screen.ts';
import type { PartialReporter } from './command-reporter.ts';
import { phaseEndText, preparingText, progressText } from './progress-line.ts';
import { progressOf } from './progress.ts';
import { SpeedMeter } from './speed-meter.ts';

export function createPlainReporter(screen: Pick<Screen, 'out'>, everyMs: number): PartialReporter {
  let task: Task | undefined;
  let current: { phase: Phase; meter: SpeedMeter } | undefined;
  let lastTally: Tally | undefined;
  let nextLineMs = 0;
  let heading = '';
  // A run that is refused has not begun: nothing is printed before there is something to tell.
  const print = (line: string): void => {
    screen.out(`${heading}${line}\n`);
    heading = '';
  };
  const printProgress = (tally: Tally, atMs: number): void => {
    if (current === undefined) return;
    const { phase, meter } = current;
    const progress = progressOf(phase, tally, task?.settings);
    const speed = meter.add({ atMs, bytes: progress.bytes, fraction: progress.fraction ?? 0 });
    if (atMs < nextLineMs) return;
    nextLineMs = atMs + everyMs;
    const text = phase === 'preparing' ? preparingText(tally) : progressText(progress, speed);
    print(`${capitalized(phase)}: ${text}`);
  };
  return {
    started(startedTask) {
      task = startedTask;
      heading = `${taskLine(task)}\n`;
    },
    phaseStarted(phase) {
      current = { phase, meter: new SpeedMeter() };
      nextLineMs = performance.now() + everyMs;
    },
    progressed(tally) {
      lastTally = tally;
      printProgress(tally, performance.now());
    },
    limitsChanged: (limits) => print(limitsLine(limits)),
    phaseEnded(phase, elapsedMs) {
      current = undefined;
      if (lastTally) print(`${capitalized(phase)}: ${phaseEndText(phase, lastTally, elapsedMs)}`);
    },
  };
}
