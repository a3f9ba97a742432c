/** Without privileges ownership is kept as far as permitted: one warning, no failure unless it was asked for by name. */
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { NOBODY } from '../support/run-cli.ts';
import { expectSame, giveToNobody, sync, test, verify } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

const FOREIGN = { uid: 1000, gid: 1001 };

async function writeForeignSource(trees: Trees): Promise<void> {
  giveToNobody(trees);
  await writeTree(trees.source, {
    a: file('x', FOREIGN),
    d: dir({ b: file('y', FOREIGN), l: symlink('b', FOREIGN) }, FOREIGN),
    own: file('z', { uid: NOBODY, gid: NOBODY }),
  });
}

describeWith(['another user'], 'as another user than root', () => {
  test('a tree of others is copied, and one warning says how many owners could not be kept', async ({
    trees,
  }) => {
    await writeForeignSource(trees);
    const { output } = await sync(trees, [], { asNobody: true });
    const lines = output.split('\n').filter((line) => /owner/.test(line));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('4');
    await expectSame(trees, { except: ['uid', 'gid'] });
  });

  test('a second run has nothing to do, and verify holds', async ({ trees }) => {
    await writeForeignSource(trees);
    await sync(trees, [], { asNobody: true });
    const { stdout } = await sync(trees, ['--json'], { asNobody: true });
    const { tally } = reportIn(stdout);
    expect(tally).toMatchObject({ filesTransferred: 0, bytesTransferred: 0, entriesAdjusted: 0 });
    await verify(trees, [], { asNobody: true });
  });

  test('asked for by name, each path that misses it is a problem', async ({ trees }) => {
    await writeForeignSource(trees);
    const options = { asNobody: true, status: 23 };
    const { stdout } = await sync(trees, ['--preserve=owner,mode,mtime', '--json'], options);
    const paths = new Set(reportIn(stdout).problems.map((problem) => problem.path));
    expect([...paths].toSorted()).toEqual(['a', 'd', 'd/b', 'd/l']);
    await expectSame(trees, { except: ['uid', 'gid'] });
  });

  test('set-id bits of others are not passed on to files of the one who syncs', async ({ trees }) => {
    await writeForeignSource(trees);
    await writeTree(trees.source, { suid: file('x', { ...FOREIGN, mode: 0o4755 }) });
    await sync(trees, [], { asNobody: true });
    await expectSame(trees, { except: ['uid', 'gid', 'mode'] });
  });

  test('set-id bits survive the writing of content, whatever an empty file before them kept', async ({
    trees,
  }) => {
    giveToNobody(trees);
    const own = { uid: NOBODY, gid: NOBODY };
    await writeTree(trees.source, {
      d: dir(
        {
          a: file('', { ...own, mode: 0o4755 }),
          b: file('x', { ...own, mode: 0o4755 }),
          c: file('', { ...own, mode: 0o640 }),
          e: file('y', { ...own, mode: 0o640 }),
          f: file('y', { ...own, mode: 0o2711 }),
        },
        own,
      ),
    });
    await sync(trees, [], { asNobody: true });
    await expectSame(trees);
  });
});
