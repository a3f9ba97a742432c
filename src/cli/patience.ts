/** How long an operation on a file that the operator named is waited for: until a signal, or for --timeout. */
import { Interrupted, TimedOut } from '../errors.ts';
import { watchSignals } from './signals.ts';

export interface Patience {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** 0: for ever. */
  readonly timeoutMs: number;
}

/** After a signal, what is nearly done may still end. */
export const GRACE_MS = 700;

/**
 * What is given up may hold a thread for ever: the process must leave by `_exit` then.
 * @param what is waited for, as messages say it
 * @param graceMs of time that a signal leaves
 * @throws Interrupted, TimedOut, or what `work` throws
 */
export async function within<T>(
  { signal, timeoutMs }: Patience,
  what: string,
  work: Promise<T>,
  graceMs = 0,
): Promise<T> {
  const timers: NodeJS.Timeout[] = [];
  let onAbort: (() => void) | undefined;
  const givenUp = new Promise<never>((_, reject) => {
    const later = (afterMs: number, error: () => Error) =>
      timers.push(setTimeout(() => reject(error()), afterMs));
    onAbort = () => later(graceMs, () => new Interrupted(`interrupted while waiting for ${what}`));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    const silence = `nothing has moved for ${timeoutMs / 1000} s: waiting for ${what}`;
    if (timeoutMs > 0) later(timeoutMs, () => new TimedOut(silence));
  });
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    timers.forEach(clearTimeout);
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}

/** For what is done before there is a run, which has signals of its own. @throws what `work` throws */
export async function patiently<T>(
  timeoutSec: number | undefined,
  work: (patience: Patience) => Promise<T>,
): Promise<T> {
  const { signal, unwatch } = watchSignals({
    onFirst: () => undefined,
    onHangup: undefined,
    onProgressAsked: () => undefined,
  });
  try {
    return await work({ signal, timeoutMs: (timeoutSec ?? 0) * 1000 });
  } finally {
    unwatch();
  }
}
