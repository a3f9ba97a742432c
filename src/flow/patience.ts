/** How long to wait for an operation on a file that the operator named: until a signal, or for --timeout. */
import { Interrupted, TimedOut } from '../model/run/errors.ts';

export interface Patience {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** 0: without limit. */
  readonly timeoutMs: number;
}

/** After a signal, an operation that is nearly done may still end within this. */
export const GRACE_MS = 700;

/**
 * An abandoned operation may block a thread that never ends: the process must then leave by `_exit`.
 * @param what the operation's name in messages
 * @param graceMs time left for the operation after a signal
 * @throws Interrupted, TimedOut, or the error of `work`
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
    const silence = `no progress for ${timeoutMs / 1000} s: waiting for ${what}`;
    if (timeoutMs > 0) later(timeoutMs, () => new TimedOut(silence));
  });
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    timers.forEach(clearTimeout);
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}
