/**
 * The file in which a run tells how far it is, for readers at whatever moment:
 *
 * - Each state is written to a new file that is renamed over the one before: a reader has one of the two, whole,
 *   and so does whoever looks after a kill. Nothing is flushed: a machine that goes down may lose the last states.
 * - The new file is locked by flock(2) before it has the name, and the one before is let go after that: what has
 *   the name is locked for as long as its run lives. A state that is not the last, and that nobody locks, was left
 *   by a run that is no more. Process numbers would not tell: they are used again, and mean nothing in another
 *   container or on another machine that shares the directory.
 * - A run writes to files of its own name alone: runs at the same time have nothing to agree upon.
 */
import { closeSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { tryToLock } from './file-lock.ts';
import { removeIfThere } from './history-directory.ts';

export const TEMPORARY = '.new';

export class ExecutionFile {
  readonly #path: string;
  #heldFd: number | undefined;

  /** @param path from `pathIn` */
  constructor(path: string) {
    this.#path = path;
  }

  /** A state of a run that goes on. @throws ErrnoException, SystemError; the state before stands, then */
  write(text: string): void {
    const fd = openSync(this.#path + TEMPORARY, 'w', 0o600);
    try {
      // It is new, and nobody else's: who reads it asks for a lock only once it has its name.
      tryToLock(fd, 'exclusive', this.#path);
      writeFileSync(fd, text);
      renameSync(this.#path + TEMPORARY, this.#path);
    } catch (error) {
      closeSync(fd);
      removeIfThere(this.#path + TEMPORARY);
      throw error;
    }
    this.#letGo();
    this.#heldFd = fd;
  }

  /** The last state, which needs nobody. Where it cannot be written there is none: it would pass for a run that was killed. */
  finish(text: string): void {
    try {
      this.write(text);
    } catch (error) {
      removeIfThere(this.#path);
      throw error;
    } finally {
      this.#letGo();
    }
  }

  remove(): void {
    removeIfThere(this.#path);
    this.#letGo();
  }

  #letGo(): void {
    if (this.#heldFd !== undefined) closeSync(this.#heldFd);
    this.#heldFd = undefined;
  }
}
