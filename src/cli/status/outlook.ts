/** How long a task will take, in words and with what that rests on. */
import type { Execution } from '../../model/execution.ts';
import type { Phase } from '../../model/task.ts';
import {
  forecastRun,
  forecastTimeLeft,
  type Forecast,
  type TimeLeft,
} from '../../policy/history/forecast.ts';
import { formatDuration } from '../format/units.ts';
import { preparingText, progressText } from '../reporters/progress-line.ts';
import { progressOf, type Progress } from '../reporters/progress.ts';
import { pastOf, runningOf, type TaskHistory } from './task-history.ts';

export interface Outlook {
  /** Of the next run; undefined: none like it went to its end. */
  readonly forecast: Forecast | undefined;
  /** Of the one under way. */
  readonly timeLeft: TimeLeft | undefined;
}

const NO_SPEED = { bytesPerSec: 0, remainingSec: undefined };

export function outlookOf(task: TaskHistory, nowMs: number): Outlook {
  const past = pastOf(task);
  const running = runningOf(task)?.execution;
  // What is to be forecast is a sync where there was one: a verification is made between them.
  const like = running ?? past.find(({ kind }) => kind === 'sync') ?? past[0];
  return {
    forecast: like && forecastRun(past, like),
    timeLeft: running && forecastTimeLeft(running, past, { fraction: progressIn(running)?.fraction, nowMs }),
  };
}

/** Undefined: before the first phase. */
function progressIn(execution: Execution): Progress | undefined {
  const { stage, kind, tally } = execution;
  if (stage === 'Starting') return undefined;
  const progress = progressOf(stage.toLowerCase() as Phase, tally, execution);
  // A verification by itself lists as it compares: there is no total.
  return kind === 'sync' ? progress : { ...progress, totalFiles: 0, totalBytes: 0, fraction: undefined };
}

/** "12 of 345 files, 1.20 MiB of 3.40 GiB" */
export function progressWords(execution: Execution): string {
  const progress = progressIn(execution);
  if (progress === undefined) return '';
  return execution.stage === 'Preparing' ? preparingText(execution.tally) : progressText(progress, NO_SPEED);
}

export function timeLeftWords(timeLeft: TimeLeft | undefined): string {
  if (timeLeft === undefined) return 'no forecast yet';
  const { elapsedMs, unknown } = timeLeft;
  const then = unknown.length === 0 ? '' : `, then ${unknown.join(' and ')}`;
  return `about ${formatDuration(elapsedMs)} left${then}`;
}

export function forecastWords(forecast: Forecast | undefined): string {
  if (forecast === undefined) return 'no forecast: no run like it went to its end';
  const { elapsedMs, shortestMs, longestMs, runs } = forecast;
  const basis =
    runs === 1
      ? 'as the last one did'
      : `the last ${runs} took ${formatDuration(shortestMs)} to ${formatDuration(longestMs)}`;
  return `the next run takes about ${formatDuration(elapsedMs)} (${basis})`;
}
