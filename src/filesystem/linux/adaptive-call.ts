/** A call that is made at once as long as it comes back at once, and on the thread pool otherwise. */
import type { Call } from './call.ts';

/** After a call that was not quick, the next trial waits so many times as long: 1 % of the time at most. */
const PATIENCE = 100;

/**
 * PERF: on a network mount half of the calls of a small file never leave the client, and cost several times
 * as much when they travel to another thread and back. Which half depends on version, options and cache, so
 * it is measured. A wrong guess holds up all that this isolate has under way for a round trip.
 */
export function adaptiveCall(blocking: Call, pooled: Call, quickUs: number): Call {
  let pooledUntilMs = 0;
  return (...args) => {
    const startMs = performance.now();
    if (startMs < pooledUntilMs) return pooled(...args);
    const result = blocking(...args);
    const tookMs = performance.now() - startMs;
    if (tookMs * 1000 > quickUs) pooledUntilMs = startMs + PATIENCE * tookMs;
    return result;
  };
}
