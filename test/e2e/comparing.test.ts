/** What counts as changed: size and time, content with --checksum, size alone with --size-only. */
import { expect } from 'vitest';
import { expectNothingToDo, syncForReport } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file, hardLink, symlink, type Node } from '../support/tree.ts';

const TIME = { mtimeNs: 1_600_000_000_000_000_001n };
const LATER = { mtimeNs: TIME.mtimeNs + 1n };

async function sizeOf(trees: Trees, path: string): Promise<number | undefined> {
  return (await readTree(trees.destination)).get(path)?.sizeBytes;
}

test('a second run has nothing to do', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x'), d: dir({ b: file(''), l: symlink('a') }), e: dir() });
  await sync(trees);
  await expectNothingToDo(trees);
  await expectNothingToDo(trees, ['--delete', '--checksum']);
});

test('a nanosecond of difference in time is a difference', async ({ trees }) => {
  await writeTree(trees.source, { a: file('new', LATER), same: file('x', TIME) });
  await writeTree(trees.destination, { a: file('old', TIME), same: file('x', TIME) });
  expect((await syncForReport(trees)).tally['filesTransferred']).toBe(1);
  await expectSame(trees);
});

test('a difference in size is a difference, whichever is newer', async ({ trees }) => {
  await writeTree(trees.source, { a: file('longer', TIME), b: file('x', TIME) });
  await writeTree(trees.destination, { a: file('old', TIME), b: file('longer', LATER) });
  await sync(trees);
  await expectSame(trees);
});

test('only --checksum finds a change with the same size and time', async ({ trees }) => {
  await writeTree(trees.source, { a: file('new', TIME), same: file('x', TIME) }, TIME);
  await writeTree(trees.destination, { a: file('old', TIME), same: file('x', TIME) }, TIME);
  await expectNothingToDo(trees, ['--verify=none']);
  expect((await syncForReport(trees, ['--checksum'])).tally['filesTransferred']).toBe(1);
  await expectSame(trees);
});

test('--size-only overlooks times', async ({ trees }) => {
  await writeTree(trees.source, { a: file('new', LATER), b: file('longer', LATER) });
  await writeTree(trees.destination, { a: file('old', TIME), b: file('old', TIME) });
  const { tally } = await syncForReport(trees, ['--size-only', '--verify=none']);
  expect(tally['filesTransferred']).toBe(1);
  expect(await sizeOf(trees, 'b')).toBe('longer'.length);
});

test('--ignore-times copies every file, whatever its size and time', async ({ trees }) => {
  const tree = { a: file('new', TIME), b: file('x', TIME), c: hardLink('b'), l: symlink('a', TIME) };
  await writeTree(trees.source, tree, TIME);
  await writeTree(trees.destination, { ...tree, a: file('old', TIME) }, TIME);
  const { tally } = await syncForReport(trees, ['-I']);
  expect(tally).toMatchObject({ filesTransferred: 2, entriesLinked: 1, entriesAdjusted: 0 });
  await expectSame(trees);
  await sync(trees, ['--ignore-times', '--inplace', '--no-verify']);
  await expectSame(trees);
});

function at(ms: number): { mtimeNs: bigint } {
  return { mtimeNs: 1_600_000_000_000_000_000n + BigInt(ms) * 1_000_000n };
}

function named(of: (second: number) => Node): Readonly<Record<string, Node>> {
  return Object.fromEntries([0, 1, 2, 3].map((second) => [`f${second}`, of(second)]));
}

test.for([
  ['-@0', 0, ['f1', 'f2', 'f3']],
  ['--modify-window=1', 0, ['f2', 'f3']],
  ['-@2', 0, ['f3']],
  ['--modify-window=-1', 0, ['f0', 'f1', 'f2', 'f3']],
  ['-@1', 1, ['f0', 'f1', 'f2', 'f3']],
] as const)('%s copies files whose times differ by more', async ([option, added, written], { trees }) => {
  const files = named((second) => file('x', at(second * 1000 + 500)));
  await writeTree(trees.source, files);
  const others = named(() => file('x'.repeat(1 + added), at(250)));
  await writeTree(trees.destination, others);
  const { tally, coverage } = await syncForReport(trees, [option]);
  expect(tally['filesTransferred']).toBe(written.length);
  expect(coverage.scope).toBe(option === '--modify-window=-1' ? 'everything' : 'asked for');
  await expectNothingToDo(trees, [option]);
});

test.for([
  ['--update', { filesTransferred: 1 }],
  ['--ignore-existing', { filesTransferred: 0 }],
  ['--no-ignore-times', { filesTransferred: 1 }],
] as const)('--ignore-times with %s', async ([option, tally], { trees }) => {
  await writeTree(trees.source, { same: file('x', TIME), older: file('x', TIME) });
  await writeTree(trees.destination, { same: file('x', TIME), older: file('x', LATER) });
  const report = await syncForReport(trees, ['-I', option]);
  expect(report.tally).toMatchObject(tally);
});

test.for([
  ['--update', [3, 6]],
  ['--overwrite=older', [3, 6]],
  ['--ignore-existing', [3, 3]],
  ['--overwrite=never', [3, 3]],
  ['--overwrite=always', [6, 6]],
] as const)('%s', async ([option, sizes], { trees }) => {
  await writeTree(trees.source, {
    newer: file('source', TIME),
    older: file('source', LATER),
    made: file('x'),
  });
  await writeTree(trees.destination, { newer: file('old', LATER), older: file('old', TIME) });
  await sync(trees, [option]);
  expect([await sizeOf(trees, 'newer'), await sizeOf(trees, 'older')]).toEqual(sizes);
  expect(await sizeOf(trees, 'made')).toBe(1);
});

test('--existing creates nothing', async ({ trees }) => {
  await writeTree(trees.source, { a: file('new'), made: file('x'), d: dir({ below: file('x') }) });
  await writeTree(trees.destination, { a: file('old', TIME) });
  await sync(trees, ['--existing']);
  await expectSame(trees, { ignore: ['made', 'd'] });
  expect((await readTree(trees.destination)).size).toBe(2);
});
