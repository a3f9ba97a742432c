/** The worker's side of `Workers`: answers each unit with a result or the error that ended it. */
import { parentPort } from 'node:worker_threads';
import { STARTED } from './unit-messages.ts';

/** The units are whatever `Workers.run` sends: both ends name the same types. */
export function serveUnits(answer: (unit: never) => Promise<unknown>): void {
  const port = parentPort;
  if (port === null) throw new Error('serveUnits runs in a worker only');
  port.on('message', ({ id, unit }: { id: number; unit: never }) => {
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
