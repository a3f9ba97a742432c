/** --chmod gives both tools' destinations the same modes, and verification expects them. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectNothingToDo, reportIn } from '../support/json-report.ts';
import { compareTrees, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { rsync } from '../support/rsync.ts';
import { sync, test, verify } from '../support/scenario.ts';
import { dir, fifo, file, hardLink, symlink, type Tree } from '../support/tree.ts';

const OLD = { mtimeNs: 1_000_000_000_000_000_000n };

const SOURCE: Tree = {
  plain: file('x', { ...OLD, mode: 0o640 }),
  linked: hardLink('plain'),
  program: file('x', { ...OLD, mode: 0o755 }),
  'set-id': file('x', { ...OLD, mode: 0o4711 }),
  link: symlink('plain', OLD),
  pipe: fifo({ ...OLD, mode: 0o600 }),
  shared: dir({ a: file('x', { ...OLD, mode: 0o666 }) }, { ...OLD, mode: 0o1777 }),
  closed: dir({ empty: dir({}, { ...OLD, mode: 0o500 }) }, { ...OLD, mode: 0o750 }),
  known: file('same', { ...OLD, mode: 0o600 }),
  changed: file('longer', { ...OLD, mode: 0o600 }),
};
const DESTINATION: Tree = {
  known: file('same', { ...OLD, mode: 0o666 }),
  changed: file('old', { ...OLD, mode: 0o666 }),
  shared: dir({}, { ...OLD, mode: 0o711 }),
};

describeWith(['root', 'rsync'], '--chmod', () => {
  test.for<[string[], string[]?]>([
    [['--chmod=D2755,F644']],
    [['--chmod=u=rwX,go=rX']],
    [['--chmod=Fo=', '--chmod=Dg+s,Do+t']],
    [['--chmod=go-rwx', '-I']],
    [['--chmod=ug+s,g=u']],
    [
      ['--chmod=F4755', '--inplace', '--no-sparse'],
      ['--chmod=F4755', '--inplace', '--no-S'],
    ],
    [['--chmod=a-w,+x']],
    [['--no-perms', '--chmod=g+w,o=']],
    [['--no-perms', '--chmod=ugo=rwX']],
    [['--chmod=D700', '--chown=12:34']],
  ])('%j', async ([args, rsyncArgs = args], { trees }) => {
    const other = join(trees.directory, 'other');
    await writeTree(trees.source, SOURCE, { ...OLD, mode: 0o751 });
    await writeTree(trees.destination, DESTINATION, { ...OLD, mode: 0o711 });
    await writeTree(other, DESTINATION, { ...OLD, mode: 0o711 });
    rsync(trees.source, other, ['--specials', ...rsyncArgs]);
    await sync(trees, ['--specials', ...args]);
    expect(await compareTrees(other, trees.destination)).toEqual([]);
    if (!args.includes('-I')) await expectNothingToDo(trees, ['--specials', ...args]);
    await verify(trees, ['--specials', ...args]);
  });

  test('a verdict names the wanted mode', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', { ...OLD, mode: 0o600 }) }, OLD);
    await sync(trees, ['--chmod=F644']);
    chmodSync(join(trees.destination, 'a'), 0o600);
    const { stdout } = await verify(trees, ['--chmod=F644', '--json'], { status: 40 });
    const detail = 'mode 0644 wanted (--chmod), 0600 at the destination';
    expect(reportIn(stdout).verdicts).toMatchObject([{ path: 'a', detail }]);
  });
});

test('--chmod with ACLs is refused', async ({ trees }) => {
  const { stderr } = await sync(trees, ['-A', '--chmod=g+w'], { status: 1 });
  expect(stderr).toContain('--chmod changes permissions that ACLs hold as well');
});
