/** An entry of another kind at the destination becomes the source's kind, both ways. */
import { expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import { dir, fifo, file, hardLink, socket, symlink } from '../support/tree.ts';
import type { Node } from '../support/tree.ts';

const KINDS: Readonly<Record<string, Node>> = {
  file: file('content'),
  empty: dir(),
  link: symlink('nowhere'),
  pipe: fifo(),
  door: socket(),
};

const PAIRS = Object.keys(KINDS).flatMap((from) =>
  Object.keys(KINDS)
    .filter((to) => to !== from)
    .map((to) => [from, to] as const),
);

function nodeOf(kind: string): Node {
  return KINDS[kind] ?? file();
}

test('every pair of kinds', async ({ trees }) => {
  await writeTree(
    trees.source,
    PAIRS.map(([from, to]) => [`${from}-to-${to}`, nodeOf(to)]),
  );
  await writeTree(
    trees.destination,
    PAIRS.map(([from, to]) => [`${from}-to-${to}`, nodeOf(from)]),
  );
  await sync(trees, ['--preserve=owner,mode,mtime,specials']);
  await expectSame(trees);
});

const FULL = dir({ sub: dir({ a: file('x'), b: dir() }), c: file('y') });

test.for(['--delete', '--force'])('%s: a directory with content is replaced', async (option, { trees }) => {
  await writeTree(trees.source, { a: file('x'), l: symlink('a'), p: fifo(), h: hardLink('a') });
  await writeTree(trees.destination, { a: FULL, l: FULL, p: FULL, h: FULL });
  await sync(trees, [option, '--preserve=owner,mode,mtime,specials']);
  await expectSame(trees);
});

test('a directory with content stays unless an option allows its removal, and the rest goes on', async ({
  trees,
}) => {
  await writeTree(trees.source, { a: file('x'), b: file('y') });
  await writeTree(trees.destination, { a: FULL });
  const { stderr } = await sync(trees, [], { status: 23 });
  expect(stderr).toMatch(/cannot .*\ba\b.*--(delete|force)/);
  const found = await readTree(trees.destination);
  expect(found.get('a/sub/a')?.kind).toBe('file');
  expect(found.get('b')?.kind).toBe('file');
});

test('a file becomes a directory with content, and a link becomes one too', async ({ trees }) => {
  await writeTree(trees.source, { a: FULL, l: FULL });
  await writeTree(trees.destination, { a: file('x'), l: symlink('a') });
  await sync(trees);
  await expectSame(trees);
});
