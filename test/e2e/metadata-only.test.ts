/** If only metadata differs, no data moves and the file keeps its inode. */
import { expect } from 'vitest';
import { expectNothingToDo, syncForReport } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';
import type { Metadata } from '../support/tree.ts';

const TIME = { mtimeNs: 1_600_000_000_000_000_001n };

async function expectAdjusted(trees: Trees, change: Metadata, args: readonly string[] = []): Promise<void> {
  await writeTree(trees.source, {
    a: file('content', { ...TIME, ...change }),
    d: dir({}, { ...TIME, ...change }),
  });
  await writeTree(trees.destination, { a: file('content', TIME), d: dir({}, TIME) });
  const before = await readTree(trees.destination);
  const { tally } = await syncForReport(trees, args);
  await expectSame(trees, { also: ['xattr', 'acl'] });
  expect(tally['bytesTransferred']).toBe(0);
  expect(tally['entriesAdjusted']).toBeGreaterThanOrEqual(2);
  const after = await readTree(trees.destination);
  for (const path of ['a', 'd']) expect(after.get(path)?.inode).toBe(before.get(path)?.inode);
  await expectNothingToDo(trees, args);
}

test('mode', async ({ trees }) => {
  await expectAdjusted(trees, { mode: 0o751 });
});

test('modification time, with --checksum or --size-only', async ({ trees }) => {
  await expectAdjusted(trees, { mtimeNs: TIME.mtimeNs + 1n }, ['--checksum']);
});

describeWith(['root'], 'with privileges', () => {
  test.for<[string, Metadata]>([
    ['owner', { uid: 77 }],
    ['group', { gid: 78 }],
    ['owner and sticky bit', { uid: 77, mode: 0o1755 }],
  ])('%s', async ([, change], { trees }) => {
    await expectAdjusted(trees, change, ['--preserve=all', '--no-atimes']);
  });

  test('of a symbolic link: owner and time', async ({ trees }) => {
    await writeTree(trees.source, { l: symlink('nowhere', { ...TIME, uid: 5, gid: 6 }) });
    await writeTree(trees.destination, { l: symlink('nowhere', { mtimeNs: 1n }) });
    const before = (await readTree(trees.destination)).get('l')?.inode;
    await syncForReport(trees);
    await expectSame(trees);
    expect((await readTree(trees.destination)).get('l')?.inode).toBe(before);
  });
});
