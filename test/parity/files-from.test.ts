/** Which paths a --files-from list selects, compared with what rsync lists of the same tree. */
import fc from 'fast-check';
import pLimit from 'p-limit';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { parseFilesFrom } from '../../src/policy/filter/parse-lists.ts';
import { compileFilter } from '../../src/policy/filter/filter.ts';
import { packPaths } from '../../src/policy/filter/path-keys.ts';
import { selectPaths } from '../../src/policy/filter/path-selection.ts';
import { describeWith } from '../support/requirements.ts';
import { test, type Trees } from '../support/scenario.ts';

interface Case {
  readonly list: string;
  readonly recursive: boolean;
  readonly exclude: string;
}

function makeTree(directory: string, depth: number): void {
  for (const name of ['f', '#', 'a!']) writeFileSync(`${directory}/${name}`, '');
  for (const name of depth === 0 ? [] : ['a', 'a-b', 'b']) {
    mkdirSync(`${directory}/${name}`);
    makeTree(`${directory}/${name}`, depth - 1);
  }
}

async function listWithRsync(
  { directory, source }: Trees,
  { list, recursive, exclude }: Case,
): Promise<string[]> {
  const file = join(mkdtempSync(join(directory, 'list-')), 'list');
  writeFileSync(file, list);
  const options = ['-dn', '--out-format=%n', `--files-from=${file}`, `--exclude=${exclude}`];
  const args = [...options, ...(recursive ? ['-r'] : []), `${source}/`, join(directory, 'none')];
  const { stdout } = await promisify(execFile)('rsync', args);
  return [...new Set(stdout.split('\n').filter((line) => line !== '' && line !== './'))].toSorted();
}

function listWithSelection({ source }: Trees, { list, recursive, exclude }: Case): string[] {
  const filter = compileFilter([{ action: 'exclude', pattern: exclude }]);
  const packed = packPaths(parseFilesFrom([list], false), recursive);
  const selection = selectPaths(packed, recursive, (path) => filter?.isExcluded(path, true) === true);
  const listed: string[] = [];
  const visit = (directory: string): void => {
    const entries = readdirSync(join(source, directory), { withFileTypes: true });
    const whole = selection.isWhole(directory);
    const children = new Set(selection.childrenOf(directory));
    for (const entry of entries.filter(({ name }) => whole || children.has(name))) {
      const path = join(directory, entry.name);
      if (filter?.isExcluded(path, entry.isDirectory()) && !selection.isOnTheWay(path)) continue;
      listed.push(entry.isDirectory() ? `${path}/` : path);
      if (entry.isDirectory()) visit(path);
    }
  };
  visit('');
  return listed.toSorted();
}

const EXCLUDE_NOTHING = '/nothing';
const TRICKY = [
  ...['.', '/', './', 'a', 'a/', 'a/.', '/a', 'a/\na', 'a/b/f', 'a//b/f', './a/b', 'a-b/\na\na!', ''],
  ...['#\n./#', ';f\nf', '# f\r\na/f\r\n\r\nb', 'a/f\rb/f', 'a/b/\na/b/a/f\nb/f/', './\na/b/f'],
];

const directories = fc.array(fc.constantFrom('a', 'a-b', 'b'), { maxLength: 3 });
function listOfPaths(...lastNames: string[]): fc.Arbitrary<string> {
  const path = fc
    .tuple(directories, fc.constantFrom(...lastNames))
    .map(([names, last]) => [...names, last].join('/'));
  return fc.array(path, { maxLength: 5 }).map((paths) => paths.join('\n'));
}

const unfiltered: fc.Arbitrary<Case> = fc.record({
  list: listOfPaths('f', '#', 'a!', '', '.'),
  recursive: fc.boolean(),
  exclude: fc.constant(EXCLUDE_NOTHING),
});
const filtered: fc.Arbitrary<Case> = fc.record({
  list: listOfPaths('f', 'a!', '.'),
  recursive: fc.boolean(),
  exclude: fc.constantFrom('/a/b', 'b', 'f', 'a/', '/b/**', 'b/*'),
});

/**
 * rsync creates no directory for an excluded path alone. The walk knows what is excluded, the selection does
 * not.
 */
function withoutEmptyDirectories(paths: readonly string[]): string[] {
  return paths.filter((path) => !path.endsWith('/') || paths.some((other) => isFileBelow(path, other)));
}

function isFileBelow(directory: string, path: string): boolean {
  return path.startsWith(directory) && !path.endsWith('/');
}

async function expectSameLists(
  trees: Trees,
  cases: readonly Case[],
  normalize = (paths: string[]): string[] => paths,
): Promise<void> {
  makeTree(trees.source, 3);
  const expected = await pLimit(4).map(cases, (one) => listWithRsync(trees, one));
  for (const [index, one] of cases.entries()) {
    const paths = normalize(listWithSelection(trees, one));
    expect({ ...one, paths }).toEqual({ ...one, paths: normalize(expected[index] ?? []) });
  }
}

describeWith(['rsync'], 'a list of files selects what rsync selects', () => {
  test('for tricky lists', async ({ memoryTrees }) => {
    const cases = TRICKY.flatMap((list) =>
      [true, false].map((recursive) => ({ list, recursive, exclude: EXCLUDE_NOTHING })),
    );
    await expectSameLists(memoryTrees, cases);
  });

  test('for random lists', async ({ memoryTrees }) => {
    await expectSameLists(memoryTrees, fc.sample(unfiltered, { seed: 20_260_102, numRuns: 60 }));
  });

  test('with a filter, which does not exclude the parents of a listed path', async ({ memoryTrees }) => {
    const cases = fc.sample(filtered, { seed: 20_260_103, numRuns: 40 });
    await expectSameLists(memoryTrees, cases, withoutEmptyDirectories);
  });
});
