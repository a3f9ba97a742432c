/** How long a task will take, in words, and the basis of that forecast. */
import type { Execution } from '../../model/run/execution.ts';
import type { Phase } from '../../model/task.ts';
import { forecastRun, forecastTimeLeft, type Forecast, type TimeLeft } from '../../history/forecast.ts';
import { formatDuration } from '../text/quantities.ts';
import { preparingText, progressOf, progressText, type Progress } from '../text/progress.ts';
import { pastOf, runningOf, type TaskHistory } from '../../history/task-history.ts';

export interface Outlook {
  /** For the next run; undefined if no similar run was completed. */
  readonly forecast: Forecast | undefined;
  /** For the current run. */
  readonly timeLeft: TimeLeft | undefined;
}

const NO_SPEED = { bytesPerSec: 0, remainingSec: undefined };

export function outlookOf(task: TaskHistory, nowMs: number): Outlook {
  const past = pastOf(task);
  const running = runningOf(task)?.execution;
  // Forecasts the next sync, if there ever was one: verifications are made in between.
  const like = running ?? past.find(({ kind }) => kind === 'sync') ?? past[0];
  return {
    forecast: like && forecastRun(past, like),
    timeLeft: running && forecastTimeLeft(running, past, { fraction: progressIn(running)?.fraction, nowMs }),
  };
}

/** Undefined before the first phase. */
function progressIn(execution: Execution): Progress | undefined {
  const { stage, kind, tally } = execution;
  if (stage === 'Starting') return undefined;
  const progress = progressOf(stage.toLowerCase() as Phase, tally, execution);
  // `verify` lists while it compares, so there is no total.
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
  if (forecast === undefined) return 'no forecast: no similar run has finished yet';
  const { elapsedMs, shortestMs, longestMs, runs } = forecast;
  const basis =
    runs === 1
      ? 'like the last one'
      : `the last ${runs} took ${formatDuration(shortestMs)} to ${formatDuration(longestMs)}`;
  return `the next run should take about ${formatDuration(elapsedMs)} (${basis})`;
}
