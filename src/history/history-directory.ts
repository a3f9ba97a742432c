/**
 * The directory of the history: one file per execution, how these are named, and which are removed, as their
 * number is bounded per task and in all.
 */
import type { ByteString } from '../model/byte-string.ts';
import { closeSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import type { Execution } from '../model/run/execution.ts';

/** Through the descriptor: the directory that was checked, whatever its path leads to now. */
export function pathIn(directoryFd: number, name: ByteString): ByteString {
  return `/proc/self/fd/${directoryFd}/${name}`;
}

export function namesIn(directoryFd: number): ByteString[] {
  return readdirSync(pathIn(directoryFd, ''));
}

/** The directory was only read, so errors of close are ignored. */
export function closeHistory(directoryFd: number): void {
  closeSync(directoryFd);
}

/** Ignores a missing file: another run may have removed it. */
export function removeIfThere(path: ByteString): void {
  unlessGone(() => unlinkSync(path));
}

/** Undefined if there is no such file. */
export function modifiedAtMs(path: ByteString): number | undefined {
  return unlessGone(() => statSync(path).mtimeMs);
}

/** Undefined if the name is gone. */
export function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const EXECUTIONS_PER_TASK = 100;
/** About 1.5 KB each, 4 KiB on disk. */
const EXECUTIONS_IN_ALL = 2000;

const NAME = /^[\da-f]{8}-\d{13}-[\da-z]+$/;
const MARK_LENGTH = 8;

type Identity = Pick<Execution, 'name' | 'source' | 'destination'>;

/** The same for all executions of a task, and different for other tasks. */
export function taskKey({ name, source, destination }: Identity): string {
  return name === undefined ? `${source}\0${destination}` : `\0${name}`;
}

/** Begins with the task's mark, then sorts by time; `random` separates two runs of the same moment. */
export function executionName(
  execution: Identity & Pick<Execution, 'startedAtMs'>,
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

/** FNV-1a. Two tasks with the same mark share one bound, but nothing else: the file identifies the task. */
function markOf(key: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(MARK_LENGTH, '0');
}
