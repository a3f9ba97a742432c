/** --prune-empty-dirs leaves out directories that hold nothing but directories, at any depth and in any number. */
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectAsRsync, OLD } from '../support/as-rsync.ts';
import { leftIn, syncForReport, verifyForReport } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { giveToNobody, sync, test, verify, type Trees } from '../support/scenario.ts';
import { dir, fifo, file, symlink, type Tree } from '../support/tree.ts';

const SOURCE: Tree = {
  empty: dir({ deeper: dir({ deepest: dir({}, OLD), other: dir({}, OLD) }, OLD) }, OLD),
  way: dir({ aside: dir({}, OLD), to: dir({ file: dir({ a: file('x', OLD) }, OLD) }, OLD) }, OLD),
  'only-log': dir({ sub: dir({ 'a.log': file('x', OLD) }, OLD) }, OLD),
  'only-link': dir({ link: symlink('nowhere', OLD) }, OLD),
  'only-pipe': dir({ pipe: fifo(OLD) }, OLD),
  'only-large': dir({ large: file('x'.repeat(100), OLD) }, OLD),
};
const DESTINATION: Tree = {
  empty: dir({ deeper: dir({ mine: file('y', OLD) }, OLD) }, OLD),
  'only-log': dir({ 'mine.log': file('y', OLD) }, OLD),
  stray: dir({}, OLD),
};

async function paths(trees: Trees): Promise<string[]> {
  return [...(await readTree(trees.destination)).keys()].filter((path) => path !== '');
}

describeWith(['rsync'], 'beside rsync', () => {
  test.for<[string[]]>([
    [['-m']],
    [['-m', '--delete']],
    [['-m', '--exclude=*.log']],
    [['-m', '--exclude=*.log', '--delete']],
    [['-m', '--exclude=*.log', '--delete-excluded']],
    [['-m', '--include=*/', '--include=a', '--exclude=*', '--delete']],
    [['-m', '--max-size=50']],
    [['-m', '--existing']],
  ])('%j', async ([args], { trees }) => {
    await expectAsRsync(trees, args, { source: SOURCE, destination: DESTINATION });
  });
});

test('what is left out is counted, and no proof of everything', async ({ trees }) => {
  await writeTree(trees.source, SOURCE);
  const report = await syncForReport(trees, ['-m', '-D']);
  expect(leftIn(report)).toEqual({ empty: 2 });
  expect(report.coverage.scope).toBe('asked for');
  const { stdout } = await sync(trees, ['-m', '-D']);
  expect(stdout).toContain('2 empty directories (--prune-empty-dirs)');
  await verify(trees, ['-D'], { status: 40 });
  const { verdicts } = await verifyForReport(trees, ['-m', '-D', '--no-delete']);
  expect(verdicts).toEqual([]);
});

test('verify --delete reports an empty directory that the destination has', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x', OLD), empty: dir({}, OLD) }, OLD);
  await sync(trees);
  await verify(trees, ['-m']);
  expect((await verify(trees, ['-m', '--delete'], { status: 40 })).output).toMatch(/extraneous: empty/);
});

test('a source of empty directories deletes nothing', async ({ trees }) => {
  await writeTree(trees.source, { empty: dir({ deeper: dir() }) });
  await writeTree(trees.destination, { mine: file('x') });
  await sync(trees, ['-m', '--delete'], { status: 3 });
  expect(await paths(trees)).toEqual(['mine']);
});

test('a directory that holds only what its mark leaves out is empty', async ({ trees }) => {
  const cache = dir({ '.tag': file('', OLD), a: file('x', OLD) }, OLD);
  await writeTree(trees.source, { way: dir({ cache }, OLD), b: file('x', OLD) }, OLD);
  const report = await syncForReport(trees, ['-m', '--exclude-if-present=.tag']);
  expect(leftIn(report)).toEqual({ empty: 1 });
  expect(await paths(trees)).toEqual(['b']);
  await verify(trees, ['-m', '--exclude-if-present=.tag', '--delete']);
});

test('deep trees', async ({ trees }) => {
  const chain = (root: string, end: string) =>
    `import os\nos.chdir(${JSON.stringify(trees.source)})\nos.mkdir('${root}'); os.chdir('${root}')\n` +
    `for _ in range(300):\n  os.mkdir('d'); os.mkdir('e'); os.chdir('d')\n${end}`;
  execFileSync('python3', ['-c', chain('empty', '')]);
  execFileSync('python3', ['-c', chain('full', "open('a', 'w').close()")]);
  const report = await syncForReport(trees, ['-m']);
  expect(leftIn(report)).toEqual({ empty: 301 });
  expect(report.tally).toMatchObject({ sourceFiles: 1, sourceDirectories: 301 });
  await verify(trees, ['-m', '--delete']);
});

test('wide trees', async ({ trees }) => {
  const script =
    'cd "$1" && mkdir -p d{0..99}/e{0..99}/f && for i in {0..99..7}; do echo x > d$i/e$i/f/a; done';
  execFileSync('bash', ['-c', script, 'bash', trees.source]);
  const report = await syncForReport(trees, ['-m', '--concurrency=64']);
  expect(leftIn(report)).toEqual({ empty: 85 + 15 * 99 });
  expect(await paths(trees)).toHaveLength(15 * 4);
  await verify(trees, ['-m', '--delete']);
});

describeWith(['root'], 'for another user', () => {
  test('a directory that cannot be listed is kept, and told', async ({ trees }) => {
    await writeTree(trees.source, { locked: dir({ deeper: dir() }), a: file('x') });
    giveToNobody(trees);
    chmodSync(join(trees.source, 'locked'), 0);
    const { output } = await sync(trees, ['-m'], { asNobody: true, status: 23 });
    expect(output).toMatch(/cannot list .*locked/);
    expect(await paths(trees)).toEqual(['a', 'locked']);
  });
});
