/**
 * Decides how much happens at once: how many workers and lanes there are, and whether many files of one
 * directory are written beside it.
 */
import {
  CALLS_PER_ISOLATE,
  CALLS_PER_MOUNT,
  DESCRIPTORS_BESIDE,
  DESCRIPTORS_PER_LANE,
  DESCRIPTORS_PER_WORKER,
} from '../model/concurrency.ts';

export interface Concurrency {
  readonly workerCount: number;
  /** Calls that each worker has in flight, and directories or files it works on. */
  readonly laneCount: number;
}

/** As `planForCalls`, limited by the descriptors that this process may still open. */
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
 * Isolates use cores, lanes hide latency. If calls take microseconds, each worker does one thing at a time;
 * if they take a round trip, as many as the mounts allow.
 */
function planForCalls({ wanted, coreCount, overlappingMounts }: CallFacts): Concurrency {
  if (overlappingMounts === 0) {
    return { workerCount: wanted === 'auto' ? coreCount : Math.min(wanted, coreCount), laneCount: 1 };
  }
  // PERF: one isolate more than cores, for the last few calls in flight, costs more than it gains.
  const most = Math.min(CALLS_PER_MOUNT * overlappingMounts, coreCount * CALLS_PER_ISOLATE);
  const inFlight = wanted === 'auto' ? most : wanted;
  const workerCount = Math.max(Math.min(coreCount, inFlight), Math.ceil(inFlight / CALLS_PER_ISOLATE));
  return { workerCount, laneCount: Math.max(1, Math.floor(inFlight / workerCount)) };
}

/** Making and removing separate directories costs the directory's lock about as much as this many files. */
const FEWEST_FILES = 32;

interface StagingCounts {
  /** To be written together. */
  readonly files: number;
  /** In their own directory, as the source has it. */
  readonly directoryFiles: number;
  /** To be transferred by the whole run. */
  readonly allFiles: number;
}

/**
 * Whether to write files in separate directories before they are moved to their own. Only if one directory
 * takes most files of the run: Linux allows one rename between two directories at a time per file system
 * (s_vfs_rename_mutex), which would slow many directories filled in parallel.
 */
export function isCrowded({ files, directoryFiles, allFiles }: StagingCounts): boolean {
  return files >= FEWEST_FILES && directoryFiles * 2 > allFiles;
}
