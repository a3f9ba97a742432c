/** `efs-sync status`: how tasks are doing, by what their runs have left in the history. */
import { readHistory } from '../sync.ts';
import { stateDirectoryOf } from './directories.ts';
import { ExitStatus } from './exit-status.ts';
import { executionToJson, taskHistoryToJson } from './format/history-to-json.ts';
import { jsonText } from './format/to-json.ts';
import { counted } from './format/units.ts';
import type { StatusCommandLine } from './options.ts';
import { createScreen, type Screen } from './screen.ts';
import { outlookOf } from './status/outlook.ts';
import { tasksText, taskText } from './status/show-status.ts';
import { groupByTask, selectTasks, type TaskHistory } from './status/task-history.ts';

/** @throws UsageError, LocationError */
export async function runStatus({ operands, options }: StatusCommandLine): Promise<number> {
  const screen = await createScreen(process, options.color ?? 'auto', process.env);
  const environment = { variables: process.env, isRoot: process.geteuid?.() === 0 };
  const history = await readHistory(options.stateDir ?? stateDirectoryOf(environment));
  if (history.unreadable > 0) {
    const files = counted(history.unreadable, 'execution');
    screen.err(`efs-sync: warning: ${files} of the history cannot be read: of another version, or damaged\n`);
  }
  const tasks = groupByTask(history.executions);
  const selected = selectTasks(tasks, operands);
  if (options.json) showJson(selected, screen);
  else if (tasks.length === 0) screen.out('Nothing has been run yet, or its history was kept elsewhere.\n');
  else screen.out(textOf(selected, operands, screen));
  return ExitStatus.success;
}

function textOf(tasks: readonly TaskHistory[], operands: readonly string[], { outPaint }: Screen): string {
  const [only, ...others] = tasks;
  const isOne = operands.length > 0 && only !== undefined && others.length === 0;
  return isOne ? taskText(only, outPaint, Date.now()) : tasksText(tasks, outPaint, Date.now());
}

function showJson(tasks: readonly TaskHistory[], screen: Screen): void {
  for (const task of tasks) {
    const objects = [
      taskHistoryToJson(task, outlookOf(task, Date.now())),
      ...task.executions.map(executionToJson),
    ];
    for (const object of objects) screen.out(`${jsonText(object)}\n`);
  }
}
