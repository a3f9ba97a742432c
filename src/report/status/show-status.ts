/** The tables of `efs-sync status`: a line for each task, or one task with its executions. */
import { displayText } from '../../model/display-name.ts';
import type { FoundExecution } from '../../model/run/execution.ts';
import { limitsOfSuccess } from '../text/left-out.ts';
import { formatBytes, formatCount, formatDuration, twoDigits } from '../text/quantities.ts';
import { taskLine } from '../text/sentences.ts';
import type { Paint } from '../screen.ts';
import { forecastWords, timeLeftWords, outlookOf, progressWords } from './outlook.ts';
import { type TaskHistory, runningOf } from '../../history/task-history.ts';

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
    const reason = whyOf(each);
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

function whyOf({ execution, isRunning }: FoundExecution): string | undefined {
  const { end, stage, updatedAtMs } = execution;
  if (end?.reason !== undefined) return displayText(end.reason);
  if (end?.status === 'Success') return end.coverage && limitsOfSuccess(end.coverage);
  if (end !== undefined || isRunning) return undefined;
  return `ended without a result in ${stage}; last seen at ${localTime(updatedAtMs)}`;
}

function statusCell({ status, isRunning, execution }: FoundExecution, paint: Paint): Cell {
  if (isRunning) return { text: status };
  const isProof = execution.end?.coverage?.scope !== 'nothing';
  if (status === 'Success') return { text: status, paint: isProof ? paint.green : paint.yellow };
  const mayFinishLater = status === 'Interrupted' || status === 'Incomplete';
  return { text: status, paint: mayFinishLater ? paint.yellow : paint.red };
}

/** For a run that did not record its end: up to its last sign of life. */
function elapsedMs({ execution, isRunning }: FoundExecution, nowMs: number): number {
  const { startedAtMs, updatedAtMs, end } = execution;
  if (end !== undefined) return end.elapsedMs;
  return Math.max(0, (isRunning ? nowMs : updatedAtMs) - startedAtMs);
}

/** "2026-11-24 17:05:09", in this machine's time zone. */
function localTime(atMs: number): string {
  const at = new Date(atMs);
  const date = [at.getFullYear(), twoDigits(at.getMonth() + 1), twoDigits(at.getDate())].join('-');
  return `${date} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':')}`;
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

interface Cell {
  readonly text: string;
  /** Colours the text, after it was padded. */
  readonly paint?: ((text: string) => string) | undefined;
}

interface Column {
  readonly heading: string;
  /** Right-aligned. */
  readonly isNumber?: true;
}

const GAP = '  ';

/** Lines of columns, headings first; the last column has no maximum width. */
function tableLines(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string[] {
  const widths = columns.map(({ heading }, index) =>
    Math.max(heading.length, ...rows.map((row) => row[index]?.text.length ?? 0)),
  );
  const headings = columns.map(({ heading }): Cell => ({ text: heading }));
  return [headings, ...rows].map((row) =>
    row
      .map(({ text, paint }, index) => {
        const isLast = index === columns.length - 1;
        const width = isLast && columns[index]?.isNumber !== true ? 0 : (widths[index] ?? 0);
        const padded = columns[index]?.isNumber ? text.padStart(width) : text.padEnd(width);
        return paint === undefined ? padded : paint(padded);
      })
      .join(GAP),
  );
}
