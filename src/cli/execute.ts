/** One run: from what was asked for to the exit status, with reporters, signals and the report file. */
import { SyncError, TimedOut } from '../errors.ts';
import type { Report } from '../model/report.ts';
import type { Task } from '../model/task.ts';
import type { Outcome } from '../model/outcome.ts';
import { outcomeOfError } from '../policy/outcome.ts';
import { exitStatusOf } from './exit-status.ts';
import type { PageSubject } from './html/page.ts';
import { watchLimitsFile } from './limits-file.ts';
import type { CommandLine } from './options.ts';
import type { OutputTrouble } from './output-files.ts';
import { GRACE_MS, type Patience } from './patience.ts';
import { resolvePresentation } from './presentation.ts';
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
    onProgressAsked: () => reporter.progressAsked(),
  });
  const losses = new Set<string>();
  const patience = { signal: signals.signal, timeoutMs: (commandLine.options.timeout ?? 0) * 1000 };
  const outputs = { lose: (loss: string) => void losses.add(loss), patience };
  let end: RunEnd;
  let prepared: Task | undefined;
  try {
    const task = resolved ?? (await resolveTask(commandLine, patience));
    reporter = await createReporter(presentation, task, screen, outputs);
    if (presentation.reportFile !== undefined) await guardReportFile(presentation.reportFile, outputs);
    prepared = task;
    end = { report: await runTask(commandLine, task, { reporter, patience }) };
  } catch (error) {
    reporter.failed(error);
    end = { error };
  } finally {
    unwatch();
  }
  const subject = prepared === undefined ? undefined : { task: prepared, logFile: presentation.logFile };
  const givenUp = await firstFailure([
    saveEnd(end, presentation.reportFile, subject, outputs),
    reporter.closed(),
  ]);
  signals.unwatch();
  const outcome = tellLosses(losses, outcomeOf(end, givenUp), screen);
  const isStuck = givenUp ?? ('error' in end ? end.error : undefined);
  if (isStuck instanceof TimedOut) await leaveStuck(exitStatusOf(outcome), screen);
  return { outcome, end };
}

/** What kept its outputs from being written ends a run that has a report as it would have ended the run. */
function outcomeOf(end: RunEnd, givenUp: unknown): Outcome {
  if ('error' in end) return outcomeOfError(end.error);
  return givenUp === undefined ? end.report.outcome : outcomeOfError(givenUp);
}

/** Interrupted or TimedOut, once all have ended. @throws what is neither */
async function firstFailure(works: readonly Promise<void>[]): Promise<SyncError | undefined> {
  const all = await Promise.allSettled(works);
  const [first] = all.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  if (first !== undefined && !(first instanceof SyncError)) throw first;
  return first;
}

/** After a timeout threads may hang in calls that never return; nothing else would end the process. */
async function leaveStuck(status: number, screen: Screen): Promise<void> {
  screen.flush();
  // Pipes are written to asynchronously: their buffers are handed over in the next turns.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { leaveStuckThreads } = await import('../sync.ts');
  leaveStuckThreads(status);
}

/** @throws UsageError, Interrupted, TimedOut */
export async function resolveTask(commandLine: CommandLine, patience: Patience): Promise<Task> {
  const environment = { variables: process.env, isRoot: process.geteuid?.() === 0 };
  const settings = await resolveSettings(commandLine, environment, patience);
  const { source, destination, task } = commandLine;
  return Object.freeze({ source, destination, settings, ...(task && { name: task.name }) });
}

async function runTask(
  { command, options }: CommandLine,
  task: Task,
  { reporter, patience }: { reporter: CommandReporter; patience: Patience },
): Promise<Report> {
  const warn = (message: string) => reporter.warned(message);
  const { limitsFile } = options;
  const limits =
    limitsFile === undefined
      ? undefined
      : await watchLimitsFile(limitsFile, task.settings, { warn, patience });
  try {
    const engine = await import('../sync.ts');
    return await engine[command](task, {
      reporter,
      signal: patience.signal,
      ...(limits && { currentLimits: limits.current }),
    });
  } finally {
    limits?.unwatch();
  }
}

/** @throws Interrupted, TimedOut */
async function saveEnd(
  end: RunEnd,
  file: string | undefined,
  subject: PageSubject | undefined,
  outputs: Omit<OutputTrouble, 'warn'>,
): Promise<void> {
  if (file !== undefined && subject !== undefined) await writeReportFile(file, end, subject, outputs);
}

/** A run that went well otherwise did not succeed where what it was to write is incomplete. */
function tellLosses(losses: ReadonlySet<string>, reached: Outcome, screen: Screen): Outcome {
  if (losses.size === 0) return reached;
  const outcome: Outcome = reached.status === 'Success' ? { status: 'Error', reason: 'fatal' } : reached;
  for (const loss of losses) screen.err(`efs-sync: ${loss} (exit status ${exitStatusOf(outcome)})\n`);
  return outcome;
}

/** Whatever nothing catches is a bug, and must not pass for a usage error, which is Node's status 1. */
function catchBugs(reporter: () => CommandReporter, screen: Screen): () => void {
  const report = (error: unknown): void => {
    reporter().failed(error);
    screen.flush();
    const leaveNow = () => process.exit(exitStatusOf(outcomeOfError(error)));
    setTimeout(leaveNow, GRACE_MS);
    // What is told is written first; whether that goes well changes nothing.
    reporter().closed().then(leaveNow, leaveNow);
  };
  process.on('uncaughtException', report);
  return () => process.removeListener('uncaughtException', report);
}
