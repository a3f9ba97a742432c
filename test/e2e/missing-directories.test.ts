/**
 * A directory missing from the destination is one difference, with counts of everything that the source has
 * in it.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { giveToNobody, sync, test, verify } from '../support/scenario.ts';
import { dir, file, symlink, type Tree } from '../support/tree.ts';

/** Counts the entries below a directory with find(1). */
function found(root: string, ...kind: string[]): number {
  return execFileSync('find', [root, '-mindepth', '1', ...kind, '-printf', 'x'], { encoding: 'utf8' }).length;
}

function wide(count: number): Tree {
  const directories = Array.from({ length: count }, (_, index) => [
    `d${index}`,
    dir({ a: file('a'), l: symlink('a'), deep: dir({ b: file('b'), empty: dir({}) }) }),
  ]);
  return Object.fromEntries(directories) as Tree;
}

interface Missing {
  readonly missingBelow: object;
  readonly verdictCounts: Readonly<Record<string, number>>;
  readonly verdicts: readonly { path: string; class: string; detail: string; below?: object }[];
}

test('in all directories of a tree, by workers, and in one', async ({ trees }) => {
  await writeTree(trees.source, { all: dir(wide(300)), one: dir(wide(1)), empty: dir({}), f: file('f') });
  await sync(trees);
  for (const name of ['all', 'one', 'empty', 'f']) rmSync(join(trees.destination, name), { recursive: true });
  const { stdout } = await verify(trees, ['--json'], { status: 40 });
  const report = reportIn(stdout) as unknown as Missing;
  const below = (name: string) => ({
    directories: found(join(trees.source, name), '-type', 'd'),
    others: found(join(trees.source, name), '!', '-type', 'd'),
    unlisted: 0,
  });
  const [all, one] = [below('all'), below('one')];
  const missing = report.verdicts.filter((verdict) => verdict.class === 'missing');
  expect(Object.fromEntries(missing.map((verdict) => [verdict.path, verdict.below]))).toEqual({
    all,
    one,
    empty: undefined,
    f: undefined,
  });
  expect(report.verdictCounts['missing']).toBe(4);
  expect(report.missingBelow).toEqual({
    directories: all.directories + one.directories,
    others: all.others + one.others,
    unlisted: 0,
  });
  expect(missing.find(({ path }) => path === 'one')?.detail).toBe(
    'not at the destination; it contains 3 directories and 3 files and other entries',
  );
});

test('at an empty destination, in text; excluded entries are not missing', async ({ trees }) => {
  await writeTree(trees.source, wide(10));
  const { stdout } = await verify(trees, ['--exclude=l', '--exclude=/d0/deep'], { status: 40 });
  expect(stdout).toMatch(
    /^ {2}Missing +10 paths, containing 18 directories and 19 files and other entries$/m,
  );
});

test('entries that --existing leaves alone are not counted', async ({ trees }) => {
  await writeTree(trees.source, wide(2));
  await sync(trees, ['--existing']);
  expect((await verify(trees, ['--existing'])).stdout).not.toContain('Missing');
});

describeWith(['another user'], 'not root', () => {
  test('a subdirectory that cannot be listed is reported, but not as a separate difference', async ({
    trees,
  }) => {
    await writeTree(trees.source, { d: dir({ closed: dir({ f: file('f') }, { mode: 0 }), f: file('f') }) });
    giveToNobody(trees);
    const { stdout } = await verify(trees, ['--json'], { asNobody: true, status: 40 });
    const report = reportIn(stdout) as unknown as Missing;
    const missing = report.verdicts.filter(({ path }) => path.startsWith('d'));
    expect(missing).toMatchObject([
      { path: 'd', class: 'missing', below: { directories: 1, others: 1, unlisted: 1 } },
    ]);
  });
});
