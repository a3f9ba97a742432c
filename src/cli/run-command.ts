/** One run of the command, from arguments to exit status. */
import { TimedOut } from '../errors.ts';
import type { Report } from '../model/report.ts';
import type { Task } from '../model/task.ts';
import { exitStatusOfError, exitStatusOfReport } from './exit-status.ts';
import { watchLimitsFile, type LimitsFile } from './limits-file.ts';
import type { CommandLine } from './options.ts';
import { parseCommandLine } from './parse-command-line.ts';
import { resolvePresentation, type Presentation } from './presentation.ts';
import { rawArguments } from './raw-arguments.ts';
import { guardReportFile, writeReportFile, type RunEnd } from './report-file.ts';
import type { CommandReporter } from './reporters/command-reporter.ts';
import { createErrorReporter, createReporter } from './reporters/create-reporter.ts';
import { resolveSettings } from './resolve-settings.ts';
import { createScreen, type Screen } from './screen.ts';
import { watchSignals } from './signals.ts';

export async function runCommand(args: readonly string[]): Promise<number> {
  let help = '';
  let commandLine: CommandLine | undefined;
  try {
    commandLine = parseCommandLine(rawArguments(args), (text) => (help += text));
  } catch (error) {
    const screen = createScreen(process, 'auto', process.env);
    createErrorReporter(screen, args.includes('--json')).failed(error);
    return exitStatusOfError(error);
  }
  if (commandLine === undefined) {
    createScreen(process, 'auto', process.env).out(help);
    return 0;
  }
  return execute(commandLine);
}

async function execute(commandLine: CommandLine): Promise<number> {
  const presentation = resolvePresentation(commandLine.command, commandLine.options);
  const screen = createScreen(process, presentation.color, process.env);
  let reporter = createErrorReporter(screen, presentation.json);
  catchBugs(() => reporter, screen);
  let end: RunEnd;
  let isPrepared = false;
  try {
    const task = resolveTask(commandLine);
    reporter = await createReporter(presentation, screen);
    if (presentation.reportFile !== undefined) guardReportFile(presentation.reportFile);
    isPrepared = true;
    end = { report: await runTask(commandLine, task, reporter, screen) };
  } catch (error) {
    reporter.failed(error);
    end = { error };
  }
  const status = 'report' in end ? exitStatusOfReport(end.report) : exitStatusOfError(end.error);
  const saved = isPrepared ? saveEnd(end, status, presentation, screen) : status;
  if ('error' in end && end.error instanceof TimedOut) await leaveStuck(saved, screen);
  return saved;
}

/** After a timeout threads may hang in calls that never return; nothing else would end the process. */
async function leaveStuck(status: number, screen: Screen): Promise<void> {
  screen.flush();
  // Pipes are written to asynchronously: their buffers are handed over in the next turns.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { leaveStuckThreads } = await import('../sync.ts');
  leaveStuckThreads(status);
}

function resolveTask(commandLine: CommandLine): Task {
  const environment = { variables: process.env, isRoot: process.geteuid?.() === 0 };
  const settings = resolveSettings(commandLine, environment);
  return Object.freeze({ source: commandLine.source, destination: commandLine.destination, settings });
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
function catchBugs(reporter: () => CommandReporter, screen: Screen): void {
  process.on('uncaughtException', (error) => {
    reporter().failed(error);
    screen.flush();
    process.exit(exitStatusOfError(error));
  });
}
