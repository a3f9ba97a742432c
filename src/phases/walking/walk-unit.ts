/** The worker's side of the walk: visits directories, a lane each, until the budget is spent. */
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
  const underWay = new Set<Promise<void>>();
  let budget = unit.budget;
  const found = (child: DirectoryTask) => void stack.push(child);
  const mayStart = () => stack.length > 0 && budget > 0 && !visitor.isStopped();
  while (mayStart() || underWay.size > 0) {
    while (mayStart() && underWay.size < visitor.laneCount) {
      budget--;
      const task = stack.pop() as DirectoryTask;
      const ended = visitor.visit(task, found).then(() => void underWay.delete(ended));
      underWay.add(ended);
    }
    await Promise.race(underWay);
  }
  return stack;
}
