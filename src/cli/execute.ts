/**
 * Executes one run: from the command line to the exit status, with reporters, signals and the files that it
 * writes besides the sync.
 */
import type { ByteString } from '../model/byte-string.ts';
import { SyncError, TimedOut } from '../model/run/errors.ts';
import type { Report } from '../model/run/report.ts';
import type { Task } from '../model/task.ts';
import type { Outcome } from '../model/run/outcome.ts';
import { outcomeOfError } from '../policy/decide-outcome.ts';
import { exitStatusOf } from '../report/exit-status.ts';
import { watchLimitsFile } from './options/limits-file.ts';
import type { CommandLine, Options } from './options/options.ts';
import type { OutputTrouble } from '../report/output-files.ts';
import { GRACE_MS, type Patience } from '../flow/patience.ts';
import { resolvePresentation } from './options/resolve-settings.ts';
import { guardReportFile, writeReportFile, type RunEnd } from '../report/reporters/report-file.ts';
import type { CommandReporter } from '../report/reporters/command-reporter.ts';
import { createErrorReporter, createReporter } from '../report/reporters/create-reporter.ts';
import type { RunSubject } from '../report/text/facts.ts';
import { createScreen, type Screen } from '../report/screen.ts';
import { explainRoot } from './explain-root.ts';
import { resolveTask } from './resolve-task.ts';
import { watchSignals } from './signals.ts';
import type { NamedRunFile, RunFileUse } from '../model/run/run-file.ts';

export interface Ended {
  readonly outcome: Outcome;
  readonly end: RunEnd;
}

/** @param resolved the task of that command line, if known already */
export async function execute(commandLine: CommandLine, resolved?: Task): Promise<Ended> {
  const presentation = resolvePresentation(commandLine.command, commandLine.options);
  const screen = await createScreen(process, presentation.color, process.env);
  let reporter = createErrorReporter(screen, presentation.json);
  const unwatch = catchBugs(() => reporter, screen);
  const signals = watchSignals({
    onFirst(name) {
      screen.err(`efs-sync: ${name}: stopping and cleaning up; a second signal ends it at once\n`);
      reporter.stopping();
    },
    onHangup: presentation.logFile === undefined ? undefined : () => reporter.hungUp(),
    onProgressAsked: () => reporter.progressAsked(),
  });
  const losses = new Set<string>();
  const patience = { signal: signals.signal, timeoutMs: (commandLine.options.timeout ?? 0) * 1000 };
  const outputs = { lose: (loss: string) => void losses.add(loss), patience };
  let end: RunEnd;
  let subject: RunSubject | undefined;
  try {
    const task = resolved ?? (await resolveTask(commandLine, patience));
    reporter = await createReporter(presentation, task, screen, outputs);
    for (const file of presentation.reportFiles) await guardReportFile(file, outputs);
    subject = await subjectOf(commandLine, task, presentation.logFile);
    end = { report: await runTask(commandLine, subject, { reporter, patience }) };
  } catch (error) {
    reporter.failed(error);
    end = { error };
  } finally {
    unwatch();
  }
  const givenUp = await firstFailure([
    ...presentation.reportFiles.map((file) => saveEnd(end, file, subject, outputs)),
    reporter.closed(),
  ]);
  signals.unwatch();
  const outcome = tellLosses(losses, outcomeOf(end, givenUp), screen);
  const isStuck = givenUp ?? ('error' in end ? end.error : undefined);
  if (isStuck instanceof TimedOut) await leaveStuck(exitStatusOf(outcome), screen);
  return { outcome, end };
}

/** If an output was abandoned, a run with a report ends as an interrupt or timeout would have ended it. */
function outcomeOf(end: RunEnd, givenUp: unknown): Outcome {
  if ('error' in end) return outcomeOfError(end.error);
  return givenUp === undefined ? end.report.outcome : outcomeOfError(givenUp);
}

/** Waits for all, then gives the first Interrupted or TimedOut. @throws any other error */
async function firstFailure(works: readonly Promise<void>[]): Promise<SyncError | undefined> {
  const all = await Promise.allSettled(works);
  const [first] = all.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  if (first !== undefined && !(first instanceof SyncError)) throw first;
  return first;
}

/** After a timeout, threads may hang in calls that never return, and nothing else would end the process. */
async function leaveStuck(status: number, screen: Screen): Promise<void> {
  screen.flush();
  // Pipes are written asynchronously: give the next turns time to write their buffers.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { leaveStuckThreads } = await import('../run/leave-process.ts');
  leaveStuckThreads(status);
}

async function subjectOf(
  { command, given }: CommandLine,
  task: Task,
  logFile: ByteString | undefined,
): Promise<RunSubject> {
  const { readOrigin } = await import('../run/origin.ts');
  return { task, command, origin: { ...readOrigin(), options: given }, startedAt: new Date(), logFile };
}

async function runTask(
  line: CommandLine,
  { task, origin }: RunSubject,
  { reporter, patience }: { reporter: CommandReporter; patience: Patience },
): Promise<Report> {
  const { command, options } = line;
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
      origin,
      signal: patience.signal,
      mayEndProcess: true,
      runFiles: runFilesOf(options),
      ...(limits && { currentLimits: limits.current }),
    });
  } catch (error) {
    throw explainRoot(error, line);
  } finally {
    limits?.unwatch();
  }
}

/** @throws Interrupted, TimedOut */
async function saveEnd(
  end: RunEnd,
  file: ByteString,
  subject: RunSubject | undefined,
  outputs: Omit<OutputTrouble, 'warn'>,
): Promise<void> {
  if (subject !== undefined) await writeReportFile(file, end, subject, outputs);
}

/** An otherwise successful run is no success if its output is incomplete. */
function tellLosses(losses: ReadonlySet<string>, reached: Outcome, screen: Screen): Outcome {
  if (losses.size === 0) return reached;
  const outcome: Outcome = reached.status === 'Success' ? { status: 'Error', reason: 'fatal' } : reached;
  for (const loss of losses) screen.err(`efs-sync: ${loss} (exit status ${exitStatusOf(outcome)})\n`);
  return outcome;
}

/** An uncaught error is a bug. It must not look like a usage error, which has Node's status 1. */
function catchBugs(reporter: () => CommandReporter, screen: Screen): () => void {
  const report = (error: unknown): void => {
    reporter().failed(error);
    screen.flush();
    const leaveNow = () => process.exit(exitStatusOf(outcomeOfError(error)));
    setTimeout(leaveNow, GRACE_MS);
    // Write pending output first, whether or not that succeeds.
    reporter().closed().then(leaveNow, leaveNow);
  };
  process.on('uncaughtException', report);
  return () => process.removeListener('uncaughtException', report);
}

type NamedPath = [what: string, path: ByteString | undefined, use: RunFileUse];

/**
 * Files that the run writes besides the sync, or is controlled by. If they lie in a tree, the sync leaves them
 * out.
 */
export function runFilesOf(options: Options): NamedRunFile[] {
  const { logFile, emf, report, metrics, manifest, limitsFile } = options;
  const named: NamedPath[] = [
    ['--log-file', logFile, 'appended'],
    ['--emf', emf === '-' ? undefined : emf, 'appended'],
    ...(report ?? []).map((path): NamedPath => ['--report', path, 'replaced']),
    ['--metrics', metrics, 'replaced'],
    ['--manifest', manifest, 'replaced'],
    ['--manifest', manifest === undefined ? undefined : `${manifest}.sha256`, 'replaced'],
    ['--limits-file', limitsFile, 'fixed'],
    ['standard output', '/proc/self/fd/1', 'fixed'],
    ['standard error', '/proc/self/fd/2', 'fixed'],
  ];
  return named.flatMap(([what, path, use]) => (path === undefined ? [] : [{ what, path, use }]));
}
