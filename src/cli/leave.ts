/**
 * Ends the process once all that was printed is handed over. Not by way of exit(3): koffi's handler there waits for
 * ever now and then, for a lock that a worker which has ended holds (koffi 3.3.4, one of some hundred traced runs).
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { ExitStatus } from './exit-status.ts';

const LOOK_AGAIN_MS = 2;
/** A thread may be in a call that never returns. */
const GIVEN_UP: ReadonlySet<number> = new Set([ExitStatus.interrupted, ExitStatus.timeout]);

export async function leave(status: number): Promise<void> {
  // Screens write what they hold in the next turn.
  await nextTurn();
  for (const stream of [process.stdout, process.stderr]) {
    while (stream.writableLength > 0 && !stream.destroyed) await sleep(LOOK_AGAIN_MS);
  }
  await nextTurn();
  // Node's own handlers have their say: what could not be printed is no success.
  process.exitCode = status;
  process.emit('exit', status);
  const { leavePastExitHandlers, leaveStuckThreads } = await import('../sync.ts');
  if (GIVEN_UP.has(status)) leaveStuckThreads(process.exitCode);
  else leavePastExitHandlers(process.exitCode);
}
