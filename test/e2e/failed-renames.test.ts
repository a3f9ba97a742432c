/** `--track-renames` where a rename fails, or the run is killed: the file is copied, now or by the next run. */
import { spawnSync } from 'node:child_process';
import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { killAtRandom, momentsOf } from '../crash/kill.ts';
import { reportIn } from '../support/json-report.ts';
import { mirrored, move, TIME, TRACKING, WHOLE } from '../support/moves.ts';
import { readTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI, tracedEnvironment } from '../support/run-cli.ts';
import { expectSame, resetTrees, sync, test, type Trees } from '../support/scenario.ts';
import { SEED, seededRandom } from '../support/seed.ts';
import { dir, file } from '../support/tree.ts';

const MEDIUM = 'm'.repeat(700_000);

/** @param fault of every rename of `d/a` */
function syncWithFault(trees: Trees, fault: string, args: readonly string[] = []) {
  const faults = ['-e', `inject=${fault}`, '-P', join(trees.destination, 'd/a'), '-P', 'a'];
  const strace = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=renameat', ...faults];
  const ours = [process.execPath, CLI, ...TRACKING, ...args, '--json', trees.source, trees.destination];
  const { status, stdout } = spawnSync('strace', [...strace, ...ours], {
    env: tracedEnvironment(),
    encoding: 'utf8',
  });
  return { status, tally: reportIn(stdout).tally };
}

describeWith(['root', 'strace'], 'a move that goes wrong', () => {
  test.for(['renameat:error=EXDEV', 'renameat:error=EACCES', 'renameat:error=ENOENT'])(
    '%s: the file is copied',
    async (fault, { trees }) => {
      await mirrored(trees, { d: dir({ a: file(MEDIUM, TIME) }), e: dir(), b: file('b', TIME) });
      move(trees, 'd/a', 'e/new');
      const { status, tally } = syncWithFault(trees, fault);
      expect(status).toBe(0);
      expect(tally).toMatchObject({ filesMoved: 0, filesToMove: 0, filesTransferred: 1, entriesDeleted: 1 });
      await expectSame(trees);
    },
  );

  test('is a deletion, and counts against the limit', async ({ trees }) => {
    await mirrored(trees, { d: dir({ a: file(MEDIUM, TIME) }), e: dir() });
    move(trees, 'd/a', 'e/new');
    const { status, tally } = syncWithFault(trees, 'renameat:error=EXDEV', ['--max-delete=0']);
    expect(status).toBe(25);
    expect(tally).toMatchObject({ filesMoved: 0, filesTransferred: 1, entriesDeleted: 0 });
    await expectSame(trees, { keepsExtraneous: true, ignoresDirectoryMtime: true });
    expect(existsSync(join(trees.destination, 'd/a'))).toBe(true);
  });

  test('after SIGKILL the next run ends it', async ({ memoryTrees: trees }) => {
    const random = seededRandom(SEED);
    const begin = async (): Promise<void> => {
      resetTrees(trees);
      await mirrored(trees, {
        d: dir({ a: file(MEDIUM, TIME), b: file('b', WHOLE), c: dir({ d: file('dd', TIME) }) }),
        e: dir({ f: file('fff', TIME) }),
      });
      move(trees, 'd', 'g');
      move(trees, 'e/f', 'f');
      utimesSync(join(trees.source, 'e'), 1, 1);
    };
    await begin();
    const moments = await momentsOf(trees, TRACKING);
    for (let round = 0; round < 5; round++) {
      await begin();
      await killAtRandom(trees, TRACKING, { moments, random });
      await sync(trees, TRACKING);
      await expectSame(trees);
      expect(
        [...(await readTree(trees.destination)).keys()].filter((path) => path.includes('efs-sync')),
      ).toEqual([]);
    }
  });
});
