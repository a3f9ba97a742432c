/** The history is bounded per task, and in all, where the task that runs most often loses runs first. */
import { describe, expect, test } from 'vitest';
import { executionName, expiredExecutions, isExecutionName } from '../../../src/history/history-directory.ts';
import { taskKey } from '../../../src/filesystem/state/state-files.ts';

const START_MS = 1_795_541_336_274;

function namesOf(task: string, count: number, startMs = START_MS): string[] {
  const roots = { source: `/${task}`, destination: '/d' };
  return Array.from({ length: count }, (_, index) =>
    executionName({ ...roots, startedAtMs: startMs + index }, index / count),
  );
}

describe('a name', () => {
  test('is recognised, and nothing else is', () => {
    for (const name of namesOf('a', 50)) expect(isExecutionName(name)).toBe(true);
    for (const name of ['', '.', 'a.new', `${namesOf('a', 1)[0]}.new`, `old.${namesOf('a', 1)[0]}`])
      expect(isExecutionName(name)).toBe(false);
  });

  test('sorts by time within a task', () => {
    const names = namesOf('a', 50);
    expect(names.toSorted()).toEqual(names);
  });

  test('sorts by time even if the clock was never set', () => {
    const roots = { source: '/a', destination: '/d' };
    const names = [0, 9, 10, 86_400_000, START_MS].map((startedAtMs) =>
      executionName({ ...roots, startedAtMs }, 0.5),
    );
    expect(names.toSorted()).toEqual(names);
    expect(names.filter(isExecutionName)).toEqual(names);
  });

  test('is unique for runs that began at the same moment', () => {
    const execution = { source: '/a', destination: '/d', startedAtMs: START_MS };
    const names = [0, 1e-9, 0.25, 0.5, 0.999_999_999].map((random) => executionName(execution, random));
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter(isExecutionName)).toEqual(names);
  });

  // The published test vectors of the hash, for texts that end in NUL.
  test.each([
    [{ name: '', source: '/a', destination: '/b' }, '050c5d1f'],
    [{ source: 'a', destination: '' }, '2b24d044'],
    [{ source: 'foobar', destination: '' }, '0c1c9eb8'],
  ])('of %j begins with its FNV-1a', (task, mark) => {
    expect(executionName({ ...task, startedAtMs: START_MS }, 0)).toBe(`${mark}-${START_MS}-0`);
  });
});

describe('too many are', () => {
  test('runs of a task beyond the latest hundred', () => {
    const names = namesOf('a', 103);
    expect(expiredExecutions(names).toSorted()).toEqual(names.slice(0, 3));
    expect(expiredExecutions(names.slice(3))).toEqual([]);
  });

  test('beyond two thousand in all, runs of the tasks with the most', () => {
    const busy = Array.from({ length: 20 }, (_, index) =>
      namesOf(`busy${index}`, 100, START_MS + 1_000_000),
    ).flat();
    const rare = namesOf('rare', 3);
    const expired = expiredExecutions([...rare, ...busy]);
    expect(expired).toHaveLength(3);
    expect(rare.filter((name) => expired.includes(name))).toEqual([]);
  });

  test('all but at most one run per task, if there are very many tasks', () => {
    const names = Array.from({ length: 2500 }, (_, index) => namesOf(`task${index}`, 2)).flat();
    const expired = new Set(expiredExecutions(names));
    expect(names.filter((name) => !expired.has(name))).toHaveLength(2000);
    const [latest, earlier] = [1, 0].map((rank) => names.filter((_, index) => index % 2 === rank));
    // Every task keeps its latest run before any task keeps an earlier one.
    expect(earlier?.every((name) => expired.has(name))).toBe(true);
    expect(latest?.filter((name) => expired.has(name))).toHaveLength(500);
  });

  test('never files with other names', () => {
    expect(expiredExecutions(Array.from({ length: 3000 }, (_, index) => `notes-${index}`))).toEqual([]);
  });
});

test.each([
  [{ source: '/a', destination: '/b' }, { source: '/a', destination: '/b' }, true],
  [{ source: '/a', destination: '/b' }, { source: '/a', destination: '/c' }, false],
  [{ name: 'n', source: '/a', destination: '/b' }, { name: 'n', source: '/c', destination: '/d' }, true],
  [{ name: 'n', source: '/a', destination: '/b' }, { source: '/a', destination: '/b' }, false],
  [{ name: 'n', source: '/a', destination: '/b' }, { name: 'm', source: '/a', destination: '/b' }, false],
  [{ source: '/a', destination: '/b' }, { name: '/a\0/b', source: '', destination: '' }, false],
])('%j and %j are one task: %j', (one, other, same) => {
  expect(taskKey(one) === taskKey(other)).toBe(same);
});
