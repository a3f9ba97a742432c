/** Tells of calls that hang, and ends a run in which nothing moves any more. */
import { TimedOut } from '../errors.ts';
import type { Reporter } from '../model/reporter.ts';
import { describeSilence } from '../policy/describe-silence.ts';
import type { Movement } from './movement.ts';
import { Silence } from './silence.ts';

const LOOK_INTERVAL_MS = 100;
/** A server that restarts is back sooner, as a rule. */
const WARN_AFTER_MS = 30_000;

export interface HangWatch {
  readonly movement: Movement;
  /** 0: a run may hang for ever. */
  readonly timeoutMs: number;
  readonly reporter: Pick<Reporter, 'warned'>;
  /** Ends what still moves. */
  readonly stop: () => void;
  /** Once for each silence; half a minute unless told. */
  readonly warnAfterMs?: number | undefined;
}

/** @throws TimedOut, naming what is waited for: then `work` may never end */
export async function watchHangs<T>(watch: HangWatch, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<never>((_, reject) => {
    const look = lookForSilence(watch, reject);
    timer = setInterval(look, LOOK_INTERVAL_MS);
  });
  try {
    return await Promise.race([work(), timedOut]);
  } finally {
    clearInterval(timer);
  }
}

function lookForSilence(watch: HangWatch, giveUp: (error: TimedOut) => void): () => void {
  const { movement, timeoutMs, reporter, stop, warnAfterMs = WARN_AFTER_MS } = watch;
  const silence = new Silence(movement);
  let hasWarned = false;
  return () => {
    const silentMs = silence.lookMs();
    if (silentMs < warnAfterMs) hasWarned = false;
    else if (!hasWarned) {
      hasWarned = true;
      const waiting = movement.waiting();
      // Nothing but the reader of what is printed keeps the run waiting.
      if (waiting.calls.length > 0) reporter.warned(describeSilence(silentMs, waiting));
    }
    if (timeoutMs === 0 || silentMs < timeoutMs) return;
    stop();
    giveUp(new TimedOut(describeSilence(timeoutMs, movement.waiting())));
  };
}
