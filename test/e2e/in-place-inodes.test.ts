/** --inplace writes only to an inode with the owner and mode of a new file: somebody may hold others open. */
import { expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { cmp, RANGE, sourceOf, writeLarge } from '../support/large-file.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test, type Trees } from '../support/scenario.ts';
import { file, type Metadata, type Node, type Tree } from '../support/tree.ts';

const OLD = { mtimeNs: 1n };

async function inodesOf({ destination }: Trees): Promise<Map<string, number>> {
  return new Map(Array.from(await readTree(destination), ([path, { inode }]) => [path, inode]));
}

async function fates(trees: Trees, args: readonly string[]): Promise<Record<string, string>> {
  const before = await inodesOf(trees);
  await sync(trees, ['--inplace', ...args]);
  const after = await inodesOf(trees);
  const fate = (name: string) => (before.get(name) === after.get(name) ? 'kept' : 'replaced');
  return Object.fromEntries(
    [...before.keys()].filter((name) => name !== '').map((name) => [name, fate(name)]),
  );
}

test('a file that is copied in ranges also keeps its inode', async ({ treesApart: trees }) => {
  writeLarge(sourceOf(trees), 2 * RANGE + 4097);
  await writeTree(trees.destination, { large: file('old', { mode: 0o644, ...OLD }) });
  const before = await inodesOf(trees);
  await sync(trees, ['--inplace']);
  cmp(trees);
  expect(await inodesOf(trees)).toEqual(before);
});

describeWith(['root', 'user xattrs', 'setfacl'], 'with --inplace, an inode', () => {
  const CAPABILITY = { 'security.capability': '\x01\0\0\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0' };
  const LISTED = { mode: 0o660, acl: 'u:5:rw' };
  const CASES: readonly (readonly [string, 'kept' | 'replaced', Metadata, Metadata])[] = [
    ['that is as a new one would be', 'kept', { uid: 5, gid: 6 }, { uid: 5, gid: 6 }],
    ['of the same ACL', 'kept', LISTED, LISTED],
    ['of another attribute', 'kept', {}, { xattrs: { 'user.a': 'b' } }],
    ['of another owner', 'replaced', { uid: 5 }, { uid: 6 }],
    ['of another group', 'replaced', { gid: 5 }, { gid: 6 }],
    ['of another mode', 'replaced', { mode: 0o600 }, { mode: 0o400 }],
    ['of another ACL', 'replaced', LISTED, { mode: 0o660, acl: 'u:6:rw' }],
    ['with set-id bits', 'replaced', { mode: 0o4755 }, { mode: 0o4755 }],
    ['that had set-id bits', 'replaced', { mode: 0o755 }, { mode: 0o4755 }],
    ['with a capability', 'replaced', { xattrs: CAPABILITY }, { xattrs: CAPABILITY }],
    ['that had a capability', 'replaced', {}, { xattrs: CAPABILITY }],
  ];

  test('is kept only if it looks like a new one', async ({ trees }) => {
    const files = (node: (one: (typeof CASES)[number]) => Node): Tree =>
      CASES.map((one) => [one[0], node(one)]);
    await writeTree(
      trees.source,
      files(([, , source]) => file('new content', source)),
    );
    await writeTree(
      trees.destination,
      files(([, , , old]) => file('old', { ...OLD, ...old })),
    );
    const expected = Object.fromEntries(CASES.map(([name, fate]) => [name, fate]));
    expect(await fates(trees, ['--preserve=all'])).toEqual(expected);
    await expectSame(trees, { also: ['xattr', 'acl'] });
  });

  test('with a capability is replaced, even if attributes are not preserved', async ({ trees }) => {
    await writeTree(trees.source, { a: file('new content') });
    await writeTree(trees.destination, { a: file('old', { xattrs: CAPABILITY, ...OLD }) });
    expect(await fates(trees, [])).toEqual({ a: 'replaced' });
  });
});
