/** Makes an attempt again where its failure may pass: the one place that decides so, waits and counts. */
import { MountPointError, SystemError } from '../filesystem/linux/system-error.ts';
import { sleep } from '../flow/sleep.ts';
import type { Side } from '../model/task.ts';
import { isTooMuchInFlight, isTransient, waitBeforeRetryMs, type FailurePlace } from '../policy/retry.ts';
import { renewRoots } from './renew-roots.ts';
import type { WorkerContext } from './worker-context.ts';

/** A run that is to stop stops, and the watchdog sees that nothing hangs, within this. */
const LONGEST_SLEEP_MS = 100;

/**
 * An attempt counts, reports and plans nothing before it has succeeded, and holds none of these itself.
 * @param attempt given its number, from 1 @throws what the last one threw
 */
export async function retrying<T>(
  context: WorkerContext,
  attempt: (tries: number) => Promise<T>,
): Promise<T> {
  try {
    return await admitted(context, attempt, 1);
  } catch (error) {
    return retryAfter(context, error, attempt);
  }
}

/** What follows a first attempt that has failed. */
export async function retryAfter<T>(
  context: WorkerContext,
  firstError: unknown,
  attempt: (tries: number) => Promise<T>,
): Promise<T> {
  let error = firstError;
  for (let tries = 1; willTryAgain(context, error, tries); tries++) {
    await waitToTryAgain(context, error as SystemError, tries);
    try {
      return await admitted(context, attempt, tries + 1);
    } catch (next) {
      error = next;
    }
  }
  throw error;
}

/** Where too much in flight is refused, as many at once as the server lets have. */
async function admitted<T>(
  { inFlight }: WorkerContext,
  attempt: (tries: number) => Promise<T>,
  tries: number,
): Promise<T> {
  if (inFlight === undefined) return attempt(tries);
  const round = await inFlight.enter();
  try {
    const result = await attempt(tries);
    inFlight.succeeded();
    return result;
  } catch (error) {
    if (error instanceof SystemError && isTooMuchInFlight(error.code)) inFlight.shrink(round);
    throw error;
  } finally {
    inFlight.leave();
  }
}

/** Whether that failure of that try has another one follow. */
export function willTryAgain(context: WorkerContext, error: unknown, tries: number): boolean {
  const { settings, stop } = context;
  if (!(error instanceof SystemError) || tries > settings.retries || stop.isRaised) return false;
  if (error instanceof MountPointError) return false;
  return isTransient(error.code, placeOf(context, error.side));
}

/** Of either side where a call does not tell which. */
export function placeOf({ setup }: WorkerContext, side?: Side): FailurePlace {
  const { source, destination } = setup;
  if (side !== undefined) return setup[side];
  return {
    isRemote: source.isRemote || destination.isRemote,
    isEfs: source.isEfs || destination.isEfs,
  };
}

async function waitToTryAgain(context: WorkerContext, { code }: SystemError, tries: number): Promise<void> {
  const { counters, heartbeat, stop } = context;
  counters.add('retries', 1);
  if (code === 'ESTALE') await renewRoots(context);
  const endMs = performance.now() + waitBeforeRetryMs(code, tries, Math.random());
  for (let leftMs = endMs - performance.now(); leftMs > 0 && !stop.isRaised;) {
    heartbeat.beat();
    await sleep(Math.min(leftMs, LONGEST_SLEEP_MS));
    leftMs = endMs - performance.now();
  }
}
