/** Entry of the watchdog's thread: see watched.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { endProcessSaying } from '../../linux/leave-at-once.ts';
import { describeHang } from '../../policy/describe-hang.ts';
import { type IsolateNotes, RunActivity } from '../../engine/context/run-activity.ts';
import { IdleTime } from './idle-time.ts';
import type { WatchdogSetup } from './watched.ts';

const LOOK_INTERVAL_MS = 100;
/** Exit status of a timeout. */
const STATUS = 30;

const { activity: shared, patienceMs } = workerData as WatchdogSetup;
const activity = new RunActivity(shared);
const idle = new IdleTime(activity);

parentPort?.on('message', (notes: IsolateNotes) => activity.addIsolate(notes));
setInterval(() => {
  const idleMs = idle.lookMs();
  if (idleMs < patienceMs) return;
  const waiting = activity.waiting();
  // A main thread that waits for a reader of its output is not stuck.
  if (waiting.calls.length === 0) return;
  endProcessSaying(STATUS, `efs-sync: ${describeHang(idleMs, waiting)}\n`);
}, LOOK_INTERVAL_MS);
