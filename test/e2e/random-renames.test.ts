/** `--track-renames` among random moves, deletions, edits and imitations ends as rsync does. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { syncForReport } from '../support/json-report.ts';
import { TIME, TRACKING, WHOLE } from '../support/moves.ts';
import { compareTrees, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { rsync } from '../support/rsync.ts';
import { expectSame, resetTrees, test, type Trees } from '../support/scenario.ts';
import { SEED, seededRandom } from '../support/seed.ts';
import { file } from '../support/tree.ts';

const PATHS = ['a', 'b', 'c', 'd/a', 'd/b', 'd/e/a', 'd/e/b', 'f/a', 'f/g/a', 'f/g/b', 'h/a', 'h/i/j/a', 'k'];
const PLACES = [...PATHS, 'n', 'n/a', 'n/o', 'p/a', 'p/q/r', 'd', 'd/e', 'f', 'f/g', 'h/i', 's'];

/** Moves, deletes, edits and imitates what is there. @param fresh a new name for an imitation; undefined: its own */
function change({ source }: Trees, random: () => number, fresh: string | undefined): void {
  const pick = (): string => join(source, PLACES[Math.floor(random() * PLACES.length)] as string);
  const [from, to] = [pick(), pick()];
  if (!existsSync(from) || to === from || to.startsWith(`${from}/`)) return;
  const [kind, isFile] = [random(), statSync(from).isFile()];
  if (kind < 0.05) rmSync(from, { recursive: true });
  else if (kind < 0.12 && isFile) appendFileSync(from, 'more');
  else if (kind < 0.25 && isFile) imitate(from, fresh === undefined ? from : join(source, fresh));
  else if (!existsSync(to) && isFree(to)) {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  }
}

function isFree(path: string): boolean {
  for (let above = dirname(path); ; above = dirname(above)) {
    if (existsSync(above)) return statSync(above).isDirectory();
  }
}

/** Replaced by other content of the same size and, to the nanosecond, the same time. */
function imitate(from: string, to: string): void {
  const old = `${from}.old`;
  renameSync(from, old);
  writeFileSync(
    to,
    readFileSync(old).map((byte) => byte ^ 1),
  );
  execFileSync('touch', ['-r', old, to]);
  rmSync(old);
}

/** @param areAlike files may have the size and the time of others */
async function begin(trees: Trees, random: () => number, areAlike: boolean): Promise<void> {
  const times = [TIME, WHOLE, { mtimeNs: TIME.mtimeNs + 1n }, {}];
  for (const [index, path] of PATHS.entries()) {
    const anyTime = times[Math.floor(random() * times.length)];
    const time = areAlike ? anyTime : { mtimeNs: TIME.mtimeNs + BigInt(index) };
    const content = `${Math.floor(random() * 3)}`.repeat(10 + Math.floor(random() * 3));
    mkdirSync(dirname(join(trees.source, path)), { recursive: true });
    await writeTree(trees.source, { [path]: file(content, time) });
  }
  execFileSync('cp', ['-aT', trees.source, trees.destination]);
}

describeWith(['rsync'], 'random moves', () => {
  test('end as with rsync, and write little', async ({ memoryTrees: trees }) => {
    const random = seededRandom(SEED);
    let moved = 0;
    for (let round = 0; round < 8; round++) {
      resetTrees(trees);
      // What has the size and time of what it replaces is found by content alone.
      const areAlike = round % 2 === 0;
      const checksum = areAlike ? ['--checksum'] : [];
      await begin(trees, random, areAlike);
      for (let count = 0; count < 40; count++) {
        change(trees, random, areAlike ? undefined : `fresh-${count}`);
      }
      const expected = join(trees.directory, 'expected');
      rmSync(expected, { recursive: true, force: true });
      execFileSync('cp', ['-aT', trees.destination, expected]);
      rsync(trees.source, expected, ['--delete', '--checksum']);
      const planned = await syncForReport(trees, [...TRACKING, ...checksum, '-n']);
      const { tally } = await syncForReport(trees, [...TRACKING, ...checksum]);
      expect(await compareTrees(expected, trees.destination)).toEqual([]);
      await expectSame(trees);
      const { filesToMove, filesToTransfer, entriesToDelete } = tally;
      expect(tally).toMatchObject({
        filesMoved: filesToMove,
        filesTransferred: filesToTransfer,
        entriesDeleted: entriesToDelete,
      });
      // Which of several alike are compared with each other is not the same each time.
      if (!areAlike) expect(planned.tally).toMatchObject({ filesToMove, filesToTransfer, entriesToDelete });
      moved += tally['filesMoved'] as number;
    }
    expect(moved).toBeGreaterThan(10);
  });
});
