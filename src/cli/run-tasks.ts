/** `efs-sync run`: reads all task files before anything is done, then runs one task after another. */
import { ExitStatus, exitStatusOf } from './exit-status.ts';
import { execute, resolveTask } from './execute.ts';
import { displayName, displayText } from '../model/display-name.ts';
import { expandPattern } from './list-files.ts';
import { runAfter, runBefore } from './hooks.ts';
import type { Task } from '../model/task.ts';
import type { CommandLine, RunCommandLine } from './options.ts';
import { patiently, type Patience } from './patience.ts';
import { createScreen } from './screen.ts';
import { overrideTask } from './task-file/override-task.ts';
import { printConfig } from './task-file/print-config.ts';
import { readTask } from './task-file/read-task.ts';
import { guardTask } from './working-directory.ts';

/**
 * The status of the first task that did not succeed; the others run all the same, unless somebody
 * interrupted it. @throws UsageError where a file cannot be used: nothing was done
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
  const screen = await createScreen(process, line.options.color ?? 'auto', process.env);
  const tell = (message: string) => screen.err(`efs-sync: ${displayText(message)}\n`);
  const isRefused = !(await runBefore(line, tell));
  if (isRefused) return ExitStatus.location;
  const ended = await execute(line, task);
  const status = exitStatusOf(ended.outcome);
  return (await runAfter(line, ended, tell)) ? status : status || ExitStatus.fatal;
}
