/** Modification times arrive to the nanosecond, whatever the century. */
import { expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { expectNothingToDo } from '../support/json-report.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, fifo, file, hardLink, symlink } from '../support/tree.ts';
import type { NamedNode } from '../support/tree.ts';

const SECOND = 1_000_000_000n;

function allKinds(name: string, mtimeNs: bigint): NamedNode[] {
  return [
    [`${name}-file`, file(name, { mtimeNs })],
    [`${name}-directory`, dir({ below: file('x', { mtimeNs }) }, { mtimeNs })],
    [`${name}-symlink`, symlink('nowhere', { mtimeNs })],
  ];
}

async function expectTimesKept(trees: Trees, times: Readonly<Record<string, bigint>>): Promise<void> {
  const nodes = Object.entries(times).flatMap(([name, mtimeNs]) => allKinds(name, mtimeNs));
  await writeTree(trees.source, nodes, { mtimeNs: 987_654_321_123_456_789n });
  await sync(trees);
  await expectSame(trees);
  await expectNothingToDo(trees);
}

test('nanoseconds that a double cannot hold', async ({ trees }) => {
  await expectTimesKept(trees, {
    odd: 1_700_000_000_123_456_789n,
    last: 1_700_000_000_999_999_999n,
    first: 1_700_000_000_000_000_001n,
    whole: 1_700_000_000n * SECOND,
  });
});

test('before 1970', async ({ trees }) => {
  await expectTimesKept(trees, {
    epoch: 0n,
    justBefore: -1n,
    secondBefore: -SECOND,
    halfBefore: -SECOND / 2n,
    1901: -2_147_483_648n * SECOND,
  });
});

test('after 2038 and after 2106', async ({ trees }) => {
  await expectTimesKept(trees, {
    2038: 2_147_483_648n * SECOND + 1n,
    2106: 4_294_967_296n * SECOND + 7n,
    2400: 13_569_465_600n * SECOND + 999_999_999n,
  });
});

describeWith(['memory file system'], 'on a file system with 64-bit times', () => {
  test('far past and far future', async ({ memoryTrees }) => {
    await expectTimesKept(memoryTrees, {
      1700: -8_520_336_000n * SECOND + 1n,
      1200: -9_000_000_000n * SECOND + 123_456_789n,
      2250: 9_000_000_000n * SECOND + 123_456_789n,
    });
  });
});

test('a directory keeps its time though its content is made after it', async ({ trees }) => {
  const old = { mtimeNs: 1_000_000_001n };
  await writeTree(
    trees.source,
    { a: dir({ b: dir({ c: file('x'), d: hardLink('a/b/c') }, old) }, old) },
    old,
  );
  await sync(trees);
  await expectSame(trees);
  await writeTree(trees.source, { a: dir({ b: dir({ late: file('y') }, old) }, old) }, old);
  await writeTree(trees.destination, { a: dir({ b: dir({ stray: file('y') }) }) });
  await sync(trees, ['--delete']);
  await expectSame(trees);
});

test('times of special files', async ({ trees }) => {
  await writeTree(trees.source, { pipe: fifo({ mtimeNs: 1_234_567_890_123_456_789n }) });
  await sync(trees, ['--preserve=owner,mode,mtime,specials']);
  await expectSame(trees);
});

test('access times by --preserve=atime', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x', { atimeNs: 5_000_000_001n, mtimeNs: 6_000_000_001n }) });
  await sync(trees, ['--preserve=owner,mode,mtime,atime', '--verify=none']);
  expect((await readTree(trees.destination)).get('a')).toMatchObject({
    atimeNs: '5000000001',
    mtimeNs: '6000000001',
  });
});
