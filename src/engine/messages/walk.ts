/**
 * Walks two trees with all workers: the main thread holds the stack of directories to list. Workers take some
 * and return the subdirectories that they find. Depth first, so that the stack stays short.
 */
import { forEachFound, type Job } from '../../flow/lanes.ts';
import { DIRECTORIES_PER_UNIT, WALK_SHARES_PER_UNIT } from '../../model/concurrency.ts';
import { type DirectoryTask, ROOT_TASK } from './directory-task.ts';

export interface WalkUnit {
  readonly directories: readonly DirectoryTask[];
  /** How many directories to walk, given and found, before returning the rest. */
  readonly budget: number;
}

export interface WalkResult {
  readonly leftover: readonly DirectoryTask[];
}

export interface Walk<Result extends WalkResult> {
  readonly unitsUnderWay: number;
  readonly run: (unit: WalkUnit) => Promise<Result>;
  /** Gives further jobs for the result. */
  readonly take: (result: Result) => readonly Job[];
}

export async function walkTrees<Result extends WalkResult>(walk: Walk<Result>): Promise<void> {
  const stack: DirectoryTask[] = [ROOT_TASK];
  const jobs: Job[] = [];
  const walkSome = async (unit: WalkUnit): Promise<void> => {
    const result = await walk.run(unit);
    for (const job of walk.take(result)) jobs.push(job);
    for (const task of result.leftover) stack.push(task);
  };
  // Jobs first: they may take longest.
  const take = (): Job | undefined => {
    if (jobs.length > 0 || stack.length === 0) return jobs.pop();
    const unit = takeUnit(stack, walk.unitsUnderWay);
    return () => walkSome(unit);
  };
  await forEachFound(take, walk.unitsUnderWay, (job) => job());
}

/** With few directories left, hands out one at a time, so that its subdirectories soon reach idle workers. */
function takeUnit(stack: DirectoryTask[], unitsUnderWay: number): WalkUnit {
  const share = Math.ceil(stack.length / (unitsUnderWay * WALK_SHARES_PER_UNIT));
  const directories = stack.splice(-Math.min(share, DIRECTORIES_PER_UNIT));
  return { directories, budget: share === 1 ? 1 : DIRECTORIES_PER_UNIT };
}

/** The worker's side. */
interface UnitWalk {
  readonly laneCount: number;
  readonly isStopped: () => boolean;
  /** Made once for the unit. @param found takes directories that are to be visited, too */
  readonly visitorFor: (found: (child: DirectoryTask) => void) => (task: DirectoryTask) => Promise<void>;
}

/** Visits directories, one per lane, until the budget is spent. Gives the remaining ones. */
export async function walkUnit(unit: WalkUnit, walk: UnitWalk): Promise<DirectoryTask[]> {
  const stack = [...unit.directories];
  let budget = unit.budget;
  const visit = walk.visitorFor((child) => void stack.push(child));
  const take = () => {
    if (budget === 0 || stack.length === 0 || walk.isStopped()) return undefined;
    budget--;
    return stack.pop();
  };
  await forEachFound(take, walk.laneCount, visit);
  return stack;
}
