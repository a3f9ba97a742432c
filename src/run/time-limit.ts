/** `--stop-after` and `--stop-at`: ends a run as a signal would, at a time. */
import { StoppedAtTime } from '../model/run/errors.ts';
import type { InterruptionReason } from '../model/run/outcome.ts';
import { interruptionOf } from '../policy/decide-outcome.ts';
import type { Settings } from '../model/settings.ts';

/** The clock may be set, and the machine may sleep: neither moves a timer. */
const LOOK_AGAIN_MS = 10_000;

export interface TimeLimit {
  /** Aborted with `signal`, or with StoppedAtTime. */
  readonly signal: AbortSignal;
  /** Why it was aborted. */
  readonly interruption: () => InterruptionReason;
  readonly end: () => void;
}

export function limitTime(
  { stopAfterMinutes, stopAtMs }: Pick<Settings, 'stopAfterMinutes' | 'stopAtMs'>,
  signal: AbortSignal,
): TimeLimit {
  if (stopAfterMinutes === undefined && stopAtMs === undefined)
    return { signal, interruption: () => 'signal', end: () => undefined };
  const reached = new AbortController();
  const startMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const leftMs = Math.min(
      (stopAfterMinutes ?? Infinity) * 60_000 - (performance.now() - startMs),
      (stopAtMs ?? Infinity) - Date.now(),
    );
    if (leftMs <= 0) reached.abort(new StoppedAtTime('the time of --stop-after or --stop-at was reached'));
    else timer = setTimeout(look, Math.min(leftMs, LOOK_AGAIN_MS));
  };
  look();
  const either = AbortSignal.any([signal, reached.signal]);
  return {
    signal: either,
    interruption: () => interruptionOf(either.reason),
    end: () => clearTimeout(timer),
  };
}
