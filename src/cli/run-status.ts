/** `efs-sync status`: the state of tasks, from the history of their runs. */
import type { ByteString } from '../model/byte-string.ts';
import { UsageError } from '../model/run/errors.ts';
import { commandName } from '../report/command-name.ts';
import { taskLine } from '../report/text/sentences.ts';
import { jsonText } from '../report/json/json-parts.ts';
import {
  forgetExecutions,
  groupByTask,
  readHistory,
  runningOf,
  selectTasks,
  type TaskHistory,
} from '../history/task-history.ts';
import { stateDirectoryOf } from './options/resolve-settings.ts';
import { ExitStatus } from '../report/exit-status.ts';
import { executionToJson, taskHistoryToJson } from '../report/status/history-to-json.ts';
import { counted } from '../report/text/quantities.ts';
import type { StatusCommandLine } from './options/options.ts';
import { DEFAULT_PRESENTATION } from '../report/presentation.ts';
import { createScreen, type Screen } from '../report/screen.ts';
import { outlookOf } from '../report/status/outlook.ts';
import { tasksText, taskText } from '../report/status/show-status.ts';

/** @throws UsageError, LocationError */
export async function runStatus({ operands, options }: StatusCommandLine): Promise<number> {
  const screen = await createScreen(process, options.color ?? DEFAULT_PRESENTATION.color, process.env);
  const environment = { variables: process.env, uid: process.geteuid?.() ?? 0 };
  const stateDirectory = options.stateDir ?? stateDirectoryOf(environment);
  const history = await readHistory(stateDirectory);
  if (history.unreadable > 0) {
    const files = counted(history.unreadable, 'execution');
    screen.err(
      `efs-sync: warning: ${files} in the history cannot be read: written by another version, or damaged\n`,
    );
  }
  const tasks = groupByTask(history.executions);
  const selected = selectTasks(tasks, operands);
  if (options.forget) {
    if (operands.length === 0)
      throw new UsageError(
        `--forget takes the task whose records are to go: ${commandName()} status --forget TASK`,
      );
    for (const task of selected) screen.out(await forget(stateDirectory, task));
  } else if (options.json) showJson(selected, screen);
  else if (tasks.length === 0) screen.out('Nothing has run yet, or the history is kept elsewhere.\n');
  else screen.out(statusOutput(selected, operands, screen));
  return ExitStatus.success;
}

/** Gives what to tell of it. */
async function forget(stateDirectory: ByteString, task: TaskHistory): Promise<string> {
  const [running, ended] = [runningOf(task), task.executions.filter(({ isRunning }) => !isRunning)];
  await forgetExecutions(stateDirectory, ended);
  const stays = running === undefined ? '' : '; the one in progress stays';
  return `${counted(ended.length, 'record')} removed of ${taskLine(task.latest.execution)}${stays}\n`;
}

function statusOutput(
  tasks: readonly TaskHistory[],
  operands: readonly string[],
  { outPaint }: Screen,
): string {
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
