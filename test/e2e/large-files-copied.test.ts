/** A file past 64 MiB is copied by all workers, or completely by one, with the same result. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { syncForReport } from '../support/json-report.ts';
import {
  cmp,
  copyOf,
  hasGap,
  KIB,
  MIB,
  onceWritten,
  RANGE,
  SIZE,
  sourceOf,
  writeLarge,
} from '../support/large-file.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test, type Trees } from '../support/scenario.ts';
import { sparse } from '../support/tree.ts';

/** The copy takes about three seconds at this rate. */
const SLOWLY = ['--bwlimit=32M', '--verify=none'];
/** Slow enough to inspect the destination before the signal, even on a busy machine. */
const SLOWER = ['--bwlimit=6M', '--verify=none'];

describe('copying', () => {
  test.for([2 * RANGE, 2 * RANGE + 1, 3 * RANGE - 1, 3 * RANGE, 3 * RANGE + 1])(
    '%d bytes',
    async (sizeBytes, { memoryTrees: trees }) => {
      writeLarge(sourceOf(trees), sizeBytes);
      const { tally } = await syncForReport(trees);
      cmp(trees);
      expect(tally).toMatchObject({
        filesTransferred: 1,
        bytesTransferred: sizeBytes,
        bytesWritten: sizeBytes,
        filesVerified: 1,
        bytesVerified: sizeBytes,
      });
      await expectSame(trees);
    },
  );

  test('from one file system to another', async ({ treesApart: trees }) => {
    writeLarge(sourceOf(trees));
    await sync(trees);
    cmp(trees);
    await expectSame(trees);
  });

  test('holes at and across the borders of ranges stay holes', async ({ trees }) => {
    const block = 'x'.repeat(64 * KIB);
    await writeTree(trees.source, {
      large: sparse(4 * RANGE + 1, [
        [RANGE - 64 * KIB, block],
        [2 * RANGE, block],
        [3 * RANGE - 32 * KIB, block],
      ]),
      hollow: sparse(4 * RANGE, []),
    });
    const { tally } = await syncForReport(trees);
    expect(tally['bytesWritten']).toBe(3 * 64 * KIB);
    cmp(trees);
    await expectSame(trees, { also: ['blocks'] });
  });

  test('--inplace keeps the inode, and truncates a longer file', async ({ memoryTrees: trees }) => {
    writeLarge(sourceOf(trees));
    writeFileSync(copyOf(trees), Buffer.alloc(SIZE + MIB, 'old'));
    const { ino } = statSync(copyOf(trees));
    await sync(trees, ['--inplace']);
    cmp(trees);
    expect(statSync(copyOf(trees)).ino).toBe(ino);
    await expectSame(trees);
  });

  test("--inplace punches the source's holes", async ({ memoryTrees: trees }) => {
    await writeTree(trees.source, { large: sparse(SIZE, [[2 * RANGE - 1, 'data']]) });
    writeFileSync(copyOf(trees), Buffer.alloc(SIZE + MIB, 'old'));
    await sync(trees, ['--inplace']);
    cmp(trees);
  });

  test('a source that is truncated meanwhile is copied as it is then', async ({ treesApart: trees }) => {
    writeLarge(sourceOf(trees));
    const onStart = onceWritten(trees, 8 * MIB, () => {
      truncateSync(sourceOf(trees), RANGE + 5);
    });
    await sync(trees, SLOWLY, { onStart });
    expect(statSync(copyOf(trees)).size).toBe(RANGE + 5);
    cmp(trees);
    await expectSame(trees);
  });

  test('a source that is overwritten meanwhile is copied again', async ({ treesApart: trees }) => {
    writeLarge(sourceOf(trees));
    const onStart = onceWritten(trees, 48 * MIB, () => {
      const fd = openSync(sourceOf(trees), 'r+');
      writeSync(fd, 'new', 5);
      closeSync(fd);
    });
    await sync(trees, SLOWLY, { onStart });
    cmp(trees);
  });
});

/** True if the interrupted copy starts with an incomplete range. */
async function leavesGap(trees: Trees): Promise<boolean> {
  writeLarge(sourceOf(trees));
  let sawGap = false;
  const onStart = onceWritten(trees, 4 * MIB, (path, child) => {
    sawGap = hasGap(path);
    child.kill('SIGINT');
  });
  await sync(trees, SLOWER, { status: 20, onStart });
  expect(readdirSync(trees.destination)).toEqual([]);
  await sync(trees);
  cmp(trees);
  return sawGap;
}

describe('interrupted', () => {
  test.skipIf(availableParallelism() < 2)('several ranges are copied at once', async ({ treesApart }) => {
    expect(await leavesGap(treesApart)).toBe(true);
  });

  test('or the whole file as one range, if a second worker would only wait', async ({ memoryTrees }) => {
    expect(await leavesGap(memoryTrees)).toBe(false);
  });

  test('several files are copied at once', async ({ memoryTrees: trees }) => {
    writeLarge(sourceOf(trees));
    writeLarge(join(trees.source, 'other'));
    let underWay = 0;
    const onStart = onceWritten(trees, 8 * MIB, (_, child) => {
      underWay = readdirSync(trees.destination).length;
      child.kill('SIGINT');
    });
    await sync(trees, SLOWER, { status: 20, onStart });
    expect(underWay).toBe(2);
  });

  const places = [
    ['is written by all workers', 'treesApart'],
    ['is written by one', 'memoryTrees'],
  ] as const;
  test.for(places)(
    'with --partial a file that %s has no gap, and the next run resumes it',
    async ([, place], { memoryTrees, treesApart }) => {
      const trees = { memoryTrees, treesApart }[place];
      writeLarge(sourceOf(trees));
      const onStart = onceWritten(trees, 40 * MIB, (_, child) => child.kill('SIGINT'));
      await sync(trees, ['--partial', ...SLOWLY], { status: 20, onStart });
      const [name = ''] = readdirSync(trees.destination);
      const { size } = statSync(join(trees.destination, name));
      expect(size).toBeGreaterThan(16 * MIB);
      execFileSync('cmp', ['-n', String(size), sourceOf(trees), join(trees.destination, name)]);
      const { tally } = await syncForReport(trees, ['--partial']);
      expect(tally['bytesWritten']).toBeLessThan(SIZE - 8 * MIB);
      cmp(trees);
      await expectSame(trees);
    },
  );
});

describeWith(['root', 'tmpfs mount'], 'a destination that fills up before the file is complete', () => {
  test('ends the run, and no part of the file stays', async ({ memoryTrees: trees }) => {
    writeLarge(sourceOf(trees));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=50m', 'tmpfs', trees.destination]);
    try {
      const { stderr } = await sync(trees, [], { status: 11 });
      expect(stderr).toMatch(/No space left on device/);
      expect(readdirSync(trees.destination)).toEqual([]);
    } finally {
      execFileSync('umount', [trees.destination]);
    }
  });
});
