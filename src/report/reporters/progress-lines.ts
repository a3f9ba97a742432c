/**
 * Progress as plain lines: on standard output for logs and pipes, or one line on standard error whenever
 * somebody asks.
 */
import { capitalized } from '../text/quantities.ts';
import type { Tally } from '../../model/tally.ts';
import type { Phase, Task } from '../../model/task.ts';
import { limitsLine, taskLine } from '../text/sentences.ts';
import type { Screen } from '../screen.ts';
import type { PartialReporter } from './command-reporter.ts';
import { phaseEndText, preparingText, progressOf, progressText, SpeedMeter } from '../text/progress.ts';

/** Phases and progress. */
export function createPlainReporter(screen: Pick<Screen, 'out'>, everyMs: number): PartialReporter {
  let task: Task | undefined;
  let current: { phase: Phase; meter: SpeedMeter } | undefined;
  let lastTally: Tally | undefined;
  let nextLineMs = 0;
  let heading = '';
  // A refused run has not begun: print nothing before there is something to report.
  const print = (line: string): void => {
    screen.out(`${heading}${line}\n`);
    heading = '';
  };
  const printProgress = (tally: Tally, atMs: number): void => {
    if (current === undefined) return;
    const { phase, meter } = current;
    const progress = progressOf(phase, tally, task?.settings);
    const speed = meter.add(atMs, progress);
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

/** SIGUSR1: prints one line of progress, as dd does, whatever other output there is. */
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
      text = 'started';
    },
    progressed(tally) {
      if (phase !== undefined) text = snapshotText(phase, tally, task);
    },
    progressAsked() {
      screen.err(
        `efs-sync: ${phase === undefined ? 'no phase has started yet' : `${capitalized(phase)}: ${text}`}\n`,
      );
    },
  };

  function snapshotText(current: Phase, tally: Tally, of: Task | undefined): string {
    const progress = progressOf(current, tally, of?.settings);
    const speed = meter.add(performance.now(), progress);
    return current === 'preparing' ? preparingText(tally) : progressText(progress, speed);
  }
}
