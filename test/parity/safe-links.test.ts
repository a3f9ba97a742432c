/** --safe-links leaves out the links that rsync leaves out, and verification does not miss them. */
import { expect } from 'vitest';
import { expectAsRsync, OLD } from '../support/as-rsync.ts';
import { leftIn, syncForReport } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { test, verify } from '../support/scenario.ts';
import { dir, file, symlink, type NamedNode } from '../support/tree.ts';

const TARGETS = [
  ...[
    '/etc/passwd',
    '../x',
    '../../x',
    '../../../x',
    'd/../x',
    'd/e',
    './d',
    '.',
    '..',
    '../..',
    '../a',
    'd/..',
  ],
  ...[
    '../d',
    'd/e/../../d',
    '..//x',
    '../../',
    './../x',
    'd//e',
    'a/../../b',
    '../e/..',
    '..a/..b',
    '.../x',
    './..',
  ],
  ...['../../../..', '/', '...', './/d', '../.', '../../..//', 'x/', '.hidden/../x'],
];
const LINKS = TARGETS.map((target, index): NamedNode => [`l${index}`, symlink(target, OLD)]);
const SOURCE: NamedNode[] = [
  ...LINKS,
  ['d', dir([...LINKS, ['e', dir([...LINKS, ['a', file('x', OLD)]], OLD)]], OLD)],
];
const DESTINATION: NamedNode[] = [
  ['l0', symlink('old', OLD)],
  ['l5', symlink('old', OLD)],
];

describeWith(['rsync'], '--safe-links', () => {
  test.for<[string[]]>([[[]], [['--delete']], [['--ignore-existing']]])('%j', async ([more], { trees }) => {
    const args = ['--safe-links', ...more];
    await expectAsRsync(trees, args, { source: SOURCE, destination: DESTINATION });
  });

  test('what is left out is counted, and missing without the option', async ({ trees }) => {
    const tree = {
      out: symlink('/x', OLD),
      sub: dir({ up: symlink('../../x', OLD), in: symlink('../a', OLD) }),
    };
    await writeTree(trees.source, { ...tree, a: file('x', OLD) });
    const report = await syncForReport(trees, ['--safe-links']);
    expect(leftIn(report)).toEqual({ unsafe: 2 });
    expect(report.coverage.scope).toBe('asked for');
    await verify(trees, [], { status: 40 });
  });
});
