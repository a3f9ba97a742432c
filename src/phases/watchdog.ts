/** A thread that ends the process where this one, too, is stuck in a call and cannot say so. */
import { Worker } from 'node:worker_threads';
import type { Movement, SharedMovement } from './movement.ts';

/** The main thread tells of a timeout itself, unless it is stuck. */
const GRACE_MS = 1_000;

export interface WatchdogSetup {
  readonly movement: SharedMovement;
  readonly patienceMs: number;
}

export interface Watchdog {
  end(): Promise<void>;
}

export function startWatchdog(movement: Movement, timeoutMs: number): Watchdog {
  const setup: WatchdogSetup = { movement: movement.shared, patienceMs: timeoutMs + GRACE_MS };
  const thread = new Worker(new URL('watchdog-thread.cjs', import.meta.url), { workerData: setup });
  movement.onIsolate = (notes) => thread.postMessage(notes, []);
  thread.unref();
  return { end: async () => void (await thread.terminate()) };
}
