/** How many overlapping calls this isolate has in flight, whichever way they take: what `--concurrency` tells. */
import { Gate } from '../gate.ts';

/** As many as a ring has room for. */
export const MOST_CALLS_IN_FLIGHT = 64;

export const callsInFlight = new Gate(MOST_CALLS_IN_FLIGHT);

export function limitCallsInFlight(count: number): void {
  callsInFlight.limit(Math.max(1, Math.min(count, MOST_CALLS_IN_FLIGHT)));
}
