/** The tables of `efs-sync status`: a line for each task, or one task with its executions. */
import { displayText } from '../../model/display-name.ts';
import type { FoundExecution } from '../../model/execution.ts';
import { tableLines, type Cell } from '../format/table.ts';
import { formatBytes, formatCount, formatDuration, twoDigits } from '../format/units.ts';
import { taskLine } from '../format/sentences.ts';
import type { Paint } from '../paint.ts';
import { forecastWords, outlookOf, progressWords, timeLeftWords } from './outlook.ts';
import { runningOf, type TaskHistory } from './task-history.ts';

const TASK_COLUMNS = ['STATUS', 'LAST RESULT', 'STARTED', 'TOOK', 'FORECAST', 'TASK'];

export function tasksText(tasks: readonly TaskHistory[], paint: Paint, nowMs: number): string {
  const rows = tasks.map((task) => taskRow(task, paint, nowMs));
  return linesOf(
    tableLines(
      TASK_COLUMNS.map((heading) => ({ heading })),
      rows,
    ),
  );
}

function taskRow(task: TaskHistory, paint: Paint, nowMs: number): Cell[] {
  const { latest, executions } = task;
  const running = runningOf(task);
  const shown = running ?? latest;
  const last = executions.find(({ isRunning }) => !isRunning);
  const { forecast, timeLeft } = outlookOf(task, nowMs);
  const outlook = running
    ? timeLeftWords(timeLeft)
    : forecast === undefined
      ? 'none'
      : formatDuration(forecast.elapsedMs);
  return [
    { text: running?.status ?? 'Available' },
    last === undefined ? { text: '-' } : statusCell(last, paint),
    { text: localTime(shown.execution.startedAtMs) },
    { text: formatDuration(elapsedMs(shown, nowMs)) },
    { text: outlook },
    { text: taskLine(latest.execution) },
  ];
}

const EXECUTION_COLUMNS = [
  { heading: 'STARTED' },
  { heading: 'KIND' },
  { heading: 'STATUS' },
  { heading: 'TOOK' },
  ...['ENTRIES', 'FILES', 'SIZE', 'DELETED', 'PROBLEMS', 'DIFFERENCES'].map((heading) => ({
    heading,
    isNumber: true as const,
  })),
];

export function taskText(task: TaskHistory, paint: Paint, nowMs: number): string {
  const rows = task.executions.map((each) => executionRow(each, paint, nowMs));
  const [headings = '', ...lines] = tableLines(EXECUTION_COLUMNS, rows);
  const explained = task.executions.flatMap((each, index) => {
    const reason = reasonOf(each);
    return [lines[index] ?? '', ...(reason === undefined ? [] : [`  ${reason}`])];
  });
  return linesOf([taskLine(task.latest.execution), summaryOf(task, nowMs), '', headings, ...explained]);
}

function summaryOf(task: TaskHistory, nowMs: number): string {
  const { forecast, timeLeft } = outlookOf(task, nowMs);
  const running = runningOf(task);
  if (running === undefined) return `Available; ${forecastWords(forecast)}`;
  const { pid, startedAtMs } = running.execution;
  const progress = progressWords(running.execution);
  const since = `${running.status}, process ${pid}, since ${localTime(startedAtMs)}`;
  return `${since}${progress === '' ? '' : `: ${progress}`}; ${timeLeftWords(timeLeft)}`;
}

function executionRow(found: FoundExecution, paint: Paint, nowMs: number): Cell[] {
  const { startedAtMs, kind, tally, end } = found.execution;
  const counts = [
    formatCount(Math.max(tally.sourceEntries, tally.entriesVerified)),
    formatCount(tally.filesTransferred),
    formatBytes(tally.bytesTransferred),
    formatCount(tally.entriesDeleted),
    end === undefined ? '-' : formatCount(end.problems),
    end === undefined ? '-' : formatCount(end.differences),
  ];
  return [
    { text: localTime(startedAtMs) },
    { text: kind },
    statusCell(found, paint),
    { text: formatDuration(elapsedMs(found, nowMs)) },
    ...counts.map((text) => ({ text })),
  ];
}

function reasonOf({ execution, isRunning }: FoundExecution): string | undefined {
  const { end, stage, updatedAtMs } = execution;
  if (end?.reason !== undefined) return displayText(end.reason);
  if (end !== undefined || isRunning) return undefined;
  return `ended from outside in ${stage}; last heard of at ${localTime(updatedAtMs)}`;
}

function statusCell({ status, isRunning }: FoundExecution, paint: Paint): Cell {
  if (isRunning) return { text: status };
  if (status === 'Success') return { text: status, paint: paint.green };
  const mayFinishLater = status === 'Interrupted' || status === 'Incomplete';
  return { text: status, paint: mayFinishLater ? paint.yellow : paint.red };
}

/** Of a run that could not tell its end: until it was heard of last. */
function elapsedMs({ execution, isRunning }: FoundExecution, nowMs: number): number {
  const { startedAtMs, updatedAtMs, end } = execution;
  if (end !== undefined) return end.elapsedMs;
  return Math.max(0, (isRunning ? nowMs : updatedAtMs) - startedAtMs);
}

/** "2026-11-24 17:05:09", by this machine's clock and time zone. */
function localTime(atMs: number): string {
  const at = new Date(atMs);
  const date = [at.getFullYear(), twoDigits(at.getMonth() + 1), twoDigits(at.getDate())].join('-');
  return `${date} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':')}`;
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
