/** A tree synced over another one leaves what rsync leaves, has nothing to do again, and is verified. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectNothingToDo } from './json-report.ts';
import { compareTrees, writeTree } from './oracle.ts';
import { rsync } from './rsync.ts';
import { sync, verify, type Trees } from './scenario.ts';
import type { NamedNode, Tree } from './tree.ts';

type Content = Tree | readonly NamedNode[];

/** So old that no change of a directory shows, for the roots and for the content. */
export const OLD = { mtimeNs: 1_000_000_000_000_000_000n };

export async function expectAsRsync(
  trees: Trees,
  args: string[],
  { source, destination }: { readonly source: Content; readonly destination: Content },
): Promise<void> {
  const other = join(trees.directory, 'other');
  const root = { ...OLD, mode: 0o755 };
  await writeTree(trees.source, source, root);
  await writeTree(trees.destination, destination, root);
  await writeTree(other, destination, root);
  rsync(trees.source, other, args);
  await sync(trees, args);
  expect(await compareTrees(other, trees.destination)).toEqual([]);
  await expectNothingToDo(trees, args);
  await verify(trees, args);
}
