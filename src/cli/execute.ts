/** One run: from what was asked for to the exit status, with reporters, signals and the report file. */
import { FatalError, TimedOut } from '../errors.ts';
import type { Report } from '../model/report.ts';
import type { Task } from '../model/task.ts';
import type { Outcome } from '../model/outcome.ts';
import { outcomeOfError } from '../policy/outcome.ts';
import { exitStatusOf } from './exit-status.ts';
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
  readonly outcome: Outcome;
  readonly end: RunEnd;
}

/** @param resolved the task of that command line, where it is known already */
export async function execute(commandLine: CommandLine, resolved?: Task): Promise<Ended> {
  const presentation = resolvePresentation(commandLine.command, commandLine.options);
  const screen = await createScreen(process, presentation.color, process.env);
  let reporter = createErrorReporter(screen, presentation.json);
  const unwatch = catchBugs(() => reporter, screen);
  const signals = watchSignals({
    onFirst(name) {
      screen.err(`efs-sync: ${name}: stopping and tidying up; a second one ends it at once\n`);
      reporter.stopping();
    },
    onHangup: presentation.logFile === undefined ? undefined : () => reporter.hungUp(),
  });
  const losses: string[] = [];
  let end: RunEnd;
  let prepared: Task | undefined;
  try {
    const task = resolved ?? resolveTask(commandLine);
    reporter = await createReporter(presentation, task, screen, (loss) => losses.push(loss));
    if (presentation.reportFile !== undefined) guardReportFile(presentation.reportFile);
    prepared = task;
    end = { report: await runTask(commandLine, task, reporter, signals.signal) };
  } catch (error) {
    reporter.failed(error);
    end = { error };
  } finally {
    unwatch();
  }
  const reached = 'report' in end ? end.report.outcome : outcomeOfError(end.error);
  if (prepared !== undefined) await saveEnd(end, prepared, presentation, losses);
  reporter.closed();
  signals.unwatch();
  const outcome = tellLosses(losses, reached, screen);
  if ('error' in end && end.error instanceof TimedOut) await leaveStuck(exitStatusOf(outcome), screen);
  return { outcome, end };
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
  signal: AbortSignal,
): Promise<Report> {
  const limits = await followLimits(options.limitsFile, task, reporter);
  try {
    const engine = await import('../sync.ts');
    return await engine[command](task, {
      reporter,
      signal,
      ...(limits && { currentLimits: limits.current }),
    });
  } finally {
    limits?.unwatch();
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

async function saveEnd(
  end: RunEnd,
  task: Task,
  { reportFile, logFile }: Presentation,
  losses: string[],
): Promise<void> {
  if (reportFile === undefined) return;
  try {
    await writeReportFile(reportFile, end, { task, logFile });
  } catch (error) {
    if (!(error instanceof FatalError)) throw error;
    losses.push(error.message);
  }
}

/** A run that went well otherwise did not succeed where what it was to write is incomplete. */
function tellLosses(losses: readonly string[], reached: Outcome, screen: Screen): Outcome {
  if (losses.length === 0) return reached;
  const outcome: Outcome = reached.status === 'Success' ? { status: 'Error', reason: 'fatal' } : reached;
  for (const loss of new Set(losses)) {
    screen.err(`efs-sync: ${loss} (exit status ${exitStatusOf(outcome)})\n`);
  }
  return outcome;
}

/** Whatever nothing catches is a bug, and must not pass for a usage error, which is Node's status 1. */
function catchBugs(reporter: () => CommandReporter, screen: Screen): () => void {
  const report = (error: unknown): void => {
    reporter().failed(error);
    screen.flush();
    process.exit(exitStatusOf(outcomeOfError(error)));
  };
  process.on('uncaughtException', report);
  return () => process.removeListener('uncaughtException', report);
}
