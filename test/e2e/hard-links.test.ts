/** Names of one file at the source are names of one file at the destination, and no other names are. */
import { expect } from 'vitest';
import { expectNothingToDo, syncForReport } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { expectSame, sync, test, verify } from '../support/scenario.ts';
import { dir, fifo, file, hardLink, symlink } from '../support/tree.ts';
import type { Tree } from '../support/tree.ts';

const TIME = { mtimeNs: 1_600_000_000_000_000_009n };

const GROUPS: Tree = {
  a: dir({ one: file('first', TIME), two: hardLink('a/one') }),
  b: dir({ c: dir({ three: hardLink('a/one'), other: file('second', TIME) }) }),
  z: hardLink('b/c/other'),
  alone: file('first', TIME),
};

test('groups across directories', async ({ trees }) => {
  await writeTree(trees.source, GROUPS);
  await sync(trees);
  await expectSame(trees);
  await expectNothingToDo(trees);
});

test('the content of a group moves once', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x'.repeat(1000)), b: hardLink('a'), c: hardLink('a') });
  expect((await syncForReport(trees)).tally['bytesTransferred']).toBe(1000);
});

test('groups of symbolic links and of fifos', async ({ trees }) => {
  await writeTree(trees.source, {
    link: symlink('nowhere', TIME),
    pipe: fifo(TIME),
    d: dir({ link: hardLink('link'), pipe: hardLink('pipe') }),
  });
  await sync(trees, ['--preserve=owner,mode,mtime,specials']);
  await expectSame(trees);
  expect((await readTree(trees.destination)).get('link')?.linkCount).toBe(2);
});

test('names that are linked only at the destination are separated', async ({ trees }) => {
  await writeTree(trees.source, {
    a: file('same', TIME),
    b: file('same', TIME),
    d: dir({ c: file('same', TIME) }),
  });
  await writeTree(trees.destination, {
    a: file('same', TIME),
    b: hardLink('a'),
    d: dir({ c: hardLink('a') }),
  });
  await sync(trees);
  await expectSame(trees);
});

test('names that are linked only at the source are joined', async ({ trees }) => {
  await writeTree(trees.source, { a: file('same', TIME), b: hardLink('a'), d: dir({ c: hardLink('a') }) });
  await writeTree(trees.destination, {
    a: file('same', TIME),
    b: file('same', TIME),
    d: dir({ c: file('same', TIME) }),
  });
  const { tally } = await syncForReport(trees);
  expect(tally['bytesTransferred']).toBe(0);
  await expectSame(trees);
});

test('groups that cross over are sorted out', async ({ trees }) => {
  await writeTree(trees.source, {
    a: file('one', TIME),
    b: hardLink('a'),
    c: file('two', TIME),
    d: hardLink('c'),
  });
  await writeTree(trees.destination, {
    a: file('one', TIME),
    c: hardLink('a'),
    b: file('two', TIME),
    d: hardLink('b'),
  });
  await sync(trees);
  await expectSame(trees);
});

test('a change through one name reaches all of them', async ({ trees }) => {
  await writeTree(trees.source, GROUPS);
  await sync(trees);
  await writeTree(trees.source, { a: dir({ one: file('new content'), two: hardLink('a/one') }) });
  await writeTree(trees.source, { b: dir({ c: dir({ three: hardLink('a/one') }) }) });
  await sync(trees);
  await expectSame(trees);
});

test('a new name joins a group that is already there', async ({ trees }) => {
  await writeTree(trees.source, { m: file('content', TIME) });
  await sync(trees);
  const before = (await readTree(trees.destination)).get('m')?.inode;
  await writeTree(trees.source, { a: hardLink('m'), z: dir({ n: hardLink('m') }) });
  expect((await syncForReport(trees)).tally['bytesTransferred']).toBe(0);
  await expectSame(trees);
  expect((await readTree(trees.destination)).get('a')?.inode).toBe(before);
});

test('a destination name linked to a file outside the tree does not write into it', async ({ trees }) => {
  await writeTree(trees.source, { a: file('different') });
  await writeTree(trees.directory, {
    outside: file('precious', TIME),
    destination: dir({ a: hardLink('outside') }),
  });
  await sync(trees);
  await expectSame(trees);
  expect((await readTree(trees.directory)).get('outside')?.sizeBytes).toBe('precious'.length);
});

test('a grouping changed after the sync fails verification', async ({ trees }) => {
  await writeTree(trees.source, { a: file('same', TIME), b: hardLink('a') });
  await sync(trees);
  await writeTree(trees.destination, { b: file('same', TIME) });
  const { output } = await verify(trees, [], { status: 40 });
  expect(output).toContain('links differ');
});
