/** A dry run with `-v` tells which filter rules matched, and which did not: they are perhaps misspelt. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { sync, test } from '../support/scenario.ts';
import { file } from '../support/tree.ts';
import { writeTrees } from '../support/why.ts';

/** In no order. */
function sectionsOf(stdout: string): string[][] {
  const sections = stdout
    .trimEnd()
    .split('\n\n')
    .filter((text) => text.startsWith('Filter rules'));
  return sections.map((text) => text.split('\n').toSorted());
}

describe('rules that matched nothing are told with -n -v', () => {
  test('of options, of files, and of files in the tree', async ({ trees }) => {
    await writeTrees(trees);
    await writeTree(trees.source, { '.rsync-filter': file('- *.cc\n- *.o\n') });
    const rules = join(trees.directory, 'rules');
    writeFileSync(rules, '- *.lgo\n\n- *.log\n- a.log\n');
    const args = [`--exclude-from=${rules}`, '--exclude=tpm', '-F', '--filter=P x.o', '--delete'];
    const { stdout } = await sync(trees, ['-n', '-v', ...args]);
    expect(sectionsOf(stdout)).toEqual([
      [
        '  --filter="-r x.o": 1 name at the destination',
        `  ${rules}:3 "- *.log": 1 name in the source, 2 names at the destination`,
        '  .rsync-filter:2 (in the source) "- *.o": 2 names in the source',
        '  both/.rsync-filter:1 (in the source) "- *.o": 1 name in the source',
        '  both/.rsync-filter:2 (in the source) "+ f": 1 name in the source',
        'Filter rules that matched: 5',
      ].toSorted(),
      [
        '  --exclude=tpm',
        `  ${rules}:1 "- *.lgo"`,
        `  ${rules}:4 "- a.log"`,
        '  .rsync-filter:1 (in the source) "- *.cc"',
        'Filter rules that matched nothing, or only what a rule before them had matched: 4',
      ].toSorted(),
    ]);
    const json = await sync(trees, ['-n', '-v', '--json', ...args]);
    expect(reportIn(json.stdout)).toMatchObject({
      filterRules: expect.arrayContaining([
        { rule: '--exclude=tpm', hasMatched: false, names: { source: 0, destination: 0 } },
      ]),
    });
  });

  test('in no other run', async ({ trees }) => {
    await writeTrees(trees);
    for (const args of [['-n'], ['-v'], ['-n', '-i']]) {
      const { stdout } = await sync(trees, ['--exclude=tpm', '--no-verify', ...args]);
      expect(stdout).not.toContain('Filter rules');
    }
  });
});
