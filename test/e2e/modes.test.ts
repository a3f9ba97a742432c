/** Permission bits are copied whatever they forbid, even if they forbid the user who syncs. */
import { expect } from 'vitest';
import { expectNothingToDo } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, giveToNobody, sync, test } from '../support/scenario.ts';
import { dir, file, hardLink, symlink } from '../support/tree.ts';
import type { Tree } from '../support/tree.ts';

const EVERY_MODE: Tree = [0o000, 0o001, 0o200, 0o400, 0o444, 0o555, 0o600, 0o666, 0o777, 0o1777].flatMap(
  (mode) =>
    [
      [`file${mode.toString(8)}`, file('x', { mode })],
      [`directory${mode.toString(8)}`, dir({ below: file('y', { mode }) }, { mode })],
    ] as const,
);

test('every mode, whatever the umask', async ({ trees }) => {
  await writeTree(trees.source, EVERY_MODE, { mode: 0o710 });
  await sync(trees);
  await expectSame(trees);
  await expectNothingToDo(trees);
});

test('without --preserve=mode a new entry follows the umask, an old one keeps its mode', async ({
  trees,
}) => {
  await writeTree(trees.source, { made: file('x', { mode: 0o640 }), kept: file('y', { mode: 0o640 }) });
  await writeTree(trees.destination, { kept: file('old', { mode: 0o604 }) });
  await sync(trees, ['--preserve=mtime']);
  await writeTree(trees.source, { kept: file('y', { mode: 0o604 }) });
  await expectSame(trees, { except: ['mtime'] });
});

describeWith(['root'], 'as root', () => {
  // A file's creation mode is narrower until its owner is set. It must not be reused for the next file, whose
  // owner may differ.
  test('files of one mode and several owners, in one directory', async ({ trees }) => {
    const theirs = { uid: 1000, gid: 1001, mode: 0o640 };
    const ours = { uid: 0, gid: 0, mode: 0o640 };
    const files = { a: file('x', ours), b: file('y', theirs), c: file('z', ours), d: file('w', theirs) };
    await writeTree(trees.source, { ...files, made: dir(files) });
    await sync(trees);
    await expectSame(trees);
  });
});

describeWith(['another user'], 'as another user than root', () => {
  test('directories that forbid writing are filled, and forbid it afterwards', async ({ trees }) => {
    const locked = { mode: 0o555, mtimeNs: 7n };
    await writeTree(trees.source, {
      outer: dir({ inner: dir({ a: file('x', { mode: 0o444 }), l: symlink('a') }, locked) }, locked),
    });
    giveToNobody(trees);
    await sync(trees, [], { asNobody: true });
    await expectSame(trees);
  });

  test('content changes below directories that forbid writing', async ({ trees }) => {
    const locked = { mode: 0o555, mtimeNs: 7n };
    const before = { a: file('old', locked), gone: file('x'), sub: dir({ g: file('y') }, locked) };
    await writeTree(trees.source, {
      d: dir({ a: file('new'), b: file('z', { mode: 0 }), h: hardLink('d/a') }, locked),
    });
    await writeTree(trees.source, { d: dir({ b: file('z', { mode: 0o400 }) }, locked) });
    await writeTree(trees.destination, { d: dir(before, locked) });
    giveToNobody(trees);
    await sync(trees, ['--delete'], { asNobody: true });
    await expectSame(trees);
  });

  test('metadata of files that forbid reading is repaired', async ({ trees }) => {
    const times = { mtimeNs: 5n };
    await writeTree(trees.source, { a: file('x', { mode: 0o400, ...times }) });
    await writeTree(trees.destination, { a: file('x', { mode: 0o000, ...times }) });
    giveToNobody(trees);
    await sync(trees, [], { asNobody: true });
    await expectSame(trees);
  });

  test('a file that nobody may read is a separate problem', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x'), secret: file('y', { mode: 0 }), z: file('z') });
    giveToNobody(trees);
    const { stderr } = await sync(trees, [], { asNobody: true, status: 23 });
    expect(stderr).toContain('secret');
    await expectSame(trees, { ignore: ['secret'], ignoresDirectoryMtime: true });
  });

  test('a directory that nobody may list is created with its mode, and is a separate problem', async ({
    trees,
  }) => {
    await writeTree(trees.source, { closed: dir({ a: file('x') }, { mode: 0, mtimeNs: 7n }), z: file('z') });
    giveToNobody(trees);
    const { stderr } = await sync(trees, [], { asNobody: true, status: 23 });
    expect(stderr).toContain('closed');
    await expectSame(trees, { ignore: ['closed/a'] });
  });
});
