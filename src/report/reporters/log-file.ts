/** `--log-file`: appends changes, problems, verdicts and the result, with time and process as rsync does. */
import type { ByteString } from '../../model/byte-string.ts';
import { reportOfError } from '../../model/run/errors.ts';
import type { Report } from '../../model/run/report.ts';
import type { Task } from '../../model/task.ts';
import { AppendFile } from '../append-file.ts';
import { displayText } from '../../model/display-name.ts';
import { mountedLine, originLine } from '../text/facts.ts';
import { formatReport } from '../text/final-report.ts';
import {
  differenceLine,
  adviceText,
  itemizedLine,
  limitsLine,
  problemLine,
  runErrorText,
  skippedLine,
  splitLine,
  taskLine,
  verdictLine,
  waitingLine,
} from '../text/sentences.ts';
import { twoDigits } from '../text/quantities.ts';
import type { OutputTrouble } from '../output-files.ts';
import { NO_PAINT } from '../screen.ts';
import type { PartialReporter } from './command-reporter.ts';

const STYLE = { paint: NO_PAINT, stats: false, listLimit: 0 };
const SIDES = ['source', 'destination'] as const;
const BUFFER_LENGTH = 65_536;

/** @throws UsageError if it cannot be opened; Interrupted, TimedOut */
export async function createLogFileReporter(
  file: ByteString,
  command: 'sync' | 'verify',
  outputs: OutputTrouble,
): Promise<PartialReporter> {
  const log = await openLog(file, outputs);
  let roots: Pick<Task, 'source' | 'destination'> = { source: 'source', destination: 'destination' };
  let repairs = false;
  const addReport = (report: Report): void => {
    for (const line of formatReport(report, STYLE).split('\n')) if (line !== '') log.add(line);
  };
  return {
    started(task, provenance) {
      roots = task;
      repairs = task.settings.repair;
      log.add(taskLine(task));
      log.add(originLine(provenance));
      for (const side of SIDES) log.add(mountedLine(side, task[side], provenance.roots[side]));
    },
    waiting: (destination, holder) => log.addAtOnce(waitingLine(destination, holder)),
    phaseStarted: (phase) => log.add(phase),
    phaseEnded: () => log.flush(),
    changed: (change) => log.add(itemizedLine(change)),
    skipped: (path) => log.add(skippedLine(path)),
    advised: (check) => log.add(`warning: ${displayText(adviceText(check))}`),
    linksSplit: (split) => log.add(splitLine(split)),
    limitsChanged: (limits) => log.addAtOnce(limitsLine(limits)),
    warned: (message) => log.add(`warning: ${displayText(message)}`),
    problem: (problem) => log.add(problemLine(problem, roots)),
    verdict: (verdict) => log.add(verdictLine(verdict, { command, repairs })),
    repaired: (verdict) => log.add(`repaired: ${differenceLine(verdict)}`),
    finished(report) {
      addReport(report);
      log.flush();
    },
    failed(error) {
      log.add(runErrorText(error));
      const report = reportOfError(error);
      if (report !== undefined) addReport(report);
      log.flush();
    },
    hungUp: () => log.reopen(),
    closed: () => log.close(),
  };
}

interface Log {
  add(line: string): void;
  addAtOnce(line: string): void;
  flush(): void;
  reopen(): void;
  close(): Promise<void>;
}

async function openLog(file: ByteString, trouble: OutputTrouble): Promise<Log> {
  const target = await AppendFile.open({ option: 'log-file', file }, trouble);
  let pending = '';
  const flush = (): void => {
    if (pending !== '') target.append(pending);
    pending = '';
  };
  const add = (line: string): void => {
    pending += `${timestamp(new Date())} [${process.pid}] ${line}\n`;
    if (pending.length >= BUFFER_LENGTH) flush();
  };
  return {
    add,
    addAtOnce(line) {
      add(line);
      flush();
    },
    flush,
    reopen() {
      flush();
      target.reopen();
    },
    async close() {
      flush();
      await target.close();
    },
  };
}

/** rsync's format: 2026/05/01 12:00:00, local time. */
function timestamp(date: Date): string {
  const day = [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join('/');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':')}`;
}
