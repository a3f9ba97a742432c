/** How many worker isolates there are, how each makes its calls, and how many things it does at once. */

/** Linux keeps at most 64 requests in flight per NFS v4.1 mount. */
const REQUESTS_PER_MOUNT = 64;
/** PERF: beyond 30 calls in flight in one isolate each costs ten times the CPU (koffi's call contexts). */
const LANES_PER_ISOLATE = 30;
/** An isolate takes 11 MB. */
const MOST_WAITING_ISOLATES = 16;

/** How one isolate works on mounts whose calls take a round trip. */
export interface IsolateStyle {
  readonly callStyle: 'blocking' | 'pooled';
  /** Directories or files it has under way. */
  readonly laneCount: number;
}

export interface Concurrency {
  readonly workerCount: number;
  /** The others start when there is work for them and the processors have time. */
  readonly firstWorkerCount: number;
  readonly workers: IsolateStyle;
  /** The main isolate must never hang. */
  readonly main: IsolateStyle;
}

export interface ConcurrencyFacts {
  readonly wanted: number | 'auto';
  readonly coreCount: number;
  /** A round trip to the slower mount; undefined: no call takes one. */
  readonly latencyUs: number | undefined;
  /** What a call costs that goes to the thread pool and back. */
  readonly pooledCallUs: number;
}

/**
 * Isolates for cores, lanes for latency: where calls cost microseconds, a worker does one thing after
 * another; where they cost a round trip, as many as the mount takes.
 */
export function planConcurrency(facts: ConcurrencyFacts): Concurrency {
  const { wanted, coreCount, latencyUs } = facts;
  if (latencyUs !== undefined) return planRemote(facts, latencyUs);
  const workerCount = wanted === 'auto' ? coreCount : Math.min(wanted, coreCount);
  const style: IsolateStyle = { callStyle: 'blocking', laneCount: 1 };
  return { workerCount, firstWorkerCount: workerCount, workers: style, main: style };
}

function planRemote({ wanted, coreCount, pooledCallUs }: ConcurrencyFacts, latencyUs: number): Concurrency {
  // PERF: one isolate more than cores, for the last few in flight, costs more than it brings.
  const inFlight = wanted === 'auto' ? Math.min(REQUESTS_PER_MOUNT, coreCount * LANES_PER_ISOLATE) : wanted;
  const main: IsolateStyle = { callStyle: 'pooled', laneCount: Math.min(inFlight, LANES_PER_ISOLATE) };
  /*
   * Pooled calls that all cores together could make during one round trip. PERF: where these are few,
   * so many isolates that wait for one call each keep the cores as busy for less: a slow core, 1 ms,
   * 1,500 small files: 12 such calls, 5.0 s with isolates that wait and 8.0 s with pooled calls.
   */
  const worthWaiting = Math.max(coreCount, Math.ceil((coreCount * latencyUs) / pooledCallUs));
  if (worthWaiting <= MOST_WAITING_ISOLATES && (wanted === 'auto' || wanted <= MOST_WAITING_ISOLATES)) {
    const workerCount = wanted === 'auto' ? worthWaiting : wanted;
    const firstWorkerCount = Math.min(coreCount, workerCount);
    return { workerCount, firstWorkerCount, workers: { callStyle: 'blocking', laneCount: 1 }, main };
  }
  const workerCount = Math.max(Math.min(coreCount, inFlight), Math.ceil(inFlight / LANES_PER_ISOLATE));
  const laneCount = Math.max(1, Math.floor(inFlight / workerCount));
  return {
    workerCount,
    firstWorkerCount: workerCount,
    workers: { callStyle: 'pooled', laneCount },
    main,
  };
}
