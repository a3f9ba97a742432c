/** A call that is made at once as long as it comes back at once, and on the thread pool otherwise. */
import type { Call } from './call.ts';

/** While it is quick, one in so many is timed. */
const QUICK_STRETCH = 4;
/** While it is slow, it is tried again after so many at first, and twice as many each time. */
const [FIRST_SLOW_STRETCH, LONGEST_SLOW_STRETCH] = [8, 256];

/**
 * PERF: on a network mount half of the calls of a small file never leave the client, and cost several times
 * as much when they travel to another thread and back. Which half depends on version, options and cache:
 * it is measured, and one wrong guess costs one round trip in this isolate.
 */
export function adaptiveCall(blocking: Call, pooled: Call, quickUs: number): Call {
  let chosen = blocking;
  let slowStretch = FIRST_SLOW_STRETCH;
  let callsUntilTimed = 0;
  return (...args) => {
    if (callsUntilTimed-- > 0) return chosen(...args);
    const startMs = performance.now();
    const result = blocking(...args);
    if ((performance.now() - startMs) * 1000 < quickUs) {
      chosen = blocking;
      callsUntilTimed = QUICK_STRETCH;
      slowStretch = FIRST_SLOW_STRETCH;
    } else {
      chosen = pooled;
      callsUntilTimed = slowStretch;
      slowStretch = Math.min(2 * slowStretch, LONGEST_SLOW_STRETCH);
    }
    return result;
  };
}
