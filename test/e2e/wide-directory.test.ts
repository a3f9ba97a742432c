/** One directory of 100,000 entries is synced, found unchanged, and emptied. */
import { expect } from 'vitest';
import { syncForReport } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';
import type { NamedNode } from '../support/tree.ts';

const COUNT = 100_000;
/** It takes 15 s on an idle machine. */
const TIMEOUT_MS = 600_000;

test('100,000 entries in one directory', { timeout: TIMEOUT_MS }, async ({ memoryTrees: trees }) => {
  const nodes = Array.from({ length: COUNT }, (_, index): NamedNode => [`entry-${index}`, file()]);
  await writeTree(trees.source, { wide: dir(nodes), kept: file('x') });
  const first = await syncForReport(trees);
  expect(first.tally['filesTransferred']).toBe(COUNT + 1);
  await expectSame(trees);
  expect((await syncForReport(trees, ['--verify=none'])).tally['entriesAdjusted']).toBe(0);
  await writeTree(trees.source, { wide: file('now a file') });
  await sync(trees, ['--delete', '--verify=none']);
  await expectSame(trees);
});
