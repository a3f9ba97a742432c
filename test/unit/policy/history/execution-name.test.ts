/** The history is bounded: for each task, and in all, where what runs most often goes first. */
import { describe, expect, test } from 'vitest';
import {
  executionName,
  expiredExecutions,
  isExecutionName,
  taskKey,
} from '../../../../src/policy/history/execution-name.ts';

const START_MS = 1_795_541_336_274;

function namesOf(task: string, count: number, startMs = START_MS): string[] {
  const roots = { source: `/${task}`, destination: '/d' };
  return Array.from({ length: count }, (_, index) =>
    executionName({ ...roots, startedAtMs: startMs + index }, index / count),
  );
}

describe('a name', () => {
  test('is known again, and nothing else is', () => {
    for (const name of namesOf('a', 50)) expect(isExecutionName(name)).toBe(true);
    for (const name of ['', '.', 'a.new', `${namesOf('a', 1)[0]}.new`])
      expect(isExecutionName(name)).toBe(false);
  });

  test('goes by time within a task', () => {
    const names = namesOf('a', 50);
    expect(names.toSorted()).toEqual(names);
  });
});

describe('too many are', () => {
  test('those of a task beyond the latest hundred', () => {
    const names = namesOf('a', 103);
    expect(expiredExecutions(names).toSorted()).toEqual(names.slice(0, 3));
    expect(expiredExecutions(names.slice(3))).toEqual([]);
  });

  test('where all are more than two thousand, those of the tasks that have most', () => {
    const busy = Array.from({ length: 20 }, (_, index) =>
      namesOf(`busy${index}`, 100, START_MS + 1_000_000),
    ).flat();
    const rare = namesOf('rare', 3);
    const expired = expiredExecutions([...rare, ...busy]);
    expect(expired).toHaveLength(3);
    expect(rare.filter((name) => expired.includes(name))).toEqual([]);
  });

  test('at most of as many as there are tasks, one each', () => {
    const names = Array.from({ length: 2500 }, (_, index) => namesOf(`task${index}`, 2)).flat();
    const expired = new Set(expiredExecutions(names));
    expect(names.filter((name) => !expired.has(name))).toHaveLength(2000);
    const [latest, earlier] = [1, 0].map((rank) => names.filter((_, index) => index % 2 === rank));
    // A task keeps its latest run rather than its earlier one.
    expect(earlier?.every((name) => expired.has(name))).toBe(true);
    expect(latest?.filter((name) => expired.has(name))).toHaveLength(500);
  });

  test('none that have another name', () => {
    expect(expiredExecutions(Array.from({ length: 3000 }, (_, index) => `notes-${index}`))).toEqual([]);
  });
});

test.each([
  [{ source: '/a', destination: '/b' }, { source: '/a', destination: '/b' }, true],
  [{ source: '/a', destination: '/b' }, { source: '/a', destination: '/c' }, false],
  [{ name: 'n', source: '/a', destination: '/b' }, { name: 'n', source: '/c', destination: '/d' }, true],
  [{ name: 'n', source: '/a', destination: '/b' }, { source: '/a', destination: '/b' }, false],
  [{ source: '/a', destination: '/b' }, { name: '/a\0/b', source: '', destination: '' }, false],
])('%j and %j are one task: %j', (one, other, same) => {
  expect(taskKey(one) === taskKey(other)).toBe(same);
});
