/** --inplace writes to the existing file; without it the file is replaced in one step. */
import { expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import { file, hardLink } from '../support/tree.ts';

const OLD = { mtimeNs: 1n };

test.for([
  ['grown', 'longer than before', 'short'],
  ['shrunk', 'short', 'longer than before'],
  ['emptied', '', 'content'],
] as const)('--inplace keeps the inode of a file that is %s', async ([, source, destination], { trees }) => {
  await writeTree(trees.source, { a: file(source, { mode: 0o600 }) });
  await writeTree(trees.destination, { a: file(destination, { mode: 0o600, ...OLD }) });
  const before = (await readTree(trees.destination)).get('a')?.inode;
  await sync(trees, ['--inplace']);
  await expectSame(trees);
  expect((await readTree(trees.destination)).get('a')?.inode).toBe(before);
});

test('without it, another name of the old file keeps the old content', async ({ trees }) => {
  await writeTree(trees.source, { a: file('new content') });
  await writeTree(trees.destination, { a: file('old', OLD) });
  await writeTree(trees.directory, { backup: hardLink('destination/a') });
  await sync(trees);
  await expectSame(trees);
  expect((await readTree(trees.directory)).get('backup')?.sizeBytes).toBe('old'.length);
});
