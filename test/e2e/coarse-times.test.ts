/** A destination that keeps whole seconds only: the second run still has nothing to do, and verification holds. */
import { execFileSync } from 'node:child_process';
import { expectNothingToDo } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test, verify } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

const SECOND = 1_000_000_000;

/** ext4 with 128-byte inodes has no room for nanoseconds. */
async function onCoarseDestination(trees: Trees, body: () => Promise<void>): Promise<void> {
  const image = `${trees.directory}/image`;
  execFileSync('truncate', ['-s', '8M', image]);
  execFileSync('mkfs.ext4', ['-q', '-I', '128', image], { stdio: 'ignore' });
  execFileSync('mount', ['-o', 'loop', image, trees.destination]);
  try {
    execFileSync('rmdir', [`${trees.destination}/lost+found`]);
    await body();
  } finally {
    execFileSync('umount', [trees.destination]);
  }
}

describeWith(['root', 'loop mount'], 'whole seconds', () => {
  test('are compared as whole seconds', async ({ trees }) => {
    const time = { mtimeNs: 1_600_000_000_987_654_321n };
    await writeTree(trees.source, {
      a: file('x', time),
      l: symlink('a', time),
      d: dir({}, time),
      now: file(),
    });
    await onCoarseDestination(trees, async () => {
      await sync(trees);
      await expectSame(trees, { mtimeGranularityNs: SECOND });
      await expectNothingToDo(trees);
      await verify(trees);
    });
  });

  test('before 1970 too', async ({ trees }) => {
    const time = { mtimeNs: -1_500_000_001n };
    await writeTree(trees.source, { a: file('x', time), d: dir({}, time) });
    await onCoarseDestination(trees, async () => {
      await sync(trees);
      await expectNothingToDo(trees);
    });
  });

  test('a file a second newer is still transferred', async ({ trees }) => {
    await onCoarseDestination(trees, async () => {
      await writeTree(trees.source, { a: file('old', { mtimeNs: 1_600_000_000_900_000_000n }) });
      await sync(trees);
      await writeTree(trees.source, { a: file('new', { mtimeNs: 1_600_000_001_100_000_000n }) });
      await sync(trees);
      await expectSame(trees, { mtimeGranularityNs: SECOND });
    });
  });
});
