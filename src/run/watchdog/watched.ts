/** Runs work on both roots under watch: a call that hangs is reported, and ended by `--timeout`. */
import { StopFlag } from '../../flow/stop-flag.ts';
import { shareCells } from '../../flow/shared-cells.ts';
import type { ByteString } from '../../model/byte-string.ts';
import type { Reporter } from '../../model/run/reporter.ts';
import type { Task } from '../../model/task.ts';
import { RunActivity, type SharedRunActivity } from '../../engine/context/run-activity.ts';
import type { SignalCells } from '../../engine/context/run-cells.ts';
import { TimedOut, LocationError } from '../../model/run/errors.ts';
import { describeThreadShortage, isThreadShortage } from '../../flow/workers/workers.ts';
import { describeHang } from '../../policy/describe-hang.ts';
import { SlowestMount } from '../../policy/slowest-mount.ts';
import { IdleTime } from './idle-time.ts';
import { Worker } from 'node:worker_threads';

export interface Watched {
  readonly activity: RunActivity;
  readonly stop: StopFlag;
  /** Of both, for other isolates. */
  readonly signals: SignalCells;
}

export interface WatchedProcess {
  /**
   * True: `timeoutMs` ends the process where its main thread hangs, too. False or not given: the process has other
   * work, and its main thread may be busy with that.
   */
  readonly mayEndProcess?: boolean;
}

/** @throws TimedOut, and then a stuck call may still go on */
export async function watched<T>(
  { task, reporter, mayEndProcess }: { task: Task; reporter: HangReporter } & WatchedProcess,
  work: (watched: Watched) => Promise<T>,
): Promise<T> {
  const activity = new RunActivity();
  const signals = { ...shareCells({ stop: StopFlag.sizeBytes }), heartbeat: activity.shared.heartbeat };
  const stop = new StopFlag(signals.stop);
  const { timeoutMs } = task.settings;
  const watchdog = timeoutMs > 0 && mayEndProcess === true ? startWatchdog(activity, timeoutMs) : undefined;
  try {
    return await watchHangs({ activity, timeoutMs, reporter, stop: () => stop.raise() }, () =>
      work({ activity, stop, signals }),
    );
  } finally {
    await watchdog?.end();
  }
}

type HangReporter = Pick<Reporter, 'warned'> & Partial<Pick<Reporter, 'waitsFor'>>;

const LOOK_INTERVAL_MS = 100;
/** PERF: what each call in flight is about takes two reads of /proc. */
const LOOKS_PER_SAMPLE = 10;
/** A restarting server is usually back sooner. */
const WARN_AFTER_MS = 30_000;

export interface HangWatch {
  readonly activity: RunActivity;
  /** 0: a run may hang without limit. */
  readonly timeoutMs: number;
  readonly reporter: HangReporter;
  /** Stops everything that still moves. */
  readonly stop: () => void;
  /** Default: half a minute. */
  readonly warnAfterMs?: number | undefined;
}

/**
 * Warns once of each hang, and ends a run in which nothing moves any more.
 * @throws TimedOut, naming the stuck calls: `work` may then never end
 */
export async function watchHangs<T>(watch: HangWatch, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<never>((_, reject) => {
    const look = lookForHang(watch, reject);
    timer = setInterval(look, LOOK_INTERVAL_MS);
  });
  try {
    return await Promise.race([work(), timedOut]);
  } finally {
    clearInterval(timer);
  }
}

function lookForHang(watch: HangWatch, giveUp: (error: TimedOut) => void): () => void {
  const { activity, timeoutMs, reporter, stop, warnAfterMs = WARN_AFTER_MS } = watch;
  const idle = new IdleTime(activity);
  let hasWarned = false;
  const sample = sampleMounts(watch);
  return () => {
    sample();
    const idleMs = idle.lookMs();
    if (idleMs < warnAfterMs) hasWarned = false;
    else if (!hasWarned) {
      hasWarned = true;
      const waiting = activity.waiting();
      // Without a call in flight, only the reader of the output keeps the run waiting.
      if (waiting.calls.length > 0) reporter.warned(describeHang(idleMs, waiting));
    }
    if (timeoutMs === 0 || idleMs < timeoutMs) return;
    stop();
    giveUp(new TimedOut(describeHang(timeoutMs, activity.waiting())));
  };
}

/** Tells which mount the run waits for, as often as that changes. */
function sampleMounts({ activity, reporter }: Pick<HangWatch, 'activity' | 'reporter'>): () => void {
  const slowest = new SlowestMount();
  let looks = 0;
  let told: ByteString | undefined;
  return () => {
    if (reporter.waitsFor === undefined || ++looks % LOOKS_PER_SAMPLE !== 0) return;
    const found = slowest.look(activity.waiting().calls);
    if (found === told) return;
    told = found;
    reporter.waitsFor(found);
  };
}

/** The main thread reports a timeout itself, unless it is stuck. */
const GRACE_MS = 1_000;

export interface WatchdogSetup {
  readonly activity: SharedRunActivity;
  readonly patienceMs: number;
}

interface Watchdog {
  end(): Promise<void>;
}

/** A thread that ends the process if the main thread, too, is stuck in a call and cannot report it. */
function startWatchdog(activity: RunActivity, timeoutMs: number): Watchdog {
  const setup: WatchdogSetup = { activity: activity.shared, patienceMs: timeoutMs + GRACE_MS };
  const thread = startThread(setup);
  activity.onIsolate = (notes) => thread.postMessage(notes, []);
  thread.unref();
  return { end: async () => void (await thread.terminate()) };
}

/** @throws LocationError: it is started before anything else */
function startThread(workerData: WatchdogSetup): Worker {
  try {
    return new Worker(new URL('watchdog-thread.cjs', import.meta.url), { workerData, execArgv: [] });
  } catch (error) {
    if (isThreadShortage(error)) throw new LocationError(describeThreadShortage(error), { cause: error });
    throw error;
  }
}
