/** Entry of a worker isolate. */
import { workerData } from 'node:worker_threads';
import { serveUnits } from '../flow/unit-server.ts';
import { serveUnit } from './serve-unit.ts';
import type { WorkUnit } from './units.ts';
import { createWorkerContext, type WorkerSetup } from './worker-context.ts';

const context = createWorkerContext(workerData as WorkerSetup);

serveUnits((work: WorkUnit) => serveUnit(context, work));
