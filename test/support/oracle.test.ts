/** Tests the oracle itself: it sees each kind of difference, and none between equal trees. */
import { expect } from 'vitest';
import { compareTrees, mutateTree, writeTree } from './oracle.ts';
import { describeWith } from './requirements.ts';
import { test } from './scenario.ts';
import { dir, fifo, file, hardLink, sparse, symlink } from './tree.ts';
import type { Tree } from './tree.ts';

const TIME = { mtimeNs: 5n };
const same: Tree = { f: file('content', TIME), d: dir({ l: symlink('f', TIME) }, TIME), h: hardLink('f') };

const DIFFERENT: readonly [title: string, path: string, Tree, Tree][] = [
  ['kind', 'a: kind file != symlink', { a: file('x', TIME) }, { a: symlink('x', TIME) }],
  ['size', 'a: size 1 != 2', { a: file('x', TIME) }, { a: file('xx', TIME) }],
  ['content', 'a: content', { a: file('x', TIME) }, { a: file('y', TIME) }],
  [
    'mode',
    'a: mode 0o4755 != 0o755',
    { a: file('', { mode: 0o4755, ...TIME }) },
    { a: file('', { mode: 0o755, ...TIME }) },
  ],
  ['one nanosecond', 'a: mtime 5 != 6', { a: file('', TIME) }, { a: file('', { mtimeNs: 6n }) }],
  ['time of a link', 'a: mtime 5 != 6', { a: symlink('x', TIME) }, { a: symlink('x', { mtimeNs: 6n }) }],
  ['link target', 'a: target', { a: symlink('x', TIME) }, { a: symlink('y', TIME) }],
  ['missing', 'a: missing', { a: fifo(TIME) }, {}],
  ['extraneous', 'a: extraneous', {}, { a: fifo(TIME) }],
  ['links', 'b: links', { a: file('', TIME), b: hardLink('a') }, { a: file('', TIME), b: file('', TIME) }],
  [
    'wrongly linked',
    'b: links',
    { a: file('', TIME), b: file('', TIME) },
    { a: file('', TIME), b: hardLink('a') },
  ],
  ['holes', 'a: blocks', { a: sparse(500_000, [], TIME) }, { a: file('\0'.repeat(500_000), TIME) }],
];

test('equal trees have no differences, and a hole is equal to zeros', async ({ trees }) => {
  await writeTree(trees.source, { ...same, holes: sparse(300_000, [[150_000, 'x']], TIME) }, TIME);
  const zeros = '\0'.repeat(150_000);
  await writeTree(trees.destination, { ...same, holes: file(`${zeros}x${zeros.slice(1)}`, TIME) }, TIME);
  expect(await compareTrees(trees.source, trees.destination)).toEqual([]);
});

test.for(DIFFERENT)('sees a difference in %s', async ([, expected, source, destination], { trees }) => {
  await writeTree(trees.source, source, TIME);
  await writeTree(trees.destination, destination, TIME);
  const differences = await compareTrees(trees.source, trees.destination, { also: ['blocks'] });
  expect(differences.filter((line) => line.startsWith(expected))).toHaveLength(1);
});

test('sees one flipped bit under unchanged size and times', async ({ trees }) => {
  await writeTree(trees.source, same, TIME);
  await writeTree(trees.destination, same, TIME);
  expect(await mutateTree(trees.destination, [{ action: 'flip', pick: 0, into: 3 }])).toHaveLength(1);
  expect(await compareTrees(trees.source, trees.destination)).toEqual(['f: content', 'h: content']);
});

describeWith(['root', 'setfacl', 'user xattrs'], 'with privileges', () => {
  test.for<[string, Tree, Tree]>([
    ['uid', { a: file('', { uid: 5, ...TIME }) }, { a: file('', TIME) }],
    ['gid', { a: symlink('x', { gid: 5, ...TIME }) }, { a: symlink('x', TIME) }],
    ['xattr', { a: file('', { xattrs: { 'user.a': 'b' }, ...TIME }) }, { a: file('', TIME) }],
    ['acl', { a: dir({}, { acl: 'u:5:r', ...TIME }) }, { a: dir({}, TIME) }],
    ['acl', { a: dir({}, { defaultAcl: 'u:5:r', ...TIME }) }, { a: dir({}, TIME) }],
  ])('sees a difference in %s', async ([field, source, destination], { trees }) => {
    await writeTree(trees.source, source, TIME);
    await writeTree(trees.destination, destination, TIME);
    const differences = await compareTrees(trees.source, trees.destination, { also: ['xattr', 'acl'] });
    expect(differences.map((line) => line.split(' ')[1])).toEqual([field]);
  });
});
