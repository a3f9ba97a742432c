/** Holes stay holes: they take no space and no time at the destination, as at the source. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { expect } from 'vitest';
import { expectNothingToDo, syncForReport } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test, verify } from '../support/scenario.ts';
import { file, sparse } from '../support/tree.ts';

const KIB = 1024;
const MIB = KIB * KIB;
const TIB = MIB * MIB;

test('holes at the start, in the middle, at the end, and everywhere', async ({ trees }) => {
  const block = 'x'.repeat(64 * KIB);
  await writeTree(trees.source, {
    start: sparse(8 * MIB, [[8 * MIB - block.length, block]]),
    middle: sparse(8 * MIB, [
      [0, block],
      [8 * MIB - block.length, block],
    ]),
    end: sparse(8 * MIB + 1, [[0, block]]),
    everywhere: sparse(8 * MIB + 3, []),
    many: sparse(
      4 * MIB,
      Array.from({ length: 16 }, (_, index) => [index * 256 * KIB, `piece ${index}`]),
    ),
  });
  await sync(trees);
  await expectSame(trees, { also: ['blocks'] });
  await expectNothingToDo(trees);
});

test('a hole of 1 TiB costs nothing', async ({ trees }) => {
  await writeTree(trees.source, { huge: sparse(TIB, [[TIB / 2, 'needle']]), hollow: sparse(TIB, []) });
  const { tally } = await syncForReport(trees);
  expect(tally['bytesWritten']).toBeLessThan(MIB);
  await expectSame(trees, { also: ['blocks'] });
  await sync(trees, ['--checksum']);
  expect((await readTree(trees.destination)).get('huge')?.sizeBytes).toBe(TIB);
});

test('written zeros stay equal, and data becomes a hole if the source has one', async ({ trees }) => {
  await writeTree(trees.source, { zeros: file('\0'.repeat(MIB)), hollowed: sparse(4 * MIB, [[0, 'x']]) });
  await writeTree(trees.destination, { hollowed: file('y'.repeat(4 * MIB)) });
  await sync(trees);
  await expectSame(trees, { also: ['blocks'] });
});

test("--inplace punches the source's holes into the existing file", async ({ trees }) => {
  await writeTree(trees.source, { hollowed: sparse(4 * MIB, [[MIB, 'x']]) });
  await writeTree(trees.destination, { hollowed: file('y'.repeat(5 * MIB)) });
  await sync(trees, ['--inplace']);
  await expectSame(trees);
});

describeWith(['rsync'], '-S makes holes of zeros', () => {
  const ZEROS = '\0'.repeat(MIB);
  const TREE = {
    all: file(ZEROS.repeat(3)),
    start: file(`${ZEROS}x`),
    middle: file(`${'a'.repeat(5000)}${ZEROS}${'b'.repeat(70_000)}${ZEROS}c`),
    end: file(`x${ZEROS}`),
    small: file('\0'.repeat(100)),
    page: file('\0'.repeat(4096)),
    tail: file(`${'x'.repeat(4096)}${'\0'.repeat(904)}`),
    none: file('x'.repeat(200_000)),
    empty: file(),
    both: sparse(3 * MIB, [[MIB, `${'y'.repeat(8192)}${'\0'.repeat(65_536)}${'z'.repeat(8192)}`]]),
  };

  function blocksIn(root: string): Record<string, number> {
    return Object.fromEntries(Object.keys(TREE).map((name) => [name, statSync(`${root}/${name}`).blocks]));
  }

  test.for([[], ['--inplace'], ['--partial'], ['--fsync']])(
    '%j: as many blocks as rsync',
    async (options, { trees }) => {
      const twin = `${trees.directory}/twin`;
      await writeTree(trees.source, TREE);
      execFileSync('rsync', ['-aS', `${trees.source}/`, `${twin}/`]);
      await sync(trees, ['-S', ...options]);
      await expectSame(trees);
      expect(blocksIn(trees.destination)).toEqual(blocksIn(twin));
      await expectNothingToDo(trees, ['-S', ...options]);
      await verify(trees, ['--checksum']);
    },
  );

  test('--inplace punches them into the existing file', async ({ trees }) => {
    const twin = `${trees.directory}/twin`;
    await writeTree(trees.source, TREE);
    const old = Object.fromEntries(
      Object.keys(TREE).map((name) => [name, file('o'.repeat(4 * MIB), { mtimeNs: 1n })]),
    );
    await writeTree(trees.destination, old);
    execFileSync('cp', ['-a', trees.destination, twin]);
    execFileSync('rsync', ['-aS', '--inplace', '--no-whole-file', `${trees.source}/`, `${twin}/`]);
    const inode = statSync(`${trees.destination}/all`).ino;
    await sync(trees, ['-S', '--inplace']);
    expect(statSync(`${trees.destination}/all`).ino).toBe(inode);
    await expectSame(trees);
    const blocks = blocksIn(trees.destination);
    for (const [name, count] of Object.entries(blocksIn(twin)))
      expect([name, blocks[name]! <= count]).toEqual([name, true]);
    expect(blocks['all']).toBe(0);
  });

  test('in a file that all workers copy; without -S they are stored', async ({ trees }) => {
    const MIXED = Array.from({ length: 90 }, (_, index) => (index % 3 === 0 ? 'x'.repeat(MIB) : ZEROS)).join(
      '',
    );
    await writeTree(trees.source, { large: file(MIXED) });
    await sync(trees, ['-S']);
    await expectSame(trees);
    const { blocks } = statSync(`${trees.destination}/large`);
    expect(blocks * 512).toBeLessThan(31 * MIB);
    execFileSync('touch', ['-d', '2001-01-01', `${trees.source}/large`]);
    await sync(trees);
    expect(statSync(`${trees.destination}/large`).blocks * 512).toBeGreaterThanOrEqual(90 * MIB);
  });
});
