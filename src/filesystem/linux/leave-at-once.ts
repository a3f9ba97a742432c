/** Ends the process though threads are stuck in calls that never return. */
import { writeSync } from 'node:fs';
import { isLibraryLoaded, loadLibrary } from './library.ts';

/** _exit(2): process.exit would wait for every thread. What is not written out by now is lost. */
export function leaveAtOnce(status: number): void {
  loadLibrary().declare('_exit', 'void', ['int'])(status);
}

/** Past koffi's exit handler; where koffi was not loaded there is none, and the process ends by itself. */
export function leavePastExitHandlers(status: number): void {
  if (isLibraryLoaded()) leaveAtOnce(status);
}

const STDERR = 2;

/** With a last word, from whichever thread: the main one cannot speak. */
export function endProcessSaying(status: number, message: string): void {
  writeSync(STDERR, message);
  leaveAtOnce(status);
}
