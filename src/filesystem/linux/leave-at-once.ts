/** Ends the process though threads are stuck in calls that never return. */
import { loadLibrary } from './library.ts';

/** _exit(2): process.exit would wait for every thread. What is not written out by now is lost. */
export function leaveAtOnce(status: number): void {
  loadLibrary().declare('_exit', 'void', ['int'])(status);
}
