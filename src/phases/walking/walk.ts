/**
 * Walks two trees over the workers: the main thread holds the stack of directories to list, the workers
 * take some and give back those they found below. Depth first, so that the stack stays short.
 */
import { forEachFound } from '../../flow/lanes.ts';
import type { DirectoryTask } from './directory-task.ts';
import { ROOT_TASK } from './directory-task.ts';

export interface WalkUnit {
  readonly directories: readonly DirectoryTask[];
  /** How many directories to walk, the given ones and those found below, before giving back the rest. */
  readonly budget: number;
}

export interface WalkResult {
  readonly leftover: readonly DirectoryTask[];
}

export interface Walk<Result extends WalkResult> {
  readonly workerCount: number;
  readonly run: (unit: WalkUnit) => Promise<Result>;
  readonly take: (result: Result) => void;
}

/** Units under way per worker: the next is there when one ends. */
const UNITS_PER_WORKER = 2;
/** PERF: one message costs about 50 µs, a directory of ten entries about as much. */
const LARGEST_BUDGET = 256;

export async function walkTrees<Result extends WalkResult>(walk: Walk<Result>): Promise<void> {
  const stack: DirectoryTask[] = [ROOT_TASK];
  const take = () => (stack.length === 0 ? undefined : takeUnit(stack, walk.workerCount));
  await forEachFound(take, walk.workerCount * UNITS_PER_WORKER, async (unit) => {
    const result = await walk.run(unit);
    walk.take(result);
    for (const task of result.leftover) stack.push(task);
  });
}

/** Few are left: hand out one at a time, so that what is found below reaches the idle workers soon. */
function takeUnit(stack: DirectoryTask[], workerCount: number): WalkUnit {
  const share = Math.ceil(stack.length / (workerCount * UNITS_PER_WORKER * 2));
  const directories = stack.splice(-Math.min(share, LARGEST_BUDGET));
  return { directories, budget: share === 1 ? 1 : LARGEST_BUDGET };
}
