/** Creates the reporters of a run, depending on what the user wants to see and where. */
import type { ByteString } from '../../model/byte-string.ts';
import { LocationError, reportOfError, UsageError } from '../../model/run/errors.ts';
import type { Task } from '../../model/task.ts';
import type { OutputTrouble } from '../output-files.ts';
import type { ListedChange } from '../../model/change.ts';
import { formatLines } from '../text/out-format.ts';
import type { Presentation } from '../presentation.ts';
import { reasonOf } from '../error-reason.ts';
import {
  adviceText,
  differenceLine,
  itemizedLine,
  problemLine,
  runErrorText,
  skippedLine,
  splitLine,
  verboseLine,
  verdictLine,
  waitingLine,
} from '../text/sentences.ts';
import { helpHint } from '../command-name.ts';
import type { Screen } from '../screen.ts';
import { type PartialReporter, combineReporters, type CommandReporter } from './command-reporter.ts';
import { beginExecution, createHistoryReporter } from './history.ts';
import { createJsonReporter } from './json.ts';
import { createLogFileReporter } from './log-file.ts';
import { createPlainReporter, createProgressOnDemand } from './progress-lines.ts';
import { displayName, displayText } from '../../model/display-name.ts';
import { isUnwritable } from '../../policy/judge-failure.ts';
import { exitStatusOf } from '../exit-status.ts';
import { formatReport } from '../text/final-report.ts';
import { headlineOf } from '../text/headline.ts';

const PLAIN_EVERY_MS = 30_000;
const PROGRESS_EVERY_MS = 1000;

/**
 * `losses` is told which output is permanently incomplete. @throws UsageError if a file cannot be written;
 * Interrupted, TimedOut
 */
export async function createReporter(
  presentation: Presentation,
  task: Task,
  screen: Screen,
  losses: Omit<OutputTrouble, 'warn'>,
): Promise<CommandReporter> {
  const trouble = createTroubleReporter(screen, presentation.command);
  const { logFile, metricsFile, embeddedMetricsFile, manifestFile } = presentation;
  const outputs: OutputTrouble = { warn: (message) => trouble.warned?.(message), ...losses };
  const log =
    logFile === undefined ? [] : [await createLogFileReporter(logFile, presentation.command, outputs)];
  const metrics = metricsFile === undefined ? [] : [await loadMetrics(metricsFile, task, outputs)];
  const embedded =
    embeddedMetricsFile === undefined
      ? []
      : [await loadEmbeddedMetrics(embeddedMetricsFile, task, screen, outputs)];
  const manifest =
    manifestFile === undefined
      ? []
      : [await loadManifest(manifestFile, { task, command: presentation.command }, outputs)];
  const service = await loadService(process.env['NOTIFY_SOCKET'], outputs);
  const history = task.settings.dryRun ? [] : [await loadHistory(task, presentation.command, outputs)];
  const files = [...log, ...metrics, ...embedded, ...manifest, ...history];
  const reporters = [
    ...(await shown({ presentation, source: task.source }, screen, trouble)),
    ...files,
    ...service,
  ];
  return combineReporters([...reporters, createProgressOnDemand(screen)]);
}

async function loadMetrics(file: ByteString, task: Task, outputs: OutputTrouble): Promise<PartialReporter> {
  const { createMetricsReporter } = await import('./metrics-file.ts');
  return createMetricsReporter(file, task, outputs);
}

async function loadEmbeddedMetrics(
  file: ByteString,
  task: Task,
  screen: Screen,
  outputs: OutputTrouble,
): Promise<PartialReporter> {
  const { createEmbeddedMetricsReporter } = await import('./embedded-metrics-file.ts');
  return createEmbeddedMetricsReporter(file, task, screen, outputs);
}

async function loadService(address: string | undefined, { warn }: OutputTrouble): Promise<PartialReporter[]> {
  if (!address) return [];
  const { createServiceReporter, serviceManagerAt } = await import('./service.ts');
  return [createServiceReporter(serviceManagerAt(address, warn))];
}

/** Loaded last: a run whose command line is refused is not recorded in the history. */
async function loadHistory(
  task: Task,
  kind: 'sync' | 'verify',
  { warn }: OutputTrouble,
): Promise<PartialReporter> {
  const { stateDirectory, fallbackStateDirectory: fallback } = task.settings;
  const { keepExecution } = await import('../../history/keep-execution.ts');
  const first = beginExecution(task, kind);
  try {
    return createHistoryReporter(first, await keepExecution(stateDirectory, first), warn);
  } catch (error) {
    // A sync without its lock will not start, and reports the reason itself.
    const reason = error instanceof LocationError ? error.message : reasonOf(error);
    const isLockedElsewhere = kind === 'sync' && fallback !== '' && isUnwritable(stateDirectory, error);
    const lock = isLockedElsewhere ? `, and its lock is in ${displayName(fallback)}` : '';
    return { started: () => warn(`this run is not in the history${lock}: ${reason}`) };
  }
}

async function loadManifest(
  file: ByteString,
  run: { task: Task; command: 'sync' | 'verify' },
  outputs: OutputTrouble,
): Promise<PartialReporter> {
  const { createManifestReporter } = await import('./manifest-file.ts');
  return createManifestReporter(file, run, outputs);
}

/** For an error before there is a run to report on. */
export function createErrorReporter(screen: Screen, json: boolean): CommandReporter {
  const trouble = createTroubleReporter(screen, 'sync');
  return combineReporters(json ? [createJsonReporter(screen, 'sync'), trouble] : [trouble]);
}

async function shown(
  { presentation, source }: { presentation: Presentation; source: ByteString },
  screen: Screen,
  trouble: PartialReporter,
): Promise<PartialReporter[]> {
  const { json, quiet, listing, stats, progress, command } = presentation;
  if (json) return [createJsonReporter(screen, command), { failed: (error) => trouble.failed?.(error) }];
  if (quiet) return [trouble, createQuietClosing(screen)];
  const phases = screen.isLive
    ? await (await import('./terminal.ts')).createTerminalReporter(screen, process.env)
    : createPlainReporter(screen, progress ? PROGRESS_EVERY_MS : PLAIN_EVERY_MS);
  const { outFormat = '' } = presentation;
  const lineOf = {
    itemized: itemizedLine,
    paths: verboseLine,
    formatted: formatLines(outFormat, source),
    none: undefined,
  }[listing];
  const list = lineOf === undefined ? [] : [createChangeList(screen, lineOf)];
  const notices: PartialReporter = {
    waiting: (destination, holder) => screen.err(`efs-sync: ${waitingLine(destination, holder)}\n`),
    advised: (check) => trouble.warned?.(adviceText(check)),
    linksSplit: (split) => screen.out(`${splitLine(split)}\n`),
    skipped: (path) => screen.out(`${skippedLine(path)}\n`),
  };
  return [phases, notices, ...list, trouble, createClosingReporter(screen, { stats, listing })];
}

/** The list of changes on standard output: `-i`, `-v`, `--out-format` and dry runs. */
function createChangeList(
  screen: Screen,
  lineOf: (change: ListedChange) => string | undefined,
): PartialReporter {
  return {
    changed(change) {
      const line = lineOf(change);
      if (line !== undefined) screen.out(`${line}\n`);
    },
  };
}

/** Problems, verdicts, warnings and errors on standard error, as they occur. */
function createTroubleReporter(screen: Screen, command: Presentation['command']): PartialReporter {
  const paint = screen.errPaint;
  let roots: Pick<Task, 'source' | 'destination'> = { source: 'source', destination: 'destination' };
  let repairs = false;
  return {
    started(task) {
      roots = task;
      repairs = task.settings.repair;
    },
    warned: (message) => screen.err(paint.yellow(`efs-sync: warning: ${displayText(message)}`) + '\n'),
    problem: (problem) => screen.err(paint.red(`efs-sync: ${problemLine(problem, roots)}`) + '\n'),
    verdict: (verdict) =>
      screen.err(paint.red(`efs-sync: ${verdictLine(verdict, { command, repairs })}`) + '\n'),
    repaired: (verdict) => screen.err(paint.yellow(`efs-sync: repaired: ${differenceLine(verdict)}`) + '\n'),
    failed(error) {
      screen.err(paint.red(`efs-sync: ${runErrorText(error)}`) + '\n');
      if (error instanceof UsageError) screen.err(`${helpHint()}\n`);
    },
  };
}

/** The end of a run: the report on standard output, or with `-q` one line on standard error. */
const LIST_LIMIT = 20;

function createClosingReporter(
  screen: Screen,
  { stats, listing }: Pick<Presentation, 'stats' | 'listing'>,
): PartialReporter {
  // On a terminal all were just shown; but problems may be far above, between the changes that are listed.
  const listLimit = screen.isShared && listing === 'none' ? 0 : LIST_LIMIT;
  const verdictLimit = screen.isShared ? 0 : LIST_LIMIT;
  const style = { paint: screen.outPaint, stats, listLimit, verdictLimit };
  return {
    finished: (report) => screen.out(formatReport(report, style)),
    failed(error) {
      const report = reportOfError(error);
      if (report !== undefined) screen.out(formatReport(report, style));
    },
  };
}

/** Prints nothing after a success, as cron mails every output. */
function createQuietClosing(screen: Screen): PartialReporter {
  return {
    finished(report) {
      const { outcome } = report;
      if (outcome.status === 'Success') return;
      screen.err(
        screen.errPaint.red(`efs-sync: ${headlineOf(report)} (exit status ${exitStatusOf(outcome)})`) + '\n',
      );
    },
  };
}
