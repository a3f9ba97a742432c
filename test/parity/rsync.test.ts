/** The same scenarios through rsync -aHS: the resulting trees must be equal. */
import { utimesSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { compareTrees, writeTree } from '../support/oracle.ts';
import type { Field } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { rsync } from '../support/rsync.ts';
import { sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { device, dir, fifo, file, hardLink, sparse, symlink, utf8 } from '../support/tree.ts';
import type { Tree } from '../support/tree.ts';

const T1 = { mtimeNs: 1_000_000_000_000_000_000n };
const T2 = { mtimeNs: 1_100_000_000_000_000_000n };
const OWNER = { uid: 1000, gid: 1001 };

const SOURCE: Tree = {
  newer: file('from the source', T2),
  older: file('from the source', T1),
  same: file('same', T1),
  'same-size': file('abcd', T1),
  made: file('new', { ...T1, ...OWNER, mode: 0o4750 }),
  'group-writable': file('new', { ...T1, ...OWNER, mode: 0o664 }),
  mode: file('changed', { ...T1, ...OWNER, mode: 0o664 }),
  large: file('x'.repeat(5000), T1),
  holes: sparse(2_000_000, [[1_000_000, 'data']], T1),
  [utf8('naïve')]: file('x', T1),
  '\xff\xfe': file('x', T1),
  directory: dir({ a: file('1', T1), sub: dir({ 'b.log': file('2', T1), c: file('', T2) }, T1) }, T2),
  'a.log': file('log', T1),
  link: symlink('directory/a', { ...T1, ...OWNER }),
  dangling: symlink('nowhere', T2),
  'group-1': file('linked', T1),
  'group-2': hardLink('group-1'),
  other: dir({ 'group-3': hardLink('group-1') }, T1),
  pipe: fifo({ ...T1, mode: 0o646 }),
  closed: dir({ a: file('1', T1), empty: dir({}, { ...T1, mode: 0o22 }) }, { ...T1, mode: 0o461 }),
  null: { ...device('character device', [1, 3]), ...T1 },
  kind: dir({ now: file('x', T1) }, T1),
};

const DESTINATION = {
  newer: file('from the destination', T1),
  older: file('from the destination', T2),
  same: file('same', T1),
  'same-size': file('efgh', T1),
  directory: dir({ stray: file('x', T1), 'stray.log': file('x', T1) }, T1),
  'group-2': file('linked', T1),
  mode: file('old', { ...T1, mode: 0o606 }),
  kind: file('was a file', T1),
  stray: dir({ deep: dir({ er: file('y', T1) }, T1) }, T1),
  'stray.log': file('x', T1),
};

interface ParityOptions {
  readonly rsyncArgs?: readonly string[];
  readonly withoutKindChange?: boolean;
  readonly except?: readonly Field[];
  /** The root's mtime is that of its last change, which differs between the two runs. */
  readonly leavesRootTime?: boolean;
}

/** Runs both tools on copies of the same trees, with the same options. */
async function expectParity(
  trees: Trees,
  args: readonly string[],
  options: ParityOptions = {},
): Promise<void> {
  const other = `${trees.directory}/other`;
  await writeTree(trees.source, SOURCE, T1);
  const { kind, ...alike } = DESTINATION;
  const destination = options.withoutKindChange === true ? alike : { kind, ...alike };
  await writeTree(trees.destination, destination, { ...T2, mode: 0o700 });
  await writeTree(other, destination, { ...T2, mode: 0o700 });
  rsync(trees.source, other, options.rsyncArgs ?? args);
  await sync(trees, [...args, '--verify=none']);
  const { except = [], leavesRootTime = false } = options;
  if (leavesRootTime) for (const root of [other, trees.destination]) utimesSync(root, 1, 1);
  expect(await compareTrees(other, trees.destination, { except })).toEqual([]);
}

describeWith(['root', 'rsync', 'mknod'], 'the same tree as rsync', () => {
  test.for<[string[]]>([
    [[]],
    [['--delete']],
    [['--checksum']],
    [['--size-only']],
    [['-I']],
    [['-m']],
    [['-m', '--delete']],
    [['-m', '--include=*/', '--include=*.log', '--exclude=*']],
    [['--prune-empty-dirs', '--exclude=*.log', '--delete-excluded']],
    [['--ignore-times', '-u', '--delete']],
    [['-u']],
    [['--existing', '--delete']],
    [['--max-size=4k']],
    [['--min-size=4', '--delete']],
    [['-D']],
    [['--devices']],
    [['--specials', '--delete']],
    [['--exclude=*.log', '--delete']],
    [['--exclude=*.log', '--delete-excluded']],
    [['--include=*/', '--include=*.log', '--exclude=*']],
    [['--exclude=/directory/sub', '--exclude=group-?', '--delete']],
    [['--chown=12:34']],
    [['--chown=:34', '--delete']],
    [['--force']],
  ])('%s', async ([args], { trees }) => {
    await expectParity(trees, args);
  });

  test('--ignore-existing', async ({ trees }) => {
    await expectParity(trees, ['--ignore-existing'], { withoutKindChange: true });
  });

  test.for<[string, string[], Field[]]>([
    ['none', ['--no-o', '--no-g', '--no-p', '--no-t'], ['mtime']],
    ['mtime', ['--no-o', '--no-g', '--no-p'], []],
    ['mode,mtime', ['--no-o', '--no-g'], []],
    ['owner,mtime', ['--no-p'], []],
    ['owner,mtime,specials', ['--no-p', '--specials'], []],
    ['owner,mode', ['--no-t'], ['mtime']],
    ['uid,mode,mtime', ['--no-g'], []],
  ])('--preserve=%s', async ([list, rsyncArgs, except], { trees }) => {
    await expectParity(trees, [`--preserve=${list}`], { rsyncArgs, except });
  });

  test('-OJ', async ({ trees }) => {
    await expectParity(trees, ['-O', '-J', '--delete'], { except: ['mtime'] });
  });

  test('--inplace', async ({ trees }) => {
    await expectParity(trees, ['--inplace', '--delete'], { rsyncArgs: ['--inplace', '--no-S', '--delete'] });
  });

  test.for<[string[]]>([[[]], [['-r']]])('--files-from %s', async ([recursion], { trees }) => {
    const list = `${trees.directory}/list`;
    writeFileSync(list, 'directory/sub\nother/group-3\nlink\nmade\n/older\n');
    const args = [`--files-from=${list}`, ...recursion];
    await expectParity(trees, args, { rsyncArgs: ['--no-r', ...args], leavesRootTime: true });
  });
});

describeWith(['root', 'rsync', 'mknod'], 'after efs-sync', () => {
  test('rsync finds nothing left to do', async ({ trees }) => {
    await writeTree(trees.source, SOURCE, T1);
    await writeTree(trees.destination, DESTINATION, T2);
    await sync(trees, ['-aHSc', '--delete']);
    expect(rsync(trees.source, trees.destination, ['-a', '-n', '-i', '-c', '--delete'])).toBe('');
  });
});

describeWith(['root', 'rsync', 'user xattrs', 'setfacl'], 'with attributes and lists', () => {
  test('-A -X', async ({ trees }) => {
    const other = `${trees.directory}/other`;
    await writeTree(
      trees.source,
      {
        a: file('x', { ...T1, xattrs: { 'user.a': 'b' }, acl: 'u:5:rwx,m::rx' }),
        d: dir({ below: file('y', T1) }, { ...T1, defaultAcl: 'u:7:rx', xattrs: { 'trusted.t': '1' } }),
        l: symlink('a', { ...T1, xattrs: { 'trusted.t': '1' } }),
      },
      T1,
    );
    rsync(trees.source, other, ['-A', '-X']);
    await sync(trees, ['-A', '-X']);
    expect(await compareTrees(other, trees.destination, { also: ['xattr', 'acl'] })).toEqual([]);
  });
});
