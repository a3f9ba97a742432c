/** A worker that answers units as a test wants: the engine's own server, behind it what the unit says. */
import { workerData } from 'node:worker_threads';
import { serveUnits } from '../../dist/flow/unit-server.js';

if (workerData === 'broken') throw new Error('broken from the start');

let waiting = 0;

serveUnits(async ({ action, value }) => {
  waiting++;
  if (action === 'throw') throw new TypeError(value);
  if (action === 'exit') process.exit(value);
  if (action === 'crash') setImmediate(() => { throw new Error(value); }); // prettier-ignore
  if (action === 'crash' || action === 'never') await new Promise(() => {});
  return { value, workerData, waiting };
}, settle);

/** As a worker whose last call takes some time: its end tells whether that was waited for. */
async function settle() {
  await new Promise((resolve) => setTimeout(resolve, 200));
  if (workerData instanceof Int32Array) Atomics.store(workerData, 0, 1);
}
