/** Empty files, empty directories and an empty source are synced like any other. */
import { expect } from 'vitest';
import { expectNothingToDo } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

test('empty files and directories, alone and nested', async ({ trees }) => {
  await writeTree(trees.source, {
    empty: file('', { mode: 0o600, mtimeNs: 1n }),
    bare: dir({}, { mode: 0o700, mtimeNs: 2n }),
    outer: dir({ inner: dir({ innermost: dir() }) }),
  });
  await sync(trees);
  await expectSame(trees);
  await expectNothingToDo(trees);
});

test('an empty source into an empty destination', async ({ trees }) => {
  await writeTree(trees.source, [], { mode: 0o711, mtimeNs: 5n });
  await sync(trees);
  await expectSame(trees);
});

test('a file that became empty is emptied', async ({ trees }) => {
  await writeTree(trees.source, { a: file('') });
  await writeTree(trees.destination, { a: file('content') });
  await sync(trees);
  await expectSame(trees);
});

test('an empty source with --delete is refused while the destination holds something', async ({ trees }) => {
  await writeTree(trees.destination, { precious: file('x') });
  const { stderr } = await sync(trees, ['--delete'], { status: 3 });
  expect(stderr).toContain('empty');
  expect((await readTree(trees.destination)).has('precious')).toBe(true);
});
