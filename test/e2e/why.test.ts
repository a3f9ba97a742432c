/** `efs-sync why` tells of each path what rsync's dry run would do. */
import { dirname } from 'node:path';
import { expect } from 'vitest';
import { readTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { itemizedLines, rsync } from '../support/rsync.ts';
import { test, type Trees } from '../support/scenario.ts';
import { explain, writeTrees } from '../support/why.ts';

/**
 * What is done by rsync's letters: directories have no slash. Its dry run tells of directories that would not be empty.
 */
function doneByRsync(trees: Trees, args: readonly string[], there: readonly string[]): Map<string, string> {
  const lines = itemizedLines(rsync(trees.source, trees.destination, ['-n', '-i', ...args]));
  const done = new Map(
    lines.map((line) => {
      const [letters, path] = [line.slice(0, 11), line.slice(12).replace(/ -> .*/, '')];
      const how = letters.startsWith('*deleting') ? 'delete' : letters.startsWith('.') ? 'adjust' : 'copy';
      return [path.replace(/(?<=.)\/$/, ''), how];
    }),
  );
  for (const path of there) {
    if (done.get(path) === 'delete') continue;
    for (let at = path; at.includes('/'); at = dirname(at)) {
      if (done.get(dirname(at)) === 'delete') done.delete(dirname(at));
    }
  }
  return done;
}

const DONE: Readonly<Record<string, string>> = {
  copy: 'copy',
  'copy again': 'copy',
  adjust: 'adjust',
  delete: 'delete',
};

describeWith(['rsync'], 'what is done to each path of both trees is what rsync would do', () => {
  test.for<readonly string[]>([
    [],
    ['--delete'],
    ['--delete', '--exclude=*.o'],
    ['--delete', '--exclude=/logs', '--exclude=*.log'],
    ['--delete', '--exclude=*.o', '--exclude=*.log', '--delete-excluded'],
    ['--delete', '--exclude=logs/deep', '--delete-excluded'],
    ['--delete', '--filter=P *.o', '--filter=H *.log', '--filter=R x.o'],
    ['--delete', '--filter=-p *.o'],
    ['--delete', '-F'],
    ['--delete', '--include=*/', '--include=*.c', '--exclude=*'],
    ['--existing', '--delete'],
    ['--ignore-existing'],
    ['--update'],
    ['--size-only'],
    ['--ignore-times'],
    ['--checksum'],
    ['--max-size=5'],
    ['--min-size=5'],
    ['--no-perms', '--no-times'],
    ['--safe-links'],
    ['--prune-empty-dirs', '--delete'],
    ['--chmod=Fg+w'],
    ['-O', '-J', '--delete'],
  ])('%j', async (args, { trees }) => {
    await writeTrees(trees);
    const there = [...(await readTree(trees.destination)).keys()];
    const asked = [...new Set([...(await readTree(trees.source)).keys(), ...there])].filter(
      (path) => path !== '' && path !== '.',
    );
    const told = await explain(trees, asked, args);
    const done = told.flatMap(({ path, decision }) => {
      const each = DONE[decision];
      return each === undefined ? [] : [[path, each]];
    });
    const expected = [...doneByRsync(trees, args, there)].filter(([path]) => path !== '.');
    expect(told).toHaveLength(asked.length);
    expect(Object.fromEntries(done)).toEqual(Object.fromEntries(expected));
  });
});
