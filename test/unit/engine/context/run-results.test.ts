/** The report counts paths, each once per class, and tells of a failure once: what it explains is not told again. */
import { expect, test } from 'vitest';
import { KnownFailures, RunResults } from '../../../../src/engine/context/run-results.ts';
import type { AttemptName, Problem } from '../../../../src/model/run/problem.ts';
import type { Verdict } from '../../../../src/model/run/verdict.ts';
import { PROBLEM } from '../../../support/reports.ts';

function problem(path: string, fields: Partial<Problem> = {}): Problem {
  const failed = { class: 'failed', phase: 'preparing', side: 'source', code: 'EIO', reason: 'no' } as const;
  return { ...failed, path, attempt: 'list', ...fields };
}

function verdict(path: string, fields: Partial<Verdict> = {}): Verdict {
  return { class: 'read error', path, differences: 0, detail: 'no', ...fields };
}

test('a path that failed more than once is counted once, and each failure is reported', () => {
  const results = new RunResults();
  results.addProblem(problem('a'));
  results.addProblem(problem('a', { side: 'destination' }));
  results.addProblem(problem('a', { class: 'changed' }));
  results.addProblem(problem('b'));
  expect(results.problemCounts).toEqual({ failed: 2, vanished: 0, changed: 1 });
  expect(results.problems).toHaveLength(4);
});

test('a path with two verdicts is counted once', () => {
  const results = new RunResults();
  results.addVerdict(verdict('a', { detail: 'source: no' }));
  results.addVerdict(verdict('a', { detail: 'destination: no' }));
  results.addVerdict(verdict('a', { class: 'metadata differs' }));
  results.addVerdict(verdict('b'));
  expect(results.verdictCounts).toEqual({ 'read error': 2, 'metadata differs': 1 });
  // In one order, whichever worker was first.
  expect(Object.keys(results.verdictCounts)).toEqual(['metadata differs', 'read error']);
  expect(results.verdicts).toHaveLength(4);
});

test('a path is excluded once on each side', () => {
  const results = new RunResults();
  for (const side of ['source', 'destination', 'source'] as const) {
    results.addSpared({ side, path: 'log', what: '--log-file' });
  }
  expect([...results.spared.values()].map(({ side }) => side)).toEqual(['source', 'destination']);
});

function after(attempt: AttemptName, path: string): KnownFailures {
  const knownFailures = new KnownFailures();
  knownFailures.add({ ...PROBLEM, attempt, path });
  return knownFailures;
}

test.each(['list', 'open', 'make directory'] as const)(
  '%s: explains everything at and below the path, and nothing beside it',
  (attempt) => {
    const knownFailures = after(attempt, 'd');
    for (const path of ['d', 'd/f', 'd/e/f'])
      expect(knownFailures.has({ class: 'missing', path }), path).toBe(true);
    for (const path of ['', 'e', 'dd', 'dd/f'])
      expect(knownFailures.has({ class: 'missing', path }), path).toBe(false);
  },
);

test('of the root: explains everything', () => {
  const knownFailures = after('list', '');
  expect(knownFailures.has({ class: 'missing', path: 'd/f' })).toBe(true);
  expect(knownFailures.has({ class: 'metadata differs', path: '' })).toBe(true);
});

test.each(['set attributes', 'set metadata', 'set owner'] as const)(
  '%s: explains metadata, never content',
  (attempt) => {
    const knownFailures = after(attempt, 'd');
    expect(knownFailures.has({ class: 'metadata differs', path: 'd' })).toBe(true);
    expect(knownFailures.has({ class: 'content mismatch', path: 'd' })).toBe(false);
    expect(knownFailures.has({ class: 'metadata differs', path: 'd/f' })).toBe(false);
  },
);

test.each([
  'compare',
  'copy',
  'delete',
  'delete directory',
  'find',
  'link',
  'read metadata',
  'rename',
] as const)('%s: explains any difference at the path, and nothing below it', (attempt) => {
  const knownFailures = after(attempt, 'd');
  expect(knownFailures.has({ class: 'content mismatch', path: 'd' })).toBe(true);
  expect(knownFailures.has({ class: 'missing', path: 'd/f' })).toBe(false);
});

test('a directory that could not be created explains failures of its entries at the destination', () => {
  const knownFailures = after('make directory', 'd');
  const missing = { ...PROBLEM, phase: 'syncing', side: 'destination', code: 'ENOENT', path: 'd/f' } as const;
  expect(knownFailures.explains(missing)).toBe(true);
  expect(knownFailures.explains({ ...missing, code: 'ENOTDIR' })).toBe(true);
  expect(knownFailures.explains({ ...missing, code: 'EACCES' })).toBe(false);
  expect(knownFailures.explains({ ...missing, side: 'source' })).toBe(false);
  expect(knownFailures.explains({ ...missing, phase: 'verifying' })).toBe(false);
  expect(knownFailures.explains({ ...missing, path: 'e/f' })).toBe(false);
  expect(new KnownFailures().explains(missing)).toBe(false);
});
