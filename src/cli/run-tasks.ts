/** `efs-sync run`: reads all task files before anything is done, then runs one task after another. */
import { ExitStatus, exitStatusOf } from '../report/exit-status.ts';
import { execute } from './execute.ts';
import { resolveTask } from './resolve-task.ts';
import { displayName, displayText } from '../model/display-name.ts';
import { expandPattern } from './options/list-files.ts';
import { runAfter, runBefore } from './hooks.ts';
import type { Task } from '../model/task.ts';
import type { CommandLine, RunCommandLine } from './options/options.ts';
import type { Patience } from '../flow/patience.ts';
import { patiently } from './signals.ts';
import { DEFAULT_PRESENTATION } from '../report/presentation.ts';
import { createScreen } from '../report/screen.ts';
import { overrideTask, readTask } from './task-file/read-task.ts';
import { printConfig } from './write-task.ts';
import { guardTask } from './working-directory.ts';

/**
 * Gives the status of the first task that failed. The others run all the same, unless interrupted. @throws
 * UsageError if a file cannot be used, before anything was done
 */
export async function runTasks(line: RunCommandLine): Promise<number> {
  const tasks = await patiently(line.options.timeout, (patience) => readTasks(line, patience));
  let first = 0;
  for (const each of tasks) {
    const status = line.options.printConfig ? await printConfig(each.line) : await runTask(each);
    if (first === 0) first = status;
    if (status === ExitStatus.interrupted) break;
  }
  return first;
}

async function readTasks(line: RunCommandLine, patience: Patience): Promise<ResolvedTask[]> {
  const tasks: ResolvedTask[] = [];
  for (const pattern of line.files) {
    for (const file of await expandPattern(pattern, { patience, shown: displayName(pattern) })) {
      const each = overrideTask(await readTask(file, patience), line);
      guardTask(each);
      tasks.push({ line: each, task: await resolveTask(each, patience) });
    }
  }
  return tasks;
}

interface ResolvedTask {
  readonly line: CommandLine;
  readonly task: Task;
}

async function runTask({ line, task }: ResolvedTask): Promise<number> {
  const screen = await createScreen(process, line.options.color ?? DEFAULT_PRESENTATION.color, process.env);
  const tell = (message: string) => screen.err(`efs-sync: ${displayText(message)}\n`);
  const isRefused = !(await runBefore(line, tell));
  if (isRefused) return ExitStatus.location;
  const ended = await execute(line, task);
  const status = exitStatusOf(ended.outcome);
  return (await runAfter(line, ended, tell)) ? status : status || ExitStatus.fatal;
}
