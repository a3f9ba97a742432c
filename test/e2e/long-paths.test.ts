/** Paths far beyond the 4,096 bytes that one system call takes, where rsync and cp fail. */
import { expect } from 'vitest';
import { expectNothingToDo } from '../support/json-report.ts';
import { mutateTree, writeTree } from '../support/oracle.ts';
import { expectSame, sync, test, verify } from '../support/scenario.ts';
import { dir, file, hardLink, symlink } from '../support/tree.ts';
import type { Node } from '../support/tree.ts';

const LEVELS = 60;
const NAME = 'n'.repeat(200);
const DEEP = `${`${NAME}/`.repeat(LEVELS)}leaf`;

/** Nested directories with 200-byte names: 12,000 bytes of path. */
function nested(levels: number, innermost: Node): Node {
  return levels === 0 ? innermost : dir({ [NAME]: nested(levels - 1, innermost) });
}

function deepTree(content: string): Node {
  return nested(LEVELS - 1, dir({ leaf: file(content, { mode: 0o640 }), link: symlink('leaf') }));
}

test('a path of 12,000 bytes is copied, linked and found unchanged', async ({ trees }) => {
  await writeTree(trees.source, { [NAME]: deepTree('x'), top: hardLink(DEEP) });
  await sync(trees);
  await expectSame(trees);
  await expectNothingToDo(trees);
});

test('a difference 12,000 bytes down is found, named and repaired', async ({ trees }) => {
  await writeTree(trees.source, { [NAME]: deepTree('x') });
  await sync(trees);
  await mutateTree(trees.destination, [{ action: 'flip', pick: 0, into: 0 }]);
  const { output } = await verify(trees, [], { status: 40 });
  expect(output).toContain(`${NAME}/leaf`);
  await sync(trees, ['--checksum']);
  await expectSame(trees);
});

test('--delete removes a tree 12,000 bytes deep', async ({ trees }) => {
  await writeTree(trees.source, { kept: file('x') });
  await writeTree(trees.destination, { [NAME]: deepTree('x') });
  await sync(trees, ['--delete']);
  await expectSame(trees);
});
