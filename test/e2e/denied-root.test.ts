/** If a mount denies root something, the report explains root squashing once, and how to fix it. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { withLatfs } from '../support/latfs.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, test, verify } from '../support/scenario.ts';
import { file } from '../support/tree.ts';

const FILES = { a: file('x', { uid: 5 }), b: file('y', { uid: 6 }), c: file('z', { uid: 7 }) };

function curesIn(output: string): string[] {
  return output.split('\n').filter((line) => line.includes('no_root_squash'));
}

describeWith(['latfs', 'root'], 'root', () => {
  test.for([
    ['source', 'op=open errno=EACCES', /cannot copy .*: Permission denied/],
    ['destination', 'op=create errno=EACCES', /cannot copy .*: Permission denied/],
    ['destination', 'op=chown errno=EPERM', /cannot set the owner of .*: Operation not permitted/],
  ] as const)('denied by the %s: %s', async ([side, rule, problem], { trees }) => {
    await writeTree(trees.source, FILES);
    const mountPoint = join(trees.directory, 'mirror');
    await withLatfs({ backing: trees[side], mountPoint }, [], async (mirror) => {
      mirror.ctl(...rule.split(' '));
      const { stdout, stderr } = await sync({ ...trees, [side]: mountPoint }, [], { status: 23 });
      expect(stderr).toMatch(problem);
      expect(curesIn(stdout)).toEqual([
        expect.stringContaining(`Note: the ${side} server does not give root full access`),
      ]);
    });
  });

  test('that becomes unreadable during verification', async ({ trees }) => {
    await writeTree(trees.source, FILES);
    await sync(trees);
    const mountPoint = join(trees.directory, 'mirror');
    await withLatfs({ backing: trees.source, mountPoint }, [], async (mirror) => {
      mirror.ctl('op=open', 'errno=EACCES');
      const { stdout } = await verify({ ...trees, source: mountPoint }, [], { status: 23 });
      expect(curesIn(stdout)).toHaveLength(1);
    });
  });
});
