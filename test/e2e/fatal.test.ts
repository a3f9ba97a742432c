/** A destination that takes no more ends the run with exit status 11, and nothing half-written stays. */
import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { file } from '../support/tree.ts';

async function onMountedDestination(trees: Trees, options: string, body: () => Promise<void>): Promise<void> {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', trees.destination]);
  try {
    await body();
  } finally {
    execFileSync('umount', [trees.destination]);
  }
}

describeWith(['root', 'tmpfs mount'], 'a destination that takes no more', () => {
  test('because it is full', async ({ trees }) => {
    await writeTree(trees.source, { small: file('x'), large: file('y'.repeat(3_000_000)) });
    await onMountedDestination(trees, 'size=1m', async () => {
      const { stderr } = await sync(trees, [], { status: 11 });
      expect(stderr).toMatch(/No space left on device/);
      expect(
        [...(await readTree(trees.destination)).keys()].filter((path) => /tmp|large/.test(path)),
      ).toEqual([]);
    });
  });

  test('because it is read-only', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    await onMountedDestination(trees, 'ro', async () => {
      const { stderr } = await sync(trees, [], { status: 11 });
      expect(stderr).toMatch(/Read-only file system/);
    });
  });
});
