/**
 * The directory of the history: one file per execution, how these are named, and which are removed, as their
 * number is bounded per task and in all.
 */
import type { ByteString } from '../model/byte-string.ts';
import { closeSync, readdirSync, statSync } from 'node:fs';
import {
  MARK_LENGTH,
  markOf,
  pathIn,
  type TaskIdentity,
  taskKey,
  unlessGone,
} from '../filesystem/state/state-files.ts';
import type { Execution } from '../model/run/execution.ts';

export function namesIn(directoryFd: number): ByteString[] {
  return readdirSync(pathIn(directoryFd, ''));
}

/** The directory was only read, so errors of close are ignored. */
export function closeHistory(directoryFd: number): void {
  closeSync(directoryFd);
}

/** Undefined if there is no such file. */
export function modifiedAtMs(path: ByteString): number | undefined {
  return unlessGone(() => statSync(path).mtimeMs);
}

const EXECUTIONS_PER_TASK = 100;
/** About 1.5 KB each, 4 KiB on disk. */
const EXECUTIONS_IN_ALL = 2000;

const NAME = /^[\da-f]{8}-\d{13}-[\da-z]+$/;

/** Begins with the task's mark, then sorts by time; `random` separates two runs of the same moment. */
export function executionName(
  execution: TaskIdentity & Pick<Execution, 'startedAtMs'>,
  random: number,
): ByteString {
  const unique = Math.floor(random * 36 ** 6).toString(36);
  return `${markOf(taskKey(execution))}-${String(execution.startedAtMs).padStart(13, '0')}-${unique}`;
}

export function isExecutionName(name: ByteString): boolean {
  return NAME.test(name);
}

/**
 * All but the latest of each task. If there are too many in all, tasks with the most executions lose theirs
 * first, so that a task that runs every minute leaves the others their history.
 */
export function expiredExecutions(names: readonly ByteString[]): string[] {
  const counts = new Map<string, number>();
  const ranked = names
    .filter(isExecutionName)
    .toSorted()
    .toReversed()
    .map((name) => {
      const mark = name.slice(0, MARK_LENGTH);
      const rank = counts.get(mark) ?? 0;
      counts.set(mark, rank + 1);
      return { name, rank };
    });
  return ranked
    .toSorted((one, other) => one.rank - other.rank)
    .filter(({ rank }, index) => rank >= EXECUTIONS_PER_TASK || index >= EXECUTIONS_IN_ALL)
    .map(({ name }) => name);
}
