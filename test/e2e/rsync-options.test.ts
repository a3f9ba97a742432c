/** Command lines written for rsync copy what rsync copies, or are refused before anything is written. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { compareTrees, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, snapshot, sync, test, verify } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

/** rsync compares whole seconds by default. */
const EXACTLY = '--modify-window=-1';

const SOURCE = {
  a: file('x'),
  link: symlink('a'),
  sub: dir({ b: file('y'), deep: dir({ c: file('z') }) }),
};

describeWith(['rsync'], 'options of rsync', () => {
  test.for([
    ['-avzP', '--delete-after', '-e', 'ssh -p 22', '--info=progress2'],
    ['-azs', '--del', '--no-inc-recursive', '--protect-args', '--compress-level=9', '--skip-compress=gz/jpg'],
    ['-a', '--delete-before', '--open-noatime', '--outbuf=L', '--whole-file', '--blocking-io', '-B', '4096'],
    ['-rlptgoDy', '--delete-delay', '--no-compress', '--no-motd', '-8', '-4', '--no-timeout'],
    ['-a', '--no-o', '--no-g', '--delete-during', '--rsh=ssh', '--rsync-path=/opt/rsync', '--trust-sender'],
    ['--no-t', '--no-p', '-a', '--no-o', '--delete'],
    ['-a', '--no-D', '--ignore-non-existing', '--info=flist0,name0', '--stderr=errors'],
  ])('%j', async (args, { trees }) => {
    const twin = join(trees.directory, 'twin');
    const old = { old: file('old'), sub: dir({ b: file('older') }) };
    await writeTree(trees.directory, { source: dir(SOURCE), destination: dir(old), twin: dir(old) });
    execFileSync('rsync', [...args, EXACTLY, `${trees.source}/`, `${twin}/`]);
    const { stderr } = await sync(trees, args);
    expect(stderr.replaceAll(/^(Preparing|Syncing|Verifying)\b.*\n/gm, '')).toBe('');
    expect(await compareTrees(twin, trees.destination)).toEqual([]);
  });

  test("--exclude='/*/*' leaves out what --dirs leaves out", async ({ trees }) => {
    const twin = join(trees.directory, 'twin');
    await writeTree(trees.directory, { source: dir(SOURCE), destination: dir({}), twin: dir({}) });
    execFileSync('rsync', ['-lptgod', EXACTLY, `${trees.source}/`, `${twin}/`]);
    await sync(trees, ['--exclude=/*/*']);
    expect(await compareTrees(twin, trees.destination)).toEqual([]);
  });
});

test('--delete-after makes verify report what exists only at the destination', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  await sync(trees);
  await expectSame(trees);
  await writeTree(trees.destination, { extra: file('x') });
  await verify(trees, ['--no-t']);
  expect((await verify(trees, ['-z', '--no-t', '--delete-after'], { status: 40 })).output).toMatch(
    /extraneous: extra/,
  );
});

test.for([
  ['--remove-source-files', /: --remove-source-files: efs-sync never writes to the source; /],
  ['--link-dest=/x', /: --link-dest: efs-sync keeps no versions of a whole tree; /],
  ['-avd', /: -d: efs-sync does not have it; /],
  ['-aK', /: -K: a link at the destination is replaced by the directory; /],
  ['--no-links', /: --no-links: symbolic links are always kept/],
] as const)('%s is refused', async ([option, says], { trees }) => {
  await writeTree(trees.source, { a: file('x') });
  const before = await snapshot(trees.directory);
  expect((await sync(trees, [option], { status: 1 })).stderr).toMatch(says);
  expect(await snapshot(trees.directory)).toEqual(before);
});
