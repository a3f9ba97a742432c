/** Asks a root again where what failed may pass: on the main thread, for what no worker asks. */
import { LocationError } from '../errors.ts';
import { SystemError } from '../filesystem/linux/system-error.ts';
import { sleep } from '../flow/sleep.ts';
import { isTransient, waitBeforeRetryMs, type FailurePlace } from '../policy/retry.ts';

/** @throws what the last attempt threw */
export async function retryingRoot<T>(
  retries: number,
  place: FailurePlace,
  ask: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      const code = codeOf(error);
      if (tries > retries || !isTransient(code, place)) throw error;
      await sleep(waitBeforeRetryMs(code, tries, Math.random()));
    }
  }
}

function codeOf(error: unknown): string {
  return ((error instanceof SystemError || error instanceof LocationError) && error.code) || '';
}
