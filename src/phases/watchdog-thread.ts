/** Entry of the watchdog's thread: see watchdog.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { endProcessSaying } from '../filesystem/linux/leave-at-once.ts';
import { describeSilence } from '../policy/describe-silence.ts';
import { Movement, type IsolateNotes } from './movement.ts';
import { Silence } from './silence.ts';
import type { WatchdogSetup } from './watchdog.ts';

const LOOK_INTERVAL_MS = 100;
/** That of a timeout. */
const STATUS = 30;

const { movement: shared, patienceMs } = workerData as WatchdogSetup;
const movement = new Movement(shared);
const silence = new Silence(movement);

parentPort?.on('message', (notes: IsolateNotes) => movement.addIsolate(notes));
setInterval(() => {
  const silentMs = silence.lookMs();
  if (silentMs < patienceMs) return;
  const waiting = movement.waiting();
  // A main thread that waits for the reader of what it prints is not stuck.
  if (waiting.calls.length === 0) return;
  endProcessSaying(STATUS, `efs-sync: ${describeSilence(silentMs, waiting)}\n`);
}, LOOK_INTERVAL_MS);
