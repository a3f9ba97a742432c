/** Lines for changes in rsync's format, and for problems and errors. */
import { expect, test } from 'vitest';
import { errorText, itemizedLine, problemLine, verboseLine } from '../../../../src/report/text/sentences.ts';
import { UsageError } from '../../../../src/model/run/errors.ts';
import type { ListedChange } from '../../../../src/model/change.ts';
import type { Problem } from '../../../../src/model/run/problem.ts';
import { PROBLEM, TASK } from '../../../support/reports.ts';

const CHANGES: readonly [ListedChange, itemized: string, verbose: string][] = [
  [change('>f+++++++++', 'a b'), '>f+++++++++ a b', 'a b'],
  [change('cd+++++++++', 'd'), 'cd+++++++++ d/', 'd/'],
  [change('.d..t......', ''), '.d..t...... ./', './'],
  [change('cL+++++++++', 'l', 'to\n'), 'cL+++++++++ l -> to\\#012', 'l -> to\\#012'],
  [change('hf+++++++++', 'h', 'f'), 'hf+++++++++ h => f', 'h => f'],
  [change('hL+++++++++', 'h', 'l'), 'hL+++++++++ h => l', 'h => l'],
  [change('*deleting', 'x'), '*deleting   x', 'deleting x'],
];

function change(itemized: string, path: string, linkedTo?: string): ListedChange {
  return { itemized, path, sizeBytes: 0, ...(linkedTo === undefined ? {} : { linkedTo }) };
}

test.each(CHANGES)('%j', (listed, itemized, verbose) => {
  expect(itemizedLine(listed)).toBe(itemized);
  expect(verboseLine(listed)).toBe(verbose);
});

test.each<[Partial<Problem>, string]>([
  [{}, 'cannot copy /mnt/nfs/d/f: Permission denied (EACCES)'],
  [{ side: 'destination', path: '', attempt: 'list' }, 'cannot list /mnt/efs: Permission denied (EACCES)'],
  [{ code: '', reason: 'name too long' }, 'cannot copy /mnt/nfs/d/f: name too long'],
  [
    { class: 'changed', code: '', reason: '3 attempts' },
    'changed while being copied: /mnt/nfs/d/f: 3 attempts',
  ],
])('a problem %j', (parts, line) => {
  expect(problemLine({ ...PROBLEM, ...parts }, TASK)).toBe(line);
});

test('a root that ends in a slash gets no second one', () => {
  expect(problemLine(PROBLEM, { source: '/', destination: '/d' })).toContain(' /d/f:');
});

test('an error prints its message; a bug prints its stack and where to report it', () => {
  expect(errorText(new UsageError('wrong é\n\x9b'))).toBe('wrong é\\#012\\#302\\#233');
  const text = errorText(new TypeError('oops'));
  expect(text).toMatch(/^TypeError: oops\n +at /);
  expect(text).toContain('please report');
  expect(errorText('thrown')).toBe('thrown');
});
