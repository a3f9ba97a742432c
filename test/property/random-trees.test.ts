/**
 * Random trees are synced, changed on both sides, and synced again: each time an independent judge must find
 * the destination equal to the source. EFS_SYNC_PROPERTY_RUNS sets how often, and draws new trees each time;
 * a few are always the same. A failure prints its seed; to repeat it: `EFS_SYNC_PROPERTY_SEED=…
 * EFS_SYNC_PROPERTY_PATH=… npx vitest run test/property`.
 */
import fc from 'fast-check';
import { expectNothingToDo } from '../support/json-report.ts';
import { mutateTree, writeTree } from '../support/oracle.ts';
import { expectSame, resetTrees, sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { file } from '../support/tree.ts';
import { anyLinks, anyTree, destinationChanges, flips, sourceChanges } from './random-tree.ts';
import type { Mutation } from './random-tree.ts';

const { EFS_SYNC_PROPERTY_RUNS: WANTED_RUNS } = process.env;
const RUNS = Number(WANTED_RUNS ?? 10);
const SEED = process.env['EFS_SYNC_PROPERTY_SEED'] ?? (WANTED_RUNS === undefined ? '20260101' : undefined);
const PATH = process.env['EFS_SYNC_PROPERTY_PATH'];
const PARAMETERS = {
  numRuns: RUNS,
  ...(SEED === undefined ? {} : { seed: Number(SEED) }),
  ...(PATH === undefined ? {} : { path: PATH }),
};
const TIMEOUT_MS = 120_000 + RUNS * 10_000;
const ARGS = ['--delete', process.getuid?.() === 0 ? '--preserve=all' : '--preserve=mode,mtime,specials'];

/** Keeps the source from being empty, since --delete refuses that. */
const ANCHOR = { anchor: file('anchor', { mtimeNs: 2n }) };

async function expectSynced(trees: Trees, args: readonly string[] = []): Promise<void> {
  await sync(trees, [...ARGS, ...args]);
  await expectSame(trees, process.getuid?.() === 0 ? {} : { except: ['uid', 'gid'] });
}

async function change(root: string, mutations: readonly Mutation[]): Promise<void> {
  await mutateTree(root, mutations);
}

test(
  'a tree over another tree, changed on both sides, synced again',
  { timeout: TIMEOUT_MS },
  async ({ trees }) => {
    const property = fc.asyncProperty(
      fc.record({ source: anyTree, sourceLinks: anyLinks, destination: anyTree, destinationLinks: anyLinks }),
      fc.record({ sourceChanges, destinationChanges }),
      async (before, changes) => {
        resetTrees(trees);
        await writeTree(trees.source, before.source);
        await writeTree(trees.source, ANCHOR);
        await change(trees.source, before.sourceLinks);
        await writeTree(trees.destination, before.destination);
        await change(trees.destination, before.destinationLinks);
        await expectSynced(trees);
        await change(trees.source, changes.sourceChanges);
        await writeTree(trees.source, ANCHOR);
        await change(trees.destination, changes.destinationChanges);
        await expectSynced(trees);
        // The comparison has read everything, which changed access times.
        await expectNothingToDo(trees, [...ARGS, '--no-atimes']);
      },
    );
    await fc.assert(property, PARAMETERS);
  },
);

test('corruption on either side is found by --checksum', { timeout: TIMEOUT_MS }, async ({ trees }) => {
  const property = fc.asyncProperty(anyTree, flips, flips, async (tree, sourceFlips, destinationFlips) => {
    resetTrees(trees);
    await writeTree(trees.source, tree);
    await writeTree(trees.source, ANCHOR);
    await expectSynced(trees);
    await change(trees.source, sourceFlips);
    await change(trees.destination, destinationFlips);
    await expectSynced(trees, ['--checksum']);
  });
  await fc.assert(property, PARAMETERS);
});
