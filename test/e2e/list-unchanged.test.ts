/** `-ii` also lists entries that need nothing, as rsync does on the same trees. */
import { expect } from 'vitest';
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { writeTree } from '../support/oracle.ts';
import { expectSame, sync, test, type Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

async function writeTrees({ source, destination }: Trees): Promise<void> {
  await writeTree(source, {
    changed: file('changed'),
    first: file('linked'),
    link: symlink('same'),
    mode: file('mode'),
    same: file('same'),
    sub: dir({ z: file('z'), empty: dir({}) }),
  });
  linkSync(join(source, 'first'), join(source, 'sub', 'second'));
  linkSync(join(source, 'first'), join(source, 'third'));
  execFileSync('cp', ['-a', `${source}/.`, destination]);
  await writeTree(source, { new: file('new') });
  chmodSync(join(destination, 'mode'), 0o600);
  await writeTree(destination, { changed: file('an older text') });
  // rsync compares whole seconds.
  for (const [at, path] of [destination, source, join(destination, 'changed')].entries()) {
    utimesSync(path, 1e9 + at, 1e9 + at);
  }
}

function linesOf(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => /^[.<>ch*][fdLSDe][ .+a-zT]{9} /.test(line))
    .toSorted();
}

function rsyncLines({ source, destination }: Trees, ...args: string[]): string[] {
  const run = ['-aHn', ...args, `${source}/`, `${destination}/`];
  return linesOf(execFileSync('rsync', run, { encoding: 'utf8' }));
}

test.for([[], ['-c'], ['--out-format=%i %n%L'], ['--size-only']])('-ii %j', async (args, { trees }) => {
  await writeTrees(trees);
  const expected = rsyncLines(trees, '-ii', ...args);
  expect(expected).toContain('.f          same');
  const planned = linesOf((await sync(trees, ['-aHnii', ...args])).stdout);
  expect(planned).toEqual(expected);
  const done = linesOf((await sync(trees, ['-aH', '-i', '--itemize-changes', ...args])).stdout);
  expect(done).toEqual(expected);
});

test('a tree that needs nothing is listed whole, with -H too, and -i lists nothing', async ({ trees }) => {
  await writeTrees(trees);
  await sync(trees, ['-aH']);
  const expected = rsyncLines(trees, '-ii');
  expect(expected).toHaveLength(12);
  expect(linesOf((await sync(trees, ['-aHii'])).stdout)).toEqual(expected);
  expect(linesOf((await sync(trees, ['-aHn', '--itemize-unchanged'])).stdout)).toEqual(expected);
  for (const args of [['-i'], ['-ii', '--no-i'], ['-ii', '--out-format=%n']]) {
    expect((await sync(trees, ['-aH', ...args])).stdout).not.toMatch(/^.*same$/m);
  }
  await expectSame(trees);
});

test('the report of a dry run has only changes, and --json and the log have all', async ({ trees }) => {
  await writeTrees(trees);
  const [report, log] = ['r.json', 'log'].map((name) => join(trees.source, '..', name)) as [string, string];
  const { stdout } = await sync(trees, ['-nii', '--json', `--report=${report}`, `--log-file=${log}`]);
  expect(stdout).toMatch(/"itemized":"\.f {9}","path":"same"/);
  expect(readFileSync(log, 'utf8')).toMatch(/\.f {10}same$/m);
  const { changes } = JSON.parse(readFileSync(report, 'utf8')) as { changes: { path: string }[] };
  expect(changes.map(({ path }) => path)).toContain('mode');
  expect(changes.map(({ path }) => path)).not.toContain('same');
});
