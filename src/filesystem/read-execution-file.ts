/** Reads the state of an execution, and learns whether its run lives: see execution-file.ts. */
import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { unlessGone } from './history-directory.ts';
import { LOCK_NB, LOCK_SH } from './linux/constants.ts';
import { linuxCalls } from './linux/linux.ts';
import { check, EAGAIN } from './linux/system-error.ts';

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
      const isHeld = isLocked(fd, path);
      // RACE: replaced since it was opened, and let go for that: the one with the name is to be asked.
      if (isHeld || hasName(fd, path)) return { text: readFileSync(fd, 'utf8'), isHeld };
    } finally {
      closeSync(fd);
    }
  }
}

/** What it takes is let go with the descriptor, and keeps no run from locking its next, which is another file. */
function isLocked(fd: number, path: string): boolean {
  const result = linuxCalls('blocking').flock(fd, LOCK_SH | LOCK_NB) as number;
  if (result === -EAGAIN) return true;
  check(result, 'flock', path);
  return false;
}

function hasName(fd: number, path: string): boolean {
  return unlessGone(() => statSync(path).ino) === fstatSync(fd).ino;
}
