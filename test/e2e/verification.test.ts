/** Verifying finds every difference after the sync, names it, and shows it in the exit status. */
import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { mutateTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, snapshot, sync, test, verify } from '../support/scenario.ts';
import { dir, file, hardLink, sparse, symlink } from '../support/tree.ts';
import type { Tree } from '../support/tree.ts';

const TIME = { mtimeNs: 1_600_000_000_000_000_005n };

const FILES: Tree = {
  small: file('x', TIME),
  page: file('y'.repeat(4096), TIME),
  large: file('z'.repeat(2_500_001), TIME),
  d: dir({ ['__proto__']: file('content', TIME), 'new\nline': file('content', TIME) }),
  holes: sparse(3_000_000, [[2_000_000, 'data']], TIME),
};
const FILE_PATHS = ['d/__proto__', 'd/new\nline', 'holes', 'large', 'page', 'small'];

test.for([
  ['xxh64', 'source'],
  ['xxh64', 'destination'],
  ['sha256', 'source'],
  ['sha256', 'destination'],
] as const)('%s: one flipped bit in any file of the %s is found', async ([digest, side], { trees }) => {
  await writeTree(trees.source, FILES);
  await sync(trees, [`--digest=${digest}`]);
  const flips = FILE_PATHS.map((_, pick) => ({ action: 'flip', pick, into: 2_000_003 }));
  await mutateTree(trees[side], flips);
  const { stdout } = await verify(trees, [`--digest=${digest}`, '--json'], { status: 40 });
  const { status, verdicts } = reportIn(stdout);
  expect(status).toBe('Verification failure');
  expect(verdicts.map((verdict) => verdict.path).toSorted()).toEqual(FILE_PATHS);
  expect(new Set(verdicts.map((verdict) => verdict.class))).toEqual(new Set(['content mismatch']));
  await mutateTree(trees[side], flips);
  await verify(trees, [`--digest=${digest}`]);
});

test('one flipped bit among many files is found alone', async ({ trees }) => {
  await writeTree(trees.source, FILES);
  await sync(trees);
  await mutateTree(trees.destination, [{ action: 'flip', pick: 3, into: 2_499_999 }]);
  const { stdout } = await verify(trees, ['--json'], { status: 40 });
  expect(reportIn(stdout).verdicts.map((verdict) => verdict.path)).toEqual(['large']);
});

test('the path is printed with odd bytes made visible', async ({ trees }) => {
  await writeTree(trees.source, { 'od\nd\x1b': file('x', TIME) });
  await sync(trees);
  await mutateTree(trees.destination, [{ action: 'flip', pick: 0, into: 0 }]);
  const { output } = await verify(trees, [], { status: 40 });
  expect(output).toMatch(/content mismatch/);
  expect(output).not.toContain('\x1b');
  expect(output).not.toContain('od\nd');
});

test('a full verification after a sync finds what the quick check missed', async ({ trees }) => {
  await writeTree(trees.source, FILES);
  await sync(trees);
  await mutateTree(trees.destination, [{ action: 'flip', pick: 4, into: 77 }]);
  const { output } = await sync(trees, [], { status: 40 });
  expect(output).toContain('page');
  await sync(trees, ['--verify=transferred']);
  await sync(trees, ['--verify=none']);
  await sync(trees, ['--checksum']);
  await expectSame(trees);
});

test.for(['full', 'transferred', 'none'])(
  '--verify=%s succeeds on a faithful copy',
  async (mode, { trees }) => {
    await writeTree(trees.source, { ...FILES, l: symlink('small'), h: hardLink('large') });
    await sync(trees, [`--verify=${mode}`]);
    await expectSame(trees);
  },
);

/** Hard links are compared in inode order, and chance decides which of two new files gets the lower inode. */
function giveLowerInodeTo(one: string, other: string): void {
  if (statSync(one).ino < statSync(other).ino) return;
  renameSync(one, `${one}.moved`);
  renameSync(other, one);
  renameSync(`${one}.moved`, other);
}

test.for<[string, Tree, string]>([
  ['missing', {}, 'a'],
  ['kind differs', { a: dir() }, 'a'],
  ['metadata differs', { a: file('x', { mode: 0o600, ...TIME }) }, 'a'],
  ['metadata differs', { a: file('x', { mtimeNs: TIME.mtimeNs + 1n }) }, 'a'],
  ['content mismatch', { a: file('xx', TIME) }, 'a'],
  ['links differ', { a: file('x', TIME), b: hardLink('a') }, 'b'],
])('%s', async ([verdict, destination, path], { trees }) => {
  await writeTree(
    trees.source,
    { a: file('x', TIME), ...(path === 'b' ? { b: file('x', TIME) } : {}) },
    TIME,
  );
  if (path === 'b') giveLowerInodeTo(join(trees.source, 'a'), join(trees.source, 'b'));
  await writeTree(trees.destination, destination, TIME);
  const { stdout } = await verify(trees, ['--json'], { status: 40 });
  const found = reportIn(stdout).verdicts;
  expect(found.map((each) => each.class)).toContain(verdict);
  expect(found.map((each) => each.path)).toContain(path);
});

test('extraneous entries fail verification only with --delete', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x', TIME) }, TIME);
  await writeTree(trees.destination, { a: file('x', TIME), stray: file('y') }, TIME);
  await verify(trees);
  const { output } = await verify(trees, ['--delete'], { status: 40 });
  expect(output).toMatch(/extraneous.*stray|stray.*extraneous/);
});

test('verify writes nothing', async ({ trees }) => {
  await writeTree(trees.source, FILES);
  await writeTree(trees.destination, { small: file('changed') });
  const before = await snapshot(trees.destination);
  await verify(trees, [], { status: 40 });
  expect(await snapshot(trees.destination)).toEqual(before);
});

describeWith(['root'], 'what --preserve names', () => {
  test('is verified, and nothing else', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x', { uid: 5, ...TIME }) }, TIME);
    await writeTree(trees.destination, { a: file('x', TIME) }, TIME);
    await verify(trees, ['--preserve=owner'], { status: 40 });
    await verify(trees, ['--preserve=mtime']);
  });
});
