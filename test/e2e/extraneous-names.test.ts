/** `verify --delete` calls extraneous what rsync would delete. */
import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { test, verify } from '../support/scenario.ts';
import { dir, file, type Tree } from '../support/tree.ts';

const SAME_TIME = { mtimeNs: 1_700_000_000_000_000_000n };
const OWN_NAME = `.efs-sync-${'0'.repeat(32)}.tmp`;

function deletedByRsync(args: readonly string[]): string[] {
  const { stdout } = spawnSync('rsync', ['-a', '--delete', '-n', '-i', ...args], { encoding: 'utf8' });
  return [...stdout.matchAll(/^\*deleting +(.*?)\/?$/gm)].map(([, path]) => path as string).toSorted();
}

test.for<[said: string, source: Tree, destination: Tree, ...args: string[]]>([
  [
    'a file where the source has a directory that a rule excludes',
    { a: dir({}) },
    { a: file('x') },
    '--exclude=a/',
  ],
  [
    'a directory where the source has a file that a rule excludes',
    { a: file() },
    { a: dir({}, SAME_TIME) },
    '--exclude=/a',
  ],
  ['a name that is protected', {}, { a: file(), b: file() }, '--exclude=a'],
  [
    'a name that --delete-excluded does not protect',
    { a: file() },
    { a: file() },
    '--exclude=a',
    '--delete-excluded',
  ],
  ['a directory', {}, { d: dir({}) }],
  ['a directory with a protected name in it', {}, { d: dir({ a: file(), b: file() }) }, '--exclude=a'],
])('%s', async ([, source, destination, ...args], { trees }) => {
  await writeTree(trees.source, source, SAME_TIME);
  await writeTree(trees.destination, destination, SAME_TIME);
  const deleted = deletedByRsync([...args, `${trees.source}/`, trees.destination]);
  const { stdout } = await verify(trees, ['--delete', '--json', ...args], {
    status: deleted.length === 0 ? 0 : 40,
  });
  const verdicts = reportIn(stdout).verdicts.map((verdict) => `${verdict.class}: ${verdict.path}`);
  expect(verdicts.toSorted()).toEqual(deleted.map((path) => `extraneous: ${path}`));
});

test.for([[], ['--exclude=none']])(
  'a directory that holds only leftovers of a killed run: %s',
  async (args, { trees }) => {
    await writeTree(trees.source, {}, SAME_TIME);
    await writeTree(trees.destination, { d: dir({ [OWN_NAME]: file() }) }, SAME_TIME);
    const { stdout } = await verify(trees, ['--delete', '--json', ...args], { status: 40 });
    const [verdict, ...others] = reportIn(stdout).verdicts;
    expect(others).toEqual([]);
    expect(verdict).toMatchObject({ class: 'extraneous', path: expect.stringMatching(/^d(\/|$)/) as string });
  },
);
