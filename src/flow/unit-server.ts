/** The worker's side of `Workers`: answers each unit with a result or the error that ended it. */
import { parentPort } from 'node:worker_threads';
import { SETTLE, SETTLED, STARTED } from './unit-messages.ts';

/**
 * The units are whatever `Workers.run` sends: both ends name the same types.
 * @param settle ends when no call is under way, and lets no other begin
 */
export function serveUnits(answer: (unit: never) => Promise<unknown>, settle: () => Promise<void>): void {
  const port = parentPort;
  if (port === null) throw new Error('serveUnits runs in a worker only');
  port.on('message', (message: { id: number; unit: never } | typeof SETTLE) => {
    if (message === SETTLE) {
      void settle().then(() => port.postMessage(SETTLED));
      return;
    }
    const { id, unit } = message;
    void answer(unit).then(
      (result) => port.postMessage({ id, result }),
      (error: unknown) => port.postMessage({ id, error: describe(error) }),
    );
  });
  port.postMessage(STARTED);
}

/** Structured clone keeps name, message and stack of an Error, and drops the fields of our classes. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return Object.assign(new Error(error.message), { name: error.name, stack: error.stack });
}
