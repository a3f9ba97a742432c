/** Reads the state of an execution, and learns whether its run lives: see execution-file.ts. */
import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { tryToLock } from './file-lock.ts';
import { unlessGone } from './history-directory.ts';

export interface ExecutionState {
  readonly text: string;
  /** A run lives that will tell more. */
  readonly isHeld: boolean;
}

/** Undefined: it is no more. @throws ErrnoException, SystemError */
export function readExecutionFile(path: string): ExecutionState | undefined {
  for (;;) {
    const fd = unlessGone(() => openSync(path, 'r'));
    if (fd === undefined) return undefined;
    try {
      // What this takes is let go with the descriptor, and keeps no run from locking its next, which is another file.
      const isHeld = !tryToLock(fd, 'shared', path);
      // RACE: replaced since it was opened, and let go for that: the one with the name is to be asked.
      if (isHeld || hasName(fd, path)) return { text: readFileSync(fd, 'utf8'), isHeld };
    } finally {
      closeSync(fd);
    }
  }
}

function hasName(fd: number, path: string): boolean {
  return unlessGone(() => statSync(path).ino) === fstatSync(fd).ino;
}
