/** Entry of a worker isolate. The build makes two of it: the other one's calls block (build/blocking.js). */
import { workerData } from 'node:worker_threads';
import { openRing } from '../filesystem/linux/ring/ring.ts';
import { serveUnits } from '../flow/unit-server.ts';
import { loadDigestsFor } from './load-digests.ts';
import { serveUnit } from './serve-unit.ts';
import type { WorkUnit } from './units.ts';
import { createWorkerContext, type WorkerSetup } from './worker-context.ts';

const setup = workerData as WorkerSetup;
const ring = setup.settings.ioUring ? openRing() : undefined;
const context = createWorkerContext(setup, ring);

serveUnits(
  async (work: WorkUnit) => {
    await loadDigestsFor(work, context.settings);
    return serveUnit(context, work);
  },
  async () => {
    await ring?.close();
  },
);
