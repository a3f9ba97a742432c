/** A signal stops the run cleanly; after a kill the next run finishes the job. */
import { expect } from 'vitest';
import { compareTrees, readTree, writeTree } from '../support/oracle.ts';
import { runCli } from '../support/run-cli.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { SLOWLY, onceWriting, writeManyFiles } from '../support/slow-sync.ts';
import { file } from '../support/tree.ts';

async function leftovers(trees: Trees): Promise<string[]> {
  const known = await readTree(trees.source);
  return [...(await readTree(trees.destination)).keys()].filter((path) => !known.has(path));
}

test.for(['SIGINT', 'SIGTERM'] as const)(
  '%s: exit status 20, no temporary files',
  async (signal, { trees }) => {
    await writeManyFiles(trees);
    const { output } = await sync(trees, SLOWLY, {
      status: 20,
      onStart: onceWriting(trees, (child) => child.kill(signal)),
    });
    expect(output).toMatch(/interrupted/i);
    expect(await leftovers(trees)).toEqual([]);
    expect(await compareTrees(trees.source, trees.destination)).not.toEqual([]);
    await sync(trees);
    await expectSame(trees);
  },
);

test('SIGKILL: the next run finishes the job and removes what the first left', async ({ trees }) => {
  await writeManyFiles(trees);
  const { signal } = await runCli([trees.source, trees.destination, ...SLOWLY], {
    onStart: onceWriting(trees, (child) => child.kill('SIGKILL')),
  });
  expect(signal).toBe('SIGKILL');
  await sync(trees);
  await expectSame(trees);
});

test('a file of the user that only looks like a temporary one is copied and kept', async ({ trees }) => {
  const lookalike = { [`.efs-sync-${'0'.repeat(32)}.tmp`]: file('mine') };
  await writeTree(trees.source, lookalike);
  await sync(trees);
  await expectSame(trees);
});
