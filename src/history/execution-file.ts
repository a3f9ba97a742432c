/**
 * The file in which a run records its progress, readable at any moment:
 *
 * - Each state is written to a new file, which is then renamed over the last one. So a reader gets one of the
 *   two, whole, and also after a kill. Nothing is flushed: a crash of the machine may lose the last states.
 * - The new file is locked by flock(2) before its rename, and only then is the old one unlocked. So the file
 *   of this name stays locked while its run lives. An unlocked state that is not the last one was left by a
 *   dead run. Process numbers would not show this: they are reused, and differ between containers or machines
 *   that share the directory.
 * - Each run writes only its own files, so runs at the same time need no agreement.
 */
import type { ByteString } from '../model/byte-string.ts';
import { closeSync, fstatSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tryToLock } from '../filesystem/state/file-lock.ts';
import { removeIfThere, TEMPORARY, unlessGone } from '../filesystem/state/state-files.ts';
import type { Execution } from '../model/run/execution.ts';

export class ExecutionFile {
  readonly #path: ByteString;
  #heldFd: number | undefined;

  /** @param path from `pathIn` */
  constructor(path: ByteString) {
    this.#path = path;
  }

  /** Writes a state of a run that goes on. @throws ErrnoException, SystemError; the last state then stays */
  write(text: string): void {
    const fd = openSync(this.#path + TEMPORARY, 'w', 0o600);
    try {
      // This cannot fail: the file is new, and readers only lock it once it has its name.
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

  /**
   * Writes the last state, which stays unlocked. If it cannot be written the file is removed, as it would
   * look like that of a killed run.
   */
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

/** The state of an execution, and whether its run is alive. */
export interface ExecutionState {
  readonly text: string;
  /** The run is alive and will write more. */
  readonly isHeld: boolean;
}

/** Undefined if the file is gone. @throws ErrnoException, SystemError */
export function readExecutionFile(path: ByteString): ExecutionState | undefined {
  for (;;) {
    const fd = unlessGone(() => openSync(path, 'r'));
    if (fd === undefined) return undefined;
    try {
      // Closing the descriptor releases this lock. It keeps no run from locking its next state, which is
      // another file.
      const isHeld = !tryToLock(fd, 'shared', path);
      // RACE: the file was replaced and unlocked since it was opened, so read the file that now has the name.
      if (isHeld || hasName(fd, path)) return { text: readFileSync(fd, 'utf8'), isHeld };
    } finally {
      closeSync(fd);
    }
  }
}

function hasName(fd: number, path: ByteString): boolean {
  return unlessGone(() => statSync(path).ino) === fstatSync(fd).ino;
}

/** Changes when older programs would misread the files of newer ones. */
const FORMAT = 1;

export function executionToText(execution: Execution): string {
  return `${JSON.stringify({ format: FORMAT, ...execution })}\n`;
}

/** Undefined for another format, or for a file damaged by the disk; a kill never damages one. */
export function executionFromText(text: string): Execution | undefined {
  if (!text.endsWith('}\n')) return undefined;
  try {
    const { format, ...execution } = JSON.parse(text) as Execution & { format: unknown };
    return format === FORMAT ? execution : undefined;
  } catch {
    return undefined;
  }
}
