/** Reads a user's history, groups it by task, and selects the tasks that a command line names. */
import type { ByteString } from '../model/byte-string.ts';
import { UsageError } from '../model/run/errors.ts';
import { displayName } from '../model/display-name.ts';
import type { Execution, FoundExecution } from '../model/run/execution.ts';
import { forgetRetryList } from '../filesystem/state/keep-retry-list.ts';
import { pathIn, removeIfThere, taskKey } from '../filesystem/state/state-files.ts';
import { closeHistory, isExecutionName, namesIn } from './history-directory.ts';
import { absolutePath } from '../filesystem/operator-files/absolute-path.ts';
import { nearestKey } from '../policy/names/nearest-key.ts';
import { executionFromText, readExecutionFile, type ExecutionState } from './execution-file.ts';
import { findStateDirectory, HISTORY } from '../filesystem/state/state-directory.ts';

/** Reads all executions in a user's history, the latest first. */
interface History {
  readonly executions: readonly FoundExecution[];
  /** Number of files that could not be parsed. */
  readonly unreadable: number;
}

/** Writes nothing, and delays no run. @throws LocationError */
export async function readHistory(stateDirectory: ByteString): Promise<History> {
  const directory = await findStateDirectory(stateDirectory, HISTORY);
  if (directory === undefined) return { executions: [], unreadable: 0 };
  try {
    const states = namesIn(directory)
      .filter(isExecutionName)
      .map((name) => ({ name, state: readExecutionFile(pathIn(directory, name)) }))
      .filter(({ state }) => state !== undefined);
    const executions = states.map(({ name, state }) => found(name, state as ExecutionState));
    const readable = executions.filter((each) => each !== undefined);
    return {
      executions: readable.toSorted((one, other) => startOf(other) - startOf(one)),
      unreadable: states.length - readable.length,
    };
  } finally {
    closeHistory(directory);
  }
}

function startOf({ execution }: FoundExecution): number {
  return execution.startedAtMs;
}

function found(fileName: ByteString, { text, isHeld }: ExecutionState): FoundExecution | undefined {
  const execution = executionFromText(text);
  if (execution === undefined) return undefined;
  if (execution.end !== undefined)
    return { fileName, execution, status: execution.end.status, isRunning: false };
  return { fileName, execution, status: isHeld ? execution.stage : 'Interrupted', isRunning: isHeld };
}

/** Removes records of runs that have ended; the lock of a destination does not depend on them. @throws LocationError */
export async function forgetExecutions(
  stateDirectory: ByteString,
  executions: readonly FoundExecution[],
): Promise<void> {
  const directory = await findStateDirectory(stateDirectory, HISTORY);
  if (directory === undefined) return;
  try {
    for (const { fileName } of executions) removeIfThere(pathIn(directory, fileName));
  } finally {
    closeHistory(directory);
  }
  for (const { execution } of executions) await forgetRetryList(stateDirectory, execution);
}

export interface TaskHistory {
  /** Has the current roots, even if the task's file named others before. */
  readonly latest: FoundExecution;
  /** All of the same task, the latest first. */
  readonly executions: readonly FoundExecution[];
}

/** The task with the most recent execution comes first. */
export function groupByTask(executions: readonly FoundExecution[]): TaskHistory[] {
  const groups = new Map<string, FoundExecution[]>();
  for (const each of executions) {
    const key = taskKey(each.execution);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map((group) => ({ latest: group[0] as FoundExecution, executions: group }));
}

export function runningOf({ executions }: TaskHistory): FoundExecution | undefined {
  return executions.find(({ isRunning }) => isRunning);
}

export function pastOf({ executions }: TaskHistory): Execution[] {
  return executions.filter(({ isRunning }) => !isRunning).map(({ execution }) => execution);
}

/** By name, by one of its roots, or by both. @throws UsageError if there is no such task */
export function selectTasks(tasks: readonly TaskHistory[], operands: readonly string[]): TaskHistory[] {
  const [first, second, ...more] = operands;
  if (first === undefined) return [...tasks];
  if (more.length > 0) throw new UsageError('status takes one task: its name, or its source and destination');
  const selected = second === undefined ? byOne(tasks, first) : byRoots(tasks, first, second);
  if (selected.length > 0) return selected;
  const known = tasks.flatMap(({ latest: { execution } }) => execution.name ?? [rootsText(execution)]);
  const wanted = second === undefined ? first : `${absolutePath(first)} -> ${absolutePath(second)}`;
  const nearest = nearestKey(wanted, known);
  const hint = nearest === undefined ? '' : ` (did you mean ${displayName(nearest)}?)`;
  throw new UsageError(`the history has no task ${displayName(wanted)}${hint}`);
}

function byOne(tasks: readonly TaskHistory[], operand: string): TaskHistory[] {
  const named = tasks.filter(({ latest }) => latest.execution.name === operand);
  if (named.length > 0) return named;
  const root = absolutePath(operand);
  return tasks.filter(({ latest: { execution } }) =>
    [execution.source, execution.destination].includes(root),
  );
}

function byRoots(tasks: readonly TaskHistory[], source: string, destination: string): TaskHistory[] {
  const roots = { source: absolutePath(source), destination: absolutePath(destination) };
  return tasks.filter(({ latest: { execution } }) => rootsText(execution) === rootsText(roots));
}

function rootsText({ source, destination }: Pick<Execution, 'source' | 'destination'>): string {
  return `${source} -> ${destination}`;
}
