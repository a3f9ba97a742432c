/** Which paths a list can mend, and how it must be given. */
import { expect, test } from 'vitest';
import type { Problem } from '../../../src/model/run/problem.ts';
import type { Verdict } from '../../../src/model/run/verdict.ts';
import { retryListOf } from '../../../src/policy/retry-list.ts';
import { TASK } from '../../support/reports.ts';

const problem = (path: string, given: Partial<Problem> = {}): Problem => ({
  class: 'failed',
  phase: 'syncing',
  side: 'source',
  path,
  attempt: 'copy',
  code: 'EIO',
  reason: 'Input/output error',
  ...given,
});
const verdict = (path: string, verdictClass: Verdict['class']): Verdict => ({
  class: verdictClass,
  path,
  differences: 0,
  detail: '',
});
const listed = (problems: Problem[], verdicts: Verdict[] = [], settings = {}) =>
  retryListOf({ problems, verdicts, task: { ...TASK, settings: { ...TASK.settings, ...settings } } });

test('each path once, as no comment', () => {
  const list = listed([problem('b'), problem('#a'), problem('b', { attempt: 'set owner' })]);
  expect(list).toEqual({ text: './#a\n./b\n', paths: 2, isCut: false, options: [] });
});

test.each([
  ['-0 for names with line ends', [problem('a\nb')], [], ['-0'], './a\nb\0'],
  ['-r for a directory that could not be listed', [problem('d', { attempt: 'list' })], [], ['-r'], './d\n'],
  [
    '-c for content that the quick check does not see',
    [],
    [verdict('a', 'content mismatch')],
    ['-c'],
    './a\n',
  ],
  ['nothing for a change of the source', [problem('a', { class: 'changed' })], [], [], './a\n'],
] as const)('%s', (_, problems, verdicts, ...[options, text]) => {
  expect(listed([...problems], [...verdicts])).toMatchObject({ options, text });
});

test.each([
  ['nothing failed', [], []],
  ['it vanished', [problem('a', { class: 'vanished' })], []],
  ['a deletion failed', [problem('a', { side: 'destination', attempt: 'delete' })], []],
  ['the root failed', [problem('', { attempt: 'list' }), problem('a')], []],
  ['it is extraneous', [], [verdict('a', 'extraneous')]],
  ['the root has another time', [], [verdict('', 'metadata differs')]],
  ['links differ', [], [verdict('a', 'links differ')]],
])('no list where %s', (_, problems, verdicts) => {
  expect(listed(problems, verdicts)).toBeUndefined();
});

test.each([{ onlyBelow: 'a' }, { onlyName: 'a' }, { filters: [{ action: 'merge' as const, pattern: 'x' }] }])(
  'no list that cannot be given, with %j',
  (settings) => {
    expect(listed([problem('a')], [], settings)).toBeUndefined();
  },
);
