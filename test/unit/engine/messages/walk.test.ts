import { expect, it } from 'vitest';
import type { DirectoryTask } from '../../../../src/engine/messages/directory-task.ts';
import { walkUnit } from '../../../../src/engine/messages/walk.ts';

function taskOf(path: string): DirectoryTask {
  return { path, sides: 'both', makesWay: false };
}

/** A binary tree of 15 directories. */
function childrenOf(path: string): DirectoryTask[] {
  return path.length === 4 ? [] : [taskOf(`${path}a`), taskOf(`${path}b`)];
}

it.for([
  ['budget', { budget: 5, held: Infinity }],
  ['room for what it is to give back', { budget: 256, held: 5 }],
] as const)('walks until it runs out of %s, and returns every other directory', async ([, limit]) => {
  const visited: string[] = [];
  const waiting = [taskOf('.')];
  while (waiting.length > 0) {
    const before = visited.length;
    const leftover = await walkUnit(
      { directories: waiting.splice(-2), budget: limit.budget },
      {
        laneCount: 1,
        isStopped: () => visited.length - before >= limit.held,
        visitorFor:
          (found) =>
          async ({ path }) => {
            visited.push(path);
            childrenOf(path).forEach(found);
          },
      },
    );
    expect(visited.length - before).toBeLessThanOrEqual(5);
    waiting.push(...leftover);
  }
  expect(visited.length).toBe(15);
  expect(new Set(visited).size).toBe(15);
});
