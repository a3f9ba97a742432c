/** In a source directory that may not be listed, everything that can be read is kept. */
import { execFileSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { giveToNobody, sync, test } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

function told(root: string): unknown[] {
  const { mode, mtimeMs } = statSync(`${root}/d`);
  return [execFileSync('getfacl', ['-cn', 'd'], { cwd: root, encoding: 'utf8' }), mode, mtimeMs];
}

describeWith(['another user', 'setfacl'], 'a directory of the source that cannot be listed', () => {
  test.for(['new', 'there'])('still gets its ACL, mode and time: %s', async (state, { trees }) => {
    await writeTree(trees.source, { d: dir({ f: file('x') }, { mtimeNs: 1_000_000_000n }) });
    if (state === 'there') await writeTree(trees.destination, { d: dir() });
    giveToNobody(trees);
    execFileSync('setfacl', ['-m', 'u:60002:rwx', `${trees.source}/d`]);
    chmodSync(`${trees.source}/d`, 0o310);
    execFileSync('touch', ['-d', '2001-01-01', `${trees.source}/d`]);
    for (const args of [['-A'], ['-A']]) {
      const { stderr } = await sync(trees, args, { asNobody: true, status: 23 });
      expect(stderr.match(/cannot /g)).toHaveLength(1);
      expect(stderr).toContain('cannot list');
      expect(told(trees.destination)).toEqual(told(trees.source));
      // A difference in an ACL alone is found too.
      execFileSync('setfacl', ['-m', 'u:60003:--x,m::--x', `${trees.source}/d`]);
      execFileSync('touch', ['-d', '2001-01-01', `${trees.source}/d`]);
    }
  });
});
