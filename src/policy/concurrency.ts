/** How many worker isolates and how many things each does at once. */

/** Linux keeps at most 64 requests in flight per NFS v4.1 mount. */
const REQUESTS_PER_MOUNT = 64;
/** PERF: beyond 30 calls in flight in one isolate each costs ten times the CPU (koffi's call contexts). */
const LANES_PER_WORKER = 30;

export interface Concurrency {
  readonly workerCount: number;
  /** Directories or files each worker has under way. */
  readonly laneCount: number;
}

/**
 * Isolates for cores, lanes for latency: where calls cost microseconds, a worker does one thing after
 * another; where they cost a round trip, as many as the mount takes.
 */
export function planConcurrency(facts: {
  wanted: number | 'auto';
  coreCount: number;
  overlaps: boolean;
}): Concurrency {
  const { wanted, coreCount, overlaps } = facts;
  if (!overlaps) {
    return { workerCount: wanted === 'auto' ? coreCount : Math.min(wanted, coreCount), laneCount: 1 };
  }
  // PERF: one isolate more than cores, for the last few in flight, costs more than it brings.
  const inFlight = wanted === 'auto' ? Math.min(REQUESTS_PER_MOUNT, coreCount * LANES_PER_WORKER) : wanted;
  const workerCount = Math.max(Math.min(coreCount, inFlight), Math.ceil(inFlight / LANES_PER_WORKER));
  return { workerCount, laneCount: Math.max(1, Math.floor(inFlight / workerCount)) };
}
