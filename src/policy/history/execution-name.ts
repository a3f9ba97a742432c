/** How the file of an execution is called, and which are too many: bounded for each task and in all. */
import type { Execution } from '../../model/execution.ts';

const EXECUTIONS_PER_TASK = 100;
/** Some 1.5 KB each, 4 KiB of a disk. */
const EXECUTIONS_IN_ALL = 2000;

const NAME = /^[\da-f]{8}-\d{13}-[\da-z]+$/;
const MARK_LENGTH = 8;

type Identity = Pick<Execution, 'name' | 'source' | 'destination'>;

/** The same for every execution of a task, and for no other. */
export function taskKey({ name, source, destination }: Identity): string {
  return name === undefined ? `${source}\0${destination}` : `\0${name}`;
}

/** Begins with what all of a task have in common, then goes by time; `random` keeps two of a moment apart. */
export function executionName(execution: Identity & Pick<Execution, 'startedAtMs'>, random: number): string {
  const unique = Math.floor(random * 36 ** 6).toString(36);
  return `${markOf(taskKey(execution))}-${String(execution.startedAtMs).padStart(13, '0')}-${unique}`;
}

export function isExecutionName(name: string): boolean {
  return NAME.test(name);
}

/**
 * Those beyond the latest of each task and, where all together are too many, of the tasks that have most: one that
 * runs every minute leaves the others their history.
 */
export function expiredExecutions(names: readonly string[]): string[] {
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
  const isRoomy = ranked.length <= EXECUTIONS_IN_ALL;
  const byRank = isRoomy ? ranked : ranked.toSorted((one, other) => one.rank - other.rank);
  return byRank
    .filter(({ rank }, index) => rank >= EXECUTIONS_PER_TASK || index >= EXECUTIONS_IN_ALL)
    .map(({ name }) => name);
}

/** FNV-1a. Tasks that should share one share the bound as well, and nothing else: what they are is in the file. */
function markOf(key: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(MARK_LENGTH, '0');
}
