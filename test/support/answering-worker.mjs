/** A worker whose units say how it answers: the engine's own server, with the test's answers behind it. */
import { workerData } from 'node:worker_threads';
import { serveUnits } from '../../dist/flow/workers/unit-server.js';

if (workerData === 'broken') throw new Error('broken from the start');

let waiting = 0;

serveUnits(async ({ action, value }, onPart) => {
  waiting++;
  if (action === 'parts') for (const part of value) onPart({ value: part, workerData, waiting });
  if (action === 'throw') throw new TypeError(value);
  if (action === 'exit') process.exit(value);
  if (action === 'crash') setImmediate(() => { throw new Error(value); }); // prettier-ignore
  if (action === 'crash' || action === 'never') await new Promise(() => {});
  return { value, workerData, waiting };
}, settle);

/** Takes some time, as a worker's last call might: a test can see whether its end was awaited. */
async function settle() {
  await new Promise((resolve) => setTimeout(resolve, 200));
  if (workerData instanceof Int32Array) Atomics.store(workerData, 0, 1);
}
