/** Makes a call in this thread while such calls return quickly, and on the thread pool otherwise. */
import type { Call } from './call-table.ts';

/** How long calls may block an isolate: a fifth of its time, and this many round trips in a row. */
const MOST_WAITING_SHARE = 0.2;
const MOST_ROUND_TRIPS = 5;
/**
 * Pause before blocking calls are tried again; it doubles after each failed trial. PERF: with four slow calls
 * a file, each tried every 100 round trips, a copy lost a fifth of its time.
 */
const FIRST_PAUSE_ROUND_TRIPS = 100;
const LONGEST_PAUSE_ROUND_TRIPS = 6400;

/** PERF: reading the clock may cost as much as a call, so only one quick call in eight is timed. */
const UNTIMED_CALLS = 7;
/** After a slow call, this many calls are all timed. */
const WATCHED_CALLS = 32;

/**
 * PERF: on a network mount, half of a small file's calls never leave the client. They cost several times as
 * much when they travel to another thread and back. Which half depends on version, options and cache, so it
 * is measured. A busy machine makes a quick call slow now and then: one slow call changes nothing.
 */
export function adaptiveCall(blocking: Call, pooled: Call, latencyMs: number): Call {
  let pooledUntilMs = 0;
  /** Blocked time above the allowed share, up to `countedAtMs`. */
  let waitedMs = 0;
  let countedAtMs = 0;
  let untimedLeft = 0;
  let watchedLeft = 0;
  let pauseRoundTrips = FIRST_PAUSE_ROUND_TRIPS;

  const countWait = (nowMs: number, tookMs: number): void => {
    const allowedMs = MOST_WAITING_SHARE * (nowMs - countedAtMs);
    waitedMs = Math.max(0, waitedMs - allowedMs) + Math.min(tookMs, latencyMs);
    countedAtMs = nowMs;
    if (waitedMs < MOST_ROUND_TRIPS * latencyMs) return;
    waitedMs = 0;
    pooledUntilMs = nowMs + pauseRoundTrips * latencyMs;
    pauseRoundTrips = Math.min(2 * pauseRoundTrips, LONGEST_PAUSE_ROUND_TRIPS);
  };

  return (...args) => {
    if (untimedLeft-- > 0) return blocking(...args);
    const startMs = performance.now();
    if (startMs < pooledUntilMs) return pooled(...args);
    const result = blocking(...args);
    const endMs = performance.now();
    if (endMs - startMs > latencyMs / 2) {
      countWait(endMs, endMs - startMs);
      watchedLeft = WATCHED_CALLS;
    } else if (watchedLeft-- <= 0) {
      untimedLeft = UNTIMED_CALLS;
      pauseRoundTrips = FIRST_PAUSE_ROUND_TRIPS;
    }
    return result;
  };
}
