/** Files of the state directory: how they are reached, and how they name a task. */
import type { ByteString } from '../../model/byte-string.ts';
import { unlinkSync } from 'node:fs';
import type { Task } from '../../model/task.ts';

/** Ends the name of a file that is written beside the one whose place it takes. */
export const TEMPORARY = '.new';

/** Through the descriptor: the directory that was checked, whatever its path leads to now. */
export function pathIn(directoryFd: number, name: ByteString): ByteString {
  return `/proc/self/fd/${directoryFd}/${name}`;
}

/** Ignores a missing file: another run may have removed it. */
export function removeIfThere(path: ByteString): void {
  unlessGone(() => unlinkSync(path));
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

/** Both roots are absolute. */
export type TaskIdentity = Pick<Task, 'name' | 'source' | 'destination'>;

/** The same for all executions of a task, and different for other tasks. */
export function taskKey({ name, source, destination }: TaskIdentity): string {
  return name === undefined ? `${source}\0${destination}` : `\0${name}`;
}

export const MARK_LENGTH = 8;

/** FNV-1a. Two tasks with the same mark share one bound, but nothing else: the file identifies the task. */
export function markOf(key: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(MARK_LENGTH, '0');
}
