/** How many worker isolates and how many things each does at once. */

/** Linux keeps at most 64 requests in flight per NFS v4.1 mount. */
const REQUESTS_PER_MOUNT = 64;
/** A ring has room for as many; where there is none, the pool takes 30. */
const LANES_PER_WORKER = 64;

export interface Concurrency {
  readonly workerCount: number;
  /** Calls that each worker has in flight, and directories or files it has under way. */
  readonly laneCount: number;
}

/**
 * Isolates for cores, lanes for latency: where calls cost microseconds, a worker does one thing after
 * another; where they cost a round trip, as many as the mounts take.
 */
export function planConcurrency(facts: {
  wanted: number | 'auto';
  coreCount: number;
  overlappingMounts: number;
}): Concurrency {
  const { wanted, coreCount, overlappingMounts } = facts;
  if (overlappingMounts === 0) {
    return { workerCount: wanted === 'auto' ? coreCount : Math.min(wanted, coreCount), laneCount: 1 };
  }
  // PERF: one isolate more than cores, for the last few in flight, costs more than it brings.
  const most = Math.min(REQUESTS_PER_MOUNT * overlappingMounts, coreCount * LANES_PER_WORKER);
  const inFlight = wanted === 'auto' ? most : wanted;
  const workerCount = Math.max(Math.min(coreCount, inFlight), Math.ceil(inFlight / LANES_PER_WORKER));
  return { workerCount, laneCount: Math.max(1, Math.floor(inFlight / workerCount)) };
}
