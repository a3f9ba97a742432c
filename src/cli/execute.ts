/** One run: from what was asked for to the exit status, with reporters, signals and the report file. */
import { TimedOut } from '../errors.ts';
import type { Report } from '../model/report.ts';
import type { Task } from '../model/task.ts';
import { exitStatusOfError, exitStatusOfReport } from './exit-status.ts';
import { watchLimitsFile, type LimitsFile } from './limits-file.ts';
import type { CommandLine } from './options.ts';
import { resolvePresentation, type Presentation } from './presentation.ts';
import { guardReportFile, writeReportFile, type RunEnd } from './report-file.ts';
import type { CommandReporter } from './reporters/command-reporter.ts';
import { createErrorReporter, createReporter } from './reporters/create-reporter.ts';
import { resolveSettings } from './resolve-settings.ts';
import { createScreen, type Screen } from './screen.ts';
import { watchSignals } from './signals.ts';

export interface Ended {
  readonly status: number;
  readonly end: RunEnd;
}

/** @param resolved the task of that command line, where it is known already */
export async function execute(commandLine: CommandLine, resolved?: Task): Promise<Ended> {
  const presentation = resolvePresentation(commandLine.command, commandLine.options);
  const screen = await createScreen(process, presentation.color, process.env);
  let reporter = createErrorReporter(screen, presentation.json);
  const unwatch = catchBugs(() => reporter, screen);
  let end: RunEnd;
  let isPrepared = false;
  try {
    const task = resolved ?? resolveTask(commandLine);
    reporter = await createReporter(presentation, task, screen);
    if (presentation.reportFile !== undefined) guardReportFile(presentation.reportFile);
    isPrepared = true;
    end = { report: await runTask(commandLine, task, reporter, screen) };
  } catch (error) {
    reporter.failed(error);
    end = { error };
  } finally {
    unwatch();
  }
  const status = 'report' in end ? exitStatusOfReport(end.report) : exitStatusOfError(end.error);
  const saved = isPrepared ? saveEnd(end, status, presentation, screen) : status;
  if ('error' in end && end.error instanceof TimedOut) await leaveStuck(saved, screen);
  return { status: saved, end };
}

/** After a timeout threads may hang in calls that never return; nothing else would end the process. */
async function leaveStuck(status: number, screen: Screen): Promise<void> {
  screen.flush();
  // Pipes are written to asynchronously: their buffers are handed over in the next turns.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { leaveStuckThreads } = await import('../sync.ts');
  leaveStuckThreads(status);
}

export function resolveTask(commandLine: CommandLine): Task {
  const environment = { variables: process.env, isRoot: process.geteuid?.() === 0 };
  const settings = resolveSettings(commandLine, environment);
  const { source, destination, task } = commandLine;
  return Object.freeze({ source, destination, settings, ...(task && { name: task.name }) });
}

async function runTask(
  { command, options }: CommandLine,
  task: Task,
  reporter: CommandReporter,
  screen: Screen,
): Promise<Report> {
  const limits = await followLimits(options.limitsFile, task, reporter);
  const { signal, unwatch } = watchSignals((name) =>
    screen.err(`efs-sync: ${name}: stopping and tidying up; a second one ends it at once\n`),
  );
  try {
    const engine = await import('../sync.ts');
    return await engine[command](task, {
      reporter,
      signal,
      ...(limits && { currentLimits: limits.current }),
    });
  } finally {
    limits?.unwatch();
    unwatch();
  }
}

async function followLimits(
  file: string | undefined,
  { settings }: Task,
  reporter: CommandReporter,
): Promise<LimitsFile | undefined> {
  return file === undefined
    ? undefined
    : watchLimitsFile(file, settings, (message) => reporter.warned(message));
}

/** A report that cannot be saved fails a run that went well otherwise. */
function saveEnd(end: RunEnd, status: number, { reportFile }: Presentation, screen: Screen): number {
  if (reportFile === undefined) return status;
  try {
    writeReportFile(reportFile, end);
    return status;
  } catch (error) {
    createErrorReporter(screen, false).failed(error);
    return status === 0 ? exitStatusOfError(error) : status;
  }
}

/** Whatever nothing catches is a bug, and must not pass for a usage error, which is Node's status 1. */
function catchBugs(reporter: () => CommandReporter, screen: Screen): () => void {
  const report = (error: unknown): void => {
    reporter().failed(error);
    screen.flush();
    process.exit(exitStatusOfError(error));
  };
  process.on('uncaughtException', report);
  return () => process.removeListener('uncaughtException', report);
}
