/** One path's failure never stops the others, and is reported at the end with its reason. */
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, giveToNobody, sync, test } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

const CLOSED = { uid: 0, gid: 0, mode: 0 };

describeWith(['another user'], 'as another user than root', () => {
  test('unreadable files and directories among readable ones', async ({ trees }) => {
    await writeTree(trees.source, {
      a: file('x'),
      d: dir({ b: file('y'), c: file('z') }),
      m: dir({ below: file() }),
      z: symlink('a'),
    });
    giveToNobody(trees);
    await writeTree(trees.source, { secret: file('s', CLOSED), vault: dir({ in: file() }, CLOSED) });
    const { stdout } = await sync(trees, ['--json'], { asNobody: true, status: 23 });
    const problems = reportIn(stdout).problems;
    expect(new Set(problems.map(({ path }) => path))).toEqual(new Set(['secret', 'vault']));
    for (const { code, reason } of problems) {
      expect([code, reason]).toEqual(['EACCES', 'Permission denied']);
    }
    await expectSame(trees, { ignore: ['secret', 'vault'], ignoresDirectoryMtime: true });
  });

  test('the problem is one line on standard error, with path and reason', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    giveToNobody(trees);
    await writeTree(trees.source, { secret: file('s', CLOSED) });
    const { stderr } = await sync(trees, ['-q'], { asNobody: true, status: 23 });
    expect(stderr).toMatch(/cannot \w+ .*secret: Permission denied/);
  });

  test('a file that cannot be replaced at the destination', async ({ trees }) => {
    await writeTree(trees.source, { closed: dir({ a: file('new') }), open: dir({ a: file('new') }) });
    await writeTree(trees.destination, { closed: dir({ a: file('old!') }), open: dir({ a: file('old!') }) });
    giveToNobody(trees);
    await writeTree(trees.destination, { closed: dir({}, { uid: 0, mode: 0o755 }) });
    await sync(trees, [], { asNobody: true, status: 23 });
    const found = await readTree(trees.destination);
    expect([found.get('closed/a')?.sizeBytes, found.get('open/a')?.sizeBytes]).toEqual([4, 3]);
  });
});
