/**
 * Entry of a worker isolate. The build makes two versions; the calls of the other one block
 * (build/blocking.js). @waits for work
 */
import { workerData } from 'node:worker_threads';
import { openRing } from '../linux/ring.ts';
import { serveUnits } from '../flow/workers/unit-server.ts';
import { loadDigestsFor } from './load-digests.ts';
import { type IsolateUnit, serveUnit } from './serve-unit.ts';
import { createIsolateContext, type WorkerSetup } from '../engine/context/worker-context.ts';

const setup = workerData as WorkerSetup;
const ring = setup.settings.ioUring ? openRing() : undefined;
const isolate = createIsolateContext(setup, ring);

serveUnits(
  async (work: IsolateUnit, onPart) => {
    await loadDigestsFor(work, isolate.settings);
    return serveUnit(isolate, work, onPart);
  },
  async () => {
    await ring?.close();
  },
);
