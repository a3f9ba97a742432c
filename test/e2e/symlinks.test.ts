/** Symbolic links are copied as they are, and never followed. */
import { expect } from 'vitest';
import { expectNothingToDo } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import { dir, file, symlink, utf8 } from '../support/tree.ts';

test('dangling, looping, absolute, and of maximum length', async ({ trees }) => {
  await writeTree(trees.source, {
    dangling: symlink('no/such/place'),
    itself: symlink('itself'),
    loop1: symlink('loop2'),
    loop2: symlink('loop1'),
    parent: symlink('..'),
    absolute: symlink('/etc/passwd'),
    directory: symlink('/usr'),
    longest: symlink(`${'t'.repeat(254)}/`.repeat(16).slice(0, 4080)),
    bytes: symlink(`\xff\n${utf8('é')}`),
    trailing: symlink('dir/'),
    dir: dir({ up: symlink('../dangling') }),
  });
  await sync(trees);
  await expectSame(trees);
  await expectNothingToDo(trees);
});

test('a changed target of the same length is repaired', async ({ trees }) => {
  await writeTree(trees.source, { l: symlink('aaa', { mtimeNs: 1n }) });
  await writeTree(trees.destination, { l: symlink('bbb', { mtimeNs: 1n }) });
  await sync(trees);
  await expectSame(trees);
});

test('a link to a directory at the destination is replaced by the directory, not followed', async ({
  trees,
}) => {
  await writeTree(trees.directory, { elsewhere: dir({ kept: file('x') }) });
  await writeTree(trees.source, { d: dir({ a: file('new') }), f: file('new') });
  await writeTree(trees.destination, { d: symlink('../elsewhere'), f: symlink('../elsewhere/kept') });
  await sync(trees);
  await expectSame(trees);
  expect([...(await readTree(`${trees.directory}/elsewhere`)).keys()]).toEqual(['', 'kept']);
  expect((await readTree(`${trees.directory}/elsewhere`)).get('kept')?.sizeBytes).toBe(1);
});

test('--delete removes a link, never its target', async ({ trees }) => {
  await writeTree(trees.directory, { elsewhere: dir({ kept: file('x') }) });
  await writeTree(trees.source, { a: file('x') });
  await writeTree(trees.destination, { l: symlink('../elsewhere') });
  await sync(trees, ['--delete']);
  await expectSame(trees);
  expect((await readTree(`${trees.directory}/elsewhere`)).has('kept')).toBe(true);
});

test('roots may be symbolic links to directories', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  await writeTree(trees.directory, { from: symlink('source'), to: symlink('destination') });
  await sync({ ...trees, source: `${trees.directory}/from`, destination: `${trees.directory}/to` });
  await expectSame(trees);
});
