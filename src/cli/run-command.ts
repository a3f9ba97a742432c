/** The command line, from arguments to exit status. */
import { LocationError, UsageError } from '../model/run/errors.ts';
import { execute } from './execute.ts';
import { ExitStatus, exitStatusOf } from '../report/exit-status.ts';
import { outcomeOfError } from '../policy/decide-outcome.ts';
import type { AnyCommandLine } from './options/options.ts';
import { parseCommandLine, rawArguments } from './options/parse-command-line.ts';
import { createErrorReporter } from '../report/reporters/create-reporter.ts';
import { createScreen } from '../report/screen.ts';
import { guardNames, leaveDeletedDirectory } from './working-directory.ts';
import { lstatSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

export async function runCommand(args: readonly string[]): Promise<number> {
  const screen = await createScreen(process, 'auto', process.env);
  let commandLine: AnyCommandLine | undefined;
  let status = 0;
  try {
    leaveDeletedDirectory();
    commandLine = parseCommandLine(rawArguments(args), (text) => screen.out(text));
    if (commandLine !== undefined) {
      guardMachine(commandLine);
      guardNames(commandLine);
      status = await dispatch(commandLine);
    }
  } catch (error) {
    createErrorReporter(screen, args.includes('--json')).failed(error);
    status = exitStatusOf(outcomeOfError(error));
  }
  // Code that called a file system may have left threads that hang, and koffi's exit handler.
  if (commandLine !== undefined) await leave(status);
  return status;
}

/** @throws UsageError for an option of another command */
function guardCommand(commandLine: AnyCommandLine): void {
  if (commandLine.command === 'init') return;
  const { command, options } = commandLine;
  if (options.scan && command !== 'preflight')
    throw new UsageError('--scan works only with efs-sync preflight');
  if (options.for !== undefined && command !== 'preflight')
    throw new UsageError('--for works only with efs-sync preflight --scan');
  if (options.forget && command !== 'status')
    throw new UsageError('--forget works only with efs-sync status');
}

/** PERF: code for task files is loaded only for them: YAML takes 15 ms. */
async function dispatch(commandLine: AnyCommandLine): Promise<number> {
  guardCommand(commandLine);
  if (commandLine.command === 'run') {
    const { runTasks } = await import('./run-tasks.ts');
    return runTasks(commandLine);
  }
  if (commandLine.command === 'init') {
    const { writeTask } = await import('./write-task.ts');
    return writeTask(commandLine);
  }
  if (commandLine.command === 'preflight') {
    const { runPreflight } = await import('./run-preflight.ts');
    return runPreflight(commandLine);
  }
  if (commandLine.command === 'why') {
    const { runWhy } = await import('./run-why.ts');
    return runWhy(commandLine);
  }
  if (commandLine.command === 'status') {
    const { runStatus } = await import('./run-status.ts');
    return runStatus(commandLine);
  }
  if (commandLine.options.printConfig) {
    const { printConfig } = await import('./write-task.ts');
    return printConfig(commandLine);
  }
  const { outcome } = await execute(commandLine);
  return exitStatusOf(outcome);
}

/** Mounts, open files and owners are read from /proc: proc(5). @throws LocationError */
function guardMachine({ command }: AnyCommandLine): void {
  if (command === 'init') return;
  if (lstatSync('/proc/self', { throwIfNoEntry: false }) === undefined) {
    throw new LocationError('efs-sync needs /proc, which is not mounted here; run mount -t proc proc /proc');
  }
}

const LOOK_AGAIN_MS = 2;
/** Exit statuses after which a thread may be in a call that never returns. */
const GIVEN_UP: ReadonlySet<number> = new Set([ExitStatus.interrupted, ExitStatus.timeout]);

/**
 * Ends the process once all output is written. Not through exit(3): there koffi's handler sometimes waits
 * without end, for a lock held by a worker that has ended (koffi 3.3.4, one of some hundred traced runs).
 */
async function leave(status: number): Promise<void> {
  // Screens write their buffers in the next turn.
  await nextTurn();
  for (const stream of [process.stdout, process.stderr]) {
    while (stream.writableLength > 0 && !stream.destroyed) await sleep(LOOK_AGAIN_MS);
  }
  await nextTurn();
  // Let Node's own handlers change the status: output that could not be printed is no success.
  process.exitCode = status;
  process.emit('exit', status);
  const { leavePastExitHandlers, leaveStuckThreads } = await import('../run/leave-process.ts');
  if (GIVEN_UP.has(status)) leaveStuckThreads(process.exitCode);
  else leavePastExitHandlers(process.exitCode);
}
