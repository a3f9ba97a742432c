/** The only place that decides on a retry after a transient error, waits and counts retries. */
import { MountPointError, SystemError } from '../../linux/system-error.ts';
import { sleep } from '../../flow/sleep.ts';
import type { Side } from '../../model/task.ts';
import {
  isTooMuchInFlight,
  isTransient,
  waitBeforeRetryMs,
  type RootKind,
} from '../../policy/judge-failure.ts';
import type { AttemptContext } from './worker-context.ts';
import { FatalError } from '../../model/run/errors.ts';
import { renewRoot } from '../../filesystem/roots/renew-root.ts';
import { displayName } from '../../model/display-name.ts';

/** A stop takes effect, and the watchdog sees progress, within this time. */
const LONGEST_SLEEP_MS = 100;

/**
 * An attempt must not count, report or plan anything before it has succeeded, and must not call this itself.
 * @param attempt gets its number, from 1 @throws the error of the last attempt
 */
export async function retrying<T>(
  context: AttemptContext,
  attempt: (tries: number) => Promise<T>,
): Promise<T> {
  try {
    return await admitted(context, attempt, 1);
  } catch (error) {
    return retryAfter(context, error, attempt);
  }
}

/** The retries after a failed first attempt. */
export async function retryAfter<T>(
  context: AttemptContext,
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

/** If a server refuses too many calls in flight, limits them to the number that it accepts. */
async function admitted<T>(
  { inFlight }: Pick<AttemptContext, 'inFlight'>,
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

/** Whether a retry follows this error in this try. */
export function willTryAgain(context: AttemptContext, error: unknown, tries: number): boolean {
  const { settings, stop } = context;
  if (!(error instanceof SystemError) || tries > settings.retries || stop.isRaised) return false;
  if (error instanceof MountPointError) return false;
  return isTransient(error.code, rootKindOf(context, error.side));
}

/** Considers both sides if the error does not tell which one failed. */
export function rootKindOf({ setup }: Pick<AttemptContext, 'setup'>, side?: Side): RootKind {
  const { source, destination } = setup;
  if (side !== undefined) return setup[side];
  return {
    isRemote: source.isRemote || destination.isRemote,
    isEfs: source.isEfs || destination.isEfs,
  };
}

async function waitToTryAgain(context: AttemptContext, { code }: SystemError, tries: number): Promise<void> {
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

/** @throws FatalError */
async function renewRoots(context: AttemptContext): Promise<void> {
  for (const side of ['source', 'destination'] as const) {
    const identity = context.setup[side];
    if ((await renewRoot(context[side], identity)) === 'usable') continue;
    const { path } = identity;
    throw new FatalError(
      `cannot continue: the ${side} ${displayName(path)} has gone stale, ` +
        'and its path no longer leads to the directory it was at the start; was it replaced?',
      { code: 'ESTALE', path },
    );
  }
}
