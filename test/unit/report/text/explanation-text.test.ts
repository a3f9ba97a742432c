/** `efs-sync why` in words: what would be done, and a line for each reason. */
import { expect, test } from 'vitest';
import { Difference } from '../../../../src/model/change.ts';
import type { EntryFacts, Explanation, Reason } from '../../../../src/model/run/explanation.ts';
import { explanationText } from '../../../../src/report/text/explanation-text.ts';

const FILE: EntryFacts = {
  mode: 0o100644,
  uid: 0,
  gid: 0,
  sizeBytes: 1_234_567,
  mtimeSec: 1_000_000_000,
  mtimeNsec: 5,
};

function told(reasons: readonly Reason[], others: Partial<Explanation> = {}): string[] {
  const explanation = {
    path: 'a',
    decision: 'none',
    source: undefined,
    destination: undefined,
    ...others,
  } as const;
  return explanationText({ ...explanation, reasons })
    .trimEnd()
    .split('\n');
}

test.each<[reason: Reason, text: string]>([
  [
    { at: 'a', why: 'rule', effect: 'hides', rule: { action: 'exclude', pattern: '*.o' } },
    '--exclude=*.o leaves it out',
  ],
  [
    {
      at: 'a',
      why: 'rule',
      effect: 'protects',
      rule: {
        action: 'exclude',
        pattern: 'x\n',
        side: 'destination',
        from: { file: 'r', line: 3, side: 'destination' },
      },
    },
    String.raw`r:3 (in the destination) "-r x\#012" protects it from deletion`,
  ],
  [
    {
      at: 'a',
      why: 'rule',
      effect: 'shows',
      rule: { action: 'include', pattern: 'x', isNegated: true, from: { file: '-', line: 1 } },
    },
    'standard input:1 "+! x" includes it',
  ],
  [{ at: 'a', why: 'tag', side: 'source', name: '.no' }, '--exclude-if-present: it holds .no in the source'],
  [
    { at: 'a', why: 'tag', side: 'source', name: 'CACHEDIR.TAG' },
    '--exclude-caches: CACHEDIR.TAG marks it as a cache in the source',
  ],
  [
    { at: 'a', why: 'tag', side: 'destination', name: '' },
    'whether a file in it leaves it out cannot be told in the destination',
  ],
  [{ at: 'a', why: 'option', cause: 'newer' }, '--update: the destination has a newer one'],
  [
    { at: 'a', why: 'spared', side: 'source', what: '--log-file' },
    'the run itself uses it in the source (--log-file)',
  ],
  [
    { at: 'a', why: 'spared', side: 'source', what: undefined },
    'the run itself uses it, or it is a deleted file that a process still has open',
  ],
  [{ at: 'a', why: 'taken', takenFor: 'A' }, 'the destination does not distinguish it from A'],
  [
    { at: 'a', why: 'hard links', count: 2 },
    'it is one of 2 hard links: which of them are written or linked is decided once all are known',
  ],
  [
    { at: 'a', why: 'delete limit', limit: { count: 3 } },
    '--max-delete: if the run would delete more than 3, it deletes nothing',
  ],
  [
    { at: 'a', why: 'delete limit', limit: { percent: 10 } },
    '--max-delete: if the run would delete more than 10 % of all, it deletes nothing',
  ],
  [{ at: 'a', why: 'leftover', isKept: true }, '--partial: an earlier run left it behind, to go on from'],
  [
    { at: 'a', why: 'no directory', side: 'source', isLink: true },
    'it is a symbolic link in the source, and links are not followed',
  ],
  [
    { at: 'a', why: 'failed', side: 'destination', code: 'EACCES', reason: 'Permission denied' },
    'in the destination: Permission denied (EACCES)',
  ],
  [
    { at: 'a', why: 'kept metadata', of: 'others' },
    "it is another user's directory, which keeps its metadata",
  ],
])('%j', (reason, text) => {
  expect(told([reason])).toEqual(['a: nothing to do', `  ${text}`]);
});

test('a reason above the path begins with where it is', () => {
  const reason = { why: 'incomplete' } as const;
  const text = 'the directory could not be listed completely, so nothing is deleted in it';
  expect(told([{ at: '', ...reason }])[1]).toBe(`  the root: ${text}`);
  expect(told([{ at: 'x', ...reason }], { path: 'x/y' })[1]).toBe(`  x: ${text}`);
});

test.each<[differences: number, there: Partial<EntryFacts>, lines: string[]]>([
  [Difference.size, { sizeBytes: 1000 }, ['size: 1,234,567 bytes, at the destination 1,000']],
  [
    Difference.mode | Difference.uid,
    { mode: 0o104755, uid: 7 },
    ['mode: 644, at the destination 4755', 'owner: 0, at the destination 7'],
  ],
  [Difference.gid | Difference.acl, { gid: 8 }, ['group: 0, at the destination 8', 'the ACLs differ']],
  [Difference.kind, { mode: 0o120777 }, ['a file, at the destination a symbolic link']],
])('differences %j', (differences, there, lines) => {
  const sides = { source: FILE, destination: { ...FILE, ...there } };
  const [, ...rest] = told([{ at: 'a', why: 'differences', differences }], sides);
  expect(rest).toEqual(lines.map((line) => `  ${line}`));
});

test('times show fractions of a second where these differ alone', () => {
  const reason: Reason = { at: 'a', why: 'differences', differences: Difference.mtime };
  const seconds = told([reason], { source: FILE, destination: { ...FILE, mtimeSec: 5 } });
  expect(seconds[1]).toMatch(
    /^ {2}modified: 2001-09-\d\d \d\d:\d\d:\d\d, at the destination 19\d\d-[\d-]+ \d\d:\d\d:\d\d$/,
  );
  const fractions = told([reason], { source: FILE, destination: { ...FILE, mtimeNsec: 6 } });
  expect(fractions[1]).toMatch(/\.000000005, at the destination .*\.000000006$/);
  const beyond = told([reason], { source: { ...FILE, mtimeSec: 1e15 }, destination: FILE });
  expect(beyond[1]).toContain('modified: @1000000000000000, ');
});
