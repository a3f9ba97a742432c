/** `--track-renames` where a rename fails, or the run is killed: the file is copied, now or by the next run. */
import { execFileSync } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { killAtRandom, momentsOf } from '../crash/kill.ts';
import { reportIn } from '../support/json-report.ts';
import { mirrored, move, TIME, TRACKING, WHOLE } from '../support/moves.ts';
import { readTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI, tracedEnvironment } from '../support/run-cli.ts';
import { expectSame, resetTrees, sync, test } from '../support/scenario.ts';
import { SEED, seededRandom } from '../support/seed.ts';
import { dir, file } from '../support/tree.ts';

const MEDIUM = 'm'.repeat(700_000);

describeWith(['root', 'strace'], 'a move that goes wrong', () => {
  test.for(['renameat:error=EXDEV', 'renameat:error=EACCES', 'renameat:error=ENOENT'])(
    '%s: the file is copied',
    async (fault, { trees }) => {
      await mirrored(trees, { d: dir({ a: file(MEDIUM, TIME) }), e: dir(), b: file('b', TIME) });
      move(trees, 'd/a', 'e/new');
      const faults = ['-e', `inject=${fault}`, '-P', join(trees.destination, 'd/a'), '-P', 'a'];
      const args = [...TRACKING, '--json', trees.source, trees.destination];
      const strace = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=renameat', ...faults];
      const stdout = execFileSync('strace', [...strace, process.execPath, CLI, ...args], {
        env: tracedEnvironment(),
        encoding: 'utf8',
      });
      expect(reportIn(stdout).tally).toMatchObject({
        filesMoved: 0,
        filesToMove: 0,
        filesTransferred: 1,
        entriesDeleted: 1,
      });
      await expectSame(trees);
    },
  );

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
