/** The command line, from arguments to exit status. */
import { UsageError } from '../errors.ts';
import { execute } from './execute.ts';
import { exitStatusOf } from './exit-status.ts';
import { outcomeOfError } from '../policy/outcome.ts';
import type { AnyCommandLine } from './options.ts';
import { leave } from './leave.ts';
import { parseCommandLine } from './parse-command-line.ts';
import { rawArguments } from './raw-arguments.ts';
import { createErrorReporter } from './reporters/create-reporter.ts';
import { createScreen } from './screen.ts';
import { guardMachine } from './guard-machine.ts';
import { guardNames, leaveDeletedDirectory } from './working-directory.ts';

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
  // What has called a file system may have threads that hang there, and koffi's exit handler.
  if (commandLine !== undefined) await leave(status);
  return status;
}

/** PERF: what only task files need is loaded for them alone: YAML takes 15 ms. */
async function dispatch(commandLine: AnyCommandLine): Promise<number> {
  if (commandLine.command !== 'init' && commandLine.options.scan && commandLine.command !== 'preflight') {
    throw new UsageError('--scan belongs to efs-sync preflight');
  }
  if (commandLine.command === 'run') {
    const { runTasks } = await import('./run-tasks.ts');
    return runTasks(commandLine);
  }
  if (commandLine.command === 'init') {
    const { writeTask } = await import('./task-file/write-task.ts');
    return writeTask(commandLine);
  }
  if (commandLine.command === 'preflight') {
    const { runPreflight } = await import('./run-preflight.ts');
    return runPreflight(commandLine);
  }
  if (commandLine.command === 'status') {
    const { runStatus } = await import('./run-status.ts');
    return runStatus(commandLine);
  }
  if (commandLine.options.printConfig) {
    const { printConfig } = await import('./task-file/print-config.ts');
    return printConfig(commandLine);
  }
  const { outcome } = await execute(commandLine);
  return exitStatusOf(outcome);
}
