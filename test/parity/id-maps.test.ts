/** --usermap and --groupmap give both tools' destinations the same owners, and verification expects them. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectNothingToDo, reportIn } from '../support/json-report.ts';
import { compareTrees, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { rsync } from '../support/rsync.ts';
import { giveToNobody, sync, test, verify } from '../support/scenario.ts';
import { dir, file, hardLink, symlink, type Tree } from '../support/tree.ts';

const OLD = { mtimeNs: 1_000_000_000_000_000_000n };

const SOURCE: Tree = {
  root: file('x', { ...OLD, uid: 0, gid: 0 }),
  daemon: file('x', { ...OLD, uid: 1, gid: 1, mode: 0o6755 }),
  nameless: file('x', { ...OLD, uid: 3_999_999_999, gid: 3_999_999_998 }),
  linked: hardLink('nameless'),
  link: symlink('root', { ...OLD, uid: 1, gid: 3_999_999_998 }),
  directory: dir({ below: file('x', { ...OLD, uid: 33, gid: 12 }) }, { ...OLD, uid: 33, gid: 12 }),
};
const DESTINATION: Tree = {
  root: file('x', { ...OLD, uid: 9, gid: 9 }),
  directory: dir({}, { ...OLD, uid: 0, gid: 0 }),
};
/** Otherwise no id has a name in rsync. */
const NAMES = '--no-numeric-ids';

describeWith(['root', 'rsync'], 'mapped ids', () => {
  test.for<[string[], string[]?]>([
    [['--usermap=0-5:12,*:13']],
    [['--usermap=1:12', '--groupmap=*:14']],
    [['--usermap=daemon:12,:15', '--groupmap=d*:14,:15']],
    [['--groupmap=0:daemon,3999999998:root']],
    [['--numeric-ids', '--usermap=daemon:12,:15']],
    [['--usermap=33:12', '--chown=:16']],
    [
      ['--usermap=33:12', '--preserve=mode,mtime'],
      ['--no-o', '--no-g', '--usermap=33:12'],
    ],
    [
      ['--usermap=*:12', '--inplace', '-I'],
      ['--usermap=*:12', '--inplace', '--no-S', '-I'],
    ],
  ])('%j', async ([args, rsyncArgs = args], { trees }) => {
    const other = join(trees.directory, 'other');
    await writeTree(trees.source, SOURCE, { ...OLD, uid: 33, mode: 0o755 });
    await writeTree(trees.destination, DESTINATION, { ...OLD, mode: 0o755 });
    await writeTree(other, DESTINATION, { ...OLD, mode: 0o755 });
    rsync(trees.source, other, [NAMES, ...rsyncArgs]);
    await sync(trees, args);
    expect(await compareTrees(other, trees.destination)).toEqual([]);
    if (!args.includes('-I')) await expectNothingToDo(trees, args);
    await verify(trees, args);
  });

  test('a verdict names the map', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', { ...OLD, uid: 5 }) }, OLD);
    await sync(trees);
    const { stdout } = await verify(trees, ['--usermap=5:6', '--json'], { status: 40 });
    const detail = 'uid 6 wanted (--usermap), 5 at the destination';
    expect(reportIn(stdout).verdicts).toMatchObject([{ path: 'a', detail }]);
  });

  test('a user who may not give files away is told of each', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    giveToNobody(trees);
    const { output } = await sync(trees, ['--usermap=*:5'], { asNobody: true, status: 23 });
    expect(output).toMatch(/cannot set the owner of .*\/a: Operation not permitted/);
  });
});
