/** Holes stay holes: what takes no space and no time at the source takes none at the destination. */
import { expect } from 'vitest';
import { expectNothingToDo, syncForReport } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
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

test('zeros that were written stay equal, and data turns into a hole where the source has one', async ({
  trees,
}) => {
  await writeTree(trees.source, { zeros: file('\0'.repeat(MIB)), hollowed: sparse(4 * MIB, [[0, 'x']]) });
  await writeTree(trees.destination, { hollowed: file('y'.repeat(4 * MIB)) });
  await sync(trees);
  await expectSame(trees, { also: ['blocks'] });
});

test('--inplace punches the holes of the source into the file that is there', async ({ trees }) => {
  await writeTree(trees.source, { hollowed: sparse(4 * MIB, [[MIB, 'x']]) });
  await writeTree(trees.destination, { hollowed: file('y'.repeat(5 * MIB)) });
  await sync(trees, ['--inplace']);
  await expectSame(trees);
});
