/** The tasks of a history, and which of them a command line means. */
import { UsageError } from '../../errors.ts';
import { displayName } from '../../model/display-name.ts';
import type { Execution, FoundExecution } from '../../model/execution.ts';
import { taskKey } from '../../policy/history/execution-name.ts';
import { absolutePath } from '../absolute-path.ts';
import { nearestKey } from '../task-file/nearest-key.ts';

export interface TaskHistory {
  /** With its roots of now, should the task's file have had others before. */
  readonly latest: FoundExecution;
  /** Of all the same task, the latest first. */
  readonly executions: readonly FoundExecution[];
}

/** That of which something ran last is the first. */
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

/** By name, by one of its roots, or by both. @throws UsageError where there is none */
export function selectTasks(tasks: readonly TaskHistory[], operands: readonly string[]): TaskHistory[] {
  const [first, second, ...more] = operands;
  if (first === undefined) return [...tasks];
  if (more.length > 0) throw new UsageError('status shows one task: its name, or its source and destination');
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
