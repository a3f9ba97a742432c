/** --delete removes everything extraneous, and nothing else. */
import { expect } from 'vitest';
import { syncForReport } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, giveToNobody, sync, test } from '../support/scenario.ts';
import { dir, fifo, file, socket, symlink } from '../support/tree.ts';
import type { Node } from '../support/tree.ts';

function nested(levels: number): Node {
  return levels === 0 ? dir({ leaf: file('x') }) : dir({ d: nested(levels - 1), side: file('y') });
}

test('without --delete everything extraneous stays', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x'), d: dir({ b: file('y') }) });
  await writeTree(trees.destination, { stray: file('z'), d: dir({ stray: dir({ more: file() }) }) });
  await sync(trees);
  await expectSame(trees, { keepsExtraneous: true });
  expect((await readTree(trees.destination)).has('d/stray/more')).toBe(true);
});

test('every kind, and trees 300 levels deep', async ({ trees }) => {
  await writeTree(trees.source, { kept: file('x') });
  await writeTree(trees.destination, {
    kept: file('x'),
    a: file('y'),
    d: nested(300),
    l: symlink('kept'),
    p: fifo(),
    s: socket(),
    empty: dir(),
  });
  const { tally } = await syncForReport(trees, ['--delete']);
  await expectSame(trees);
  expect(tally['entriesDeleted']).toBe(607);
});

test('trees that nobody may read or write', async ({ trees }) => {
  await writeTree(trees.source, { kept: file('x') });
  const closed = { mode: 0 };
  await writeTree(trees.destination, { d: dir({ e: dir({ a: file('x', closed) }, closed) }, closed) });
  await sync(trees, ['--delete']);
  await expectSame(trees);
});

test.for([
  [['--max-delete=2'], 25, true],
  [['--max-delete=3'], 0, false],
  [['--max-delete=10%'], 25, true],
  [['--max-delete=90%'], 0, false],
] as const)('%s of three', async ([limit, status, stays], { trees }) => {
  await writeTree(trees.source, { a: file('x'), b: file('new') });
  await writeTree(trees.destination, { s1: file(), s2: file(), s3: file(), a: file('x') });
  await sync(trees, ['--delete', ...limit], { status });
  const found = await readTree(trees.destination);
  expect(['s1', 's2', 's3'].map((name) => found.has(name))).toEqual([stays, stays, stays]);
  expect(found.has('b')).toBe(true);
});

describeWith(['another user'], 'as another user than root', () => {
  test('trees the user has locked but owns', async ({ trees }) => {
    await writeTree(trees.source, { kept: file('x') });
    const locked = { mode: 0o555 };
    await writeTree(trees.destination, {
      d: dir({ e: dir({ a: file('x') }, locked), f: dir({ b: file() }, { mode: 0 }) }, locked),
    });
    giveToNobody(trees);
    await sync(trees, ['--delete'], { asNobody: true });
    await expectSame(trees);
  });

  test('a source directory that cannot be listed keeps everything at the destination', async ({ trees }) => {
    const strays = { a: file('x'), stray: file('y'), sub: dir({ stray: file('z') }) };
    await writeTree(trees.source, {
      closed: dir({ a: file('x') }, { mode: 0 }),
      open: dir({ a: file('x') }),
    });
    await writeTree(trees.destination, { closed: dir(strays), open: dir(strays), stray: file() });
    giveToNobody(trees);
    const { stderr } = await sync(trees, ['--delete'], { asNobody: true, status: 23 });
    expect(stderr).toContain('closed');
    const left = [...(await readTree(trees.destination)).keys()];
    const kept = ['closed', 'closed/a', 'closed/stray', 'closed/sub', 'closed/sub/stray'];
    expect(left).toEqual(['', ...kept, 'open', 'open/a']);
  });
});
