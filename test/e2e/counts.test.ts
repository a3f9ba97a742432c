/** A report's counts agree with each other and with find, and a sparse file does not look skipped. */
import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { syncForReport } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { sync, test, verify } from '../support/scenario.ts';
import { dir, file, sparse, symlink } from '../support/tree.ts';

test('as many entries are verified as were listed, without the roots', async ({ trees }) => {
  await writeTree(trees.source, { a: file('a'), l: symlink('a'), d: dir({ b: file('b'), e: dir({}) }) });
  const found = execFileSync('find', [trees.source, '-mindepth', '1', '-printf', 'x'], { encoding: 'utf8' });
  const { tally } = await syncForReport(trees);
  expect([tally['sourceEntries'], tally['entriesVerified']]).toEqual([found.length, found.length]);
  expect((await verify(trees)).stdout).toMatch(new RegExp(`^ {2}Verified +${found.length} entries;`, 'm'));
});

test('an empty tree: nothing is verified, and the report says so', async ({ trees }) => {
  expect((await sync(trees)).stdout).toMatch(/^ {2}Verified +0 entries$/m);
});

test('a sparse file: its size, and how much of it is data', async ({ trees }) => {
  const size = 5 * 2 ** 30;
  await writeTree(trees.source, { vm: sparse(size, [[size - 5, 'data\n']]) });
  const { stdout } = await sync(trees);
  // File systems report data in whole blocks.
  expect(stdout).toMatch(/^ {2}Transferred +1 file, 5.00 GiB, [\d.]+ (bytes|KiB) of it data( \(.*\))?$/m);
  expect(stdout).toMatch(
    /^ {2}Verified +.*; content of 1 file, 5.00 GiB, [\d.]+ (bytes|KiB) of it data( \(.*\))?(; destination read from cache)?$/m,
  );
});
