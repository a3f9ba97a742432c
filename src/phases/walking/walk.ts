/**
 * Walks two trees over the workers: the main thread holds the stack of directories to list, the workers
 * take some and give back those they found below. Depth first, so that the stack stays short.
 */
import { forEachFound, type Job } from '../../flow/lanes.ts';
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
  readonly unitsUnderWay: number;
  readonly run: (unit: WalkUnit) => Promise<Result>;
  /** Gives what else is to be done about what was found. */
  readonly take: (result: Result) => readonly Job[];
}

/** PERF: one message costs about 50 µs, a directory of ten entries about as much. */
const LARGEST_BUDGET = 256;

export async function walkTrees<Result extends WalkResult>(walk: Walk<Result>): Promise<void> {
  const stack: DirectoryTask[] = [ROOT_TASK];
  const jobs: Job[] = [];
  const walkSome = async (unit: WalkUnit): Promise<void> => {
    const result = await walk.run(unit);
    for (const job of walk.take(result)) jobs.push(job);
    for (const task of result.leftover) stack.push(task);
  };
  // Jobs first: they may be what takes longest.
  const take = (): Job | undefined => {
    if (jobs.length > 0 || stack.length === 0) return jobs.pop();
    const unit = takeUnit(stack, walk.unitsUnderWay);
    return () => walkSome(unit);
  };
  await forEachFound(take, walk.unitsUnderWay, (job) => job());
}

/** Few are left: hand out one at a time, so that what is found below reaches the idle workers soon. */
function takeUnit(stack: DirectoryTask[], unitsUnderWay: number): WalkUnit {
  const share = Math.ceil(stack.length / (unitsUnderWay * 2));
  const directories = stack.splice(-Math.min(share, LARGEST_BUDGET));
  return { directories, budget: share === 1 ? 1 : LARGEST_BUDGET };
}
