/** How many worker isolates and how many things each does at once. */

/** Linux keeps at most 64 requests in flight per NFS v4.1 mount. */
const REQUESTS_PER_MOUNT = 64;
/** A ring has room for as many; where there is none, the pool takes 30. */
const LANES_PER_WORKER = 64;

/** Event loop, ring and plan files of an isolate, and what its first lane has open. */
const DESCRIPTORS_PER_WORKER = 16;
/** A directory and a file of each side, twice: the next is opened while the last is still written. */
const DESCRIPTORS_PER_LANE = 8;
/** What the main isolate opens meanwhile: plan, log, report, lock, history. */
const DESCRIPTORS_BESIDE = 10;

/** With fewer than these not even one worker gets anywhere. */
export const LEAST_DESCRIPTORS = DESCRIPTORS_BESIDE + DESCRIPTORS_PER_WORKER;

export interface Concurrency {
  readonly workerCount: number;
  /** Calls that each worker has in flight, and directories or files it has under way. */
  readonly laneCount: number;
}

/**
 * As `planForCalls`, as far as the descriptors reach that this process may still open.
 */
export function planConcurrency({
  freeDescriptors,
  ...facts
}: CallFacts & { readonly freeDescriptors: number }): Concurrency {
  const plan = planForCalls(facts);
  const free = freeDescriptors - DESCRIPTORS_BESIDE;
  const workerCount = Math.max(1, Math.min(plan.workerCount, Math.floor(free / DESCRIPTORS_PER_WORKER)));
  const forMoreLanes = Math.floor((free / workerCount - DESCRIPTORS_PER_WORKER) / DESCRIPTORS_PER_LANE);
  return { workerCount, laneCount: Math.max(1, Math.min(plan.laneCount, 1 + forMoreLanes)) };
}

export interface CallFacts {
  readonly wanted: number | 'auto';
  readonly coreCount: number;
  readonly overlappingMounts: number;
}

/**
 * Isolates for cores, lanes for latency: where calls cost microseconds, a worker does one thing after
 * another; where they cost a round trip, as many as the mounts take.
 */
function planForCalls({ wanted, coreCount, overlappingMounts }: CallFacts): Concurrency {
  if (overlappingMounts === 0) {
    return { workerCount: wanted === 'auto' ? coreCount : Math.min(wanted, coreCount), laneCount: 1 };
  }
  // PERF: one isolate more than cores, for the last few in flight, costs more than it brings.
  const most = Math.min(REQUESTS_PER_MOUNT * overlappingMounts, coreCount * LANES_PER_WORKER);
  const inFlight = wanted === 'auto' ? most : wanted;
  const workerCount = Math.max(Math.min(coreCount, inFlight), Math.ceil(inFlight / LANES_PER_WORKER));
  return { workerCount, laneCount: Math.max(1, Math.floor(inFlight / workerCount)) };
}
