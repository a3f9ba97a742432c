/**
 * The worker's side of `Workers`: answers each unit with a result, or parts of it before, or with the error that ended
 * it. @waits for units
 */
import { parentPort } from 'node:worker_threads';

/** A worker's first message: its code is loaded. */
export const STARTED = 'started';

/**
 * The last message in each direction; with SETTLED a worker confirms that none of its calls is in flight, nor
 * ever will be.
 */
export const SETTLE = 'settle';
export const SETTLED = 'settled';

/** Takes a result that leaves something to the next, or to the unit's last. */
export type OnPart<Result> = (part: Result) => void;

/**
 * The units are those that `Workers.run` sends: both ends use the same types. PERF: memory is copied, never transferred:
 * once V8 has seen that, all of its code for typed arrays is slower, and Preparing took 15 % more CPU time.
 * @param settle ends when no call is in flight, and allows no other
 */
export function serveUnits<Result>(
  answer: (unit: never, onPart: OnPart<Result>) => Promise<Result>,
  settle: () => Promise<void>,
): void {
  const port = parentPort;
  if (port === null) throw new Error('serveUnits runs in a worker only');
  port.on('message', (message: { id: number; unit: never } | typeof SETTLE) => {
    if (message === SETTLE) {
      void settle().then(() => port.postMessage(SETTLED));
      return;
    }
    const { id, unit } = message;
    void answer(unit, (part) => port.postMessage({ id, part })).then(
      (result) => port.postMessage({ id, result }),
      (error: unknown) => port.postMessage({ id, error: describe(error) }),
    );
  });
  port.postMessage(STARTED);
}

/** Structured clone keeps the name, message and stack of an Error, and drops the fields of our classes. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return Object.assign(new Error(error.message), { name: error.name, stack: error.stack });
}
