/** The worker's side of the walk: visits directories, a lane each, until the budget is spent. */
import { forEachFound } from '../../flow/lanes.ts';
import type { DirectoryTask } from './directory-task.ts';
import type { WalkUnit } from './walk.ts';

export interface WalkVisitor {
  readonly laneCount: number;
  readonly isStopped: () => boolean;
  readonly visit: (task: DirectoryTask, found: (child: DirectoryTask) => void) => Promise<void>;
}

/** Gives the directories that are left. */
export async function walkUnit(unit: WalkUnit, visitor: WalkVisitor): Promise<DirectoryTask[]> {
  const stack = [...unit.directories];
  let budget = unit.budget;
  const found = (child: DirectoryTask) => void stack.push(child);
  const take = () => {
    if (budget === 0 || stack.length === 0 || visitor.isStopped()) return undefined;
    budget--;
    return stack.pop();
  };
  await forEachFound(take, visitor.laneCount, (task) => visitor.visit(task, found));
  return stack;
}
