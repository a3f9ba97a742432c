/** Ends the process even while threads are stuck in calls that never return. */
import type { Shown } from '../model/byte-string.ts';
import { writeSync } from 'node:fs';
import { isLibraryLoaded, loadLibrary } from './library.ts';

/**
 * How a process reports the errno of its only call: in an exit status, from this number on. Node uses smaller
 * ones itself.
 */
export const FIRST_ERRNO_STATUS = 100;

/** Calls _exit(2), as process.exit would wait for every thread. Output that is still buffered is lost. */
export function leaveAtOnce(status: number): void {
  loadLibrary().declare('_exit', 'void', ['int'])(status);
}

/** Skips koffi's exit handler. If koffi was never loaded it has none, and the process ends by itself. */
export function leavePastExitHandlers(status: number): void {
  if (isLibraryLoaded()) leaveAtOnce(status);
}

const STDERR = 2;

/** Prints a last message first. Any thread may call this: the main thread may be stuck. */
export function endProcessSaying(status: number, message: Shown): void {
  writeSync(STDERR, message);
  leaveAtOnce(status);
}
