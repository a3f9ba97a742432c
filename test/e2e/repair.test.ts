/** `--repair`: what verification finds different is copied once more, and counts only if it is still different. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { repairsOf, rot, syncAltering, TREE } from '../support/repairs.ts';
import { runCli } from '../support/run-cli.ts';
import { expectSame, sync, test } from '../support/scenario.ts';

/** Of a manifest, without the line about the run. */
function entriesIn(manifest: string): string[] {
  return readFileSync(manifest, 'utf8').trimEnd().split('\n').slice(1).toSorted();
}

describe('content that rotted before the run', () => {
  test('is repaired, and nothing else is written', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    await sync(trees);
    rot(trees, 'a');
    rot(trees, 'd/f');
    const untouched = statSync(join(trees.destination, 'd/g')).ino;
    const { stdout, stderr } = await sync(trees, ['--repair']);
    await expectSame(trees);
    execFileSync('cmp', [join(trees.source, 'd/f'), join(trees.destination, 'd/f')]);
    expect(statSync(join(trees.destination, 'd/g')).ino).toBe(untouched);
    expect(stdout).toMatch(/^Success: nothing to transfer, after the repair of 2 paths$/m);
    expect(stdout).toMatch(/^ {2}Repaired +2 paths, verified again$/m);
    expect(stdout).toMatch(/^Repaired: 2 paths\n {2}content mismatch: a: content differs\n/m);
    expect(stdout).toMatch(/somebody changed the repaired paths/);
    expect(stderr).toMatch(/efs-sync: repaired: content mismatch: d\/f: content differs/);
  });

  test('is told by every kind of report, and by -q', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    await sync(trees);
    rot(trees, 'd/f');
    const log = join(trees.directory, 'log');
    const page = join(trees.directory, 'page.html');
    const args = ['--repair', '--json', `--log-file=${log}`, `--report=${page}`];
    const report = reportIn((await sync(trees, args)).stdout);
    expect(report).toMatchObject({
      repairCounts: { 'content mismatch': 1 },
      repairs: [{ class: 'content mismatch', path: 'd/f' }],
      verdicts: [],
      settings: { repair: true },
    });
    const schema = JSON.parse(
      readFileSync(new URL('../../dist/report.schema.json', import.meta.url), 'utf8'),
    ) as object;
    const validate = new Ajv({ formats: { 'date-time': true } }).compile(schema);
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(readFileSync(log, 'utf8')).toMatch(/repaired: content mismatch: d\/f/);
    expect(readFileSync(page, 'utf8')).toMatch(/<h2>Repaired<\/h2>/);
    rot(trees, 'd/f');
    const { stdout, stderr } = await sync(trees, ['--repair', '-q']);
    expect(stdout).toBe('');
    expect(stderr).toBe('efs-sync: repaired: content mismatch: d/f: content differs\n');
  });

  test('with --manifest each path is listed once, as it is in the end', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    await sync(trees);
    rot(trees, 'd/f');
    const [first, second] = ['one', 'two'].map((name) => join(trees.directory, name)) as [string, string];
    await sync(trees, ['--repair', `--manifest=${first}`]);
    await sync(trees, [`--manifest=${second}`]);
    expect(entriesIn(first)).toEqual(entriesIn(second));
  });

  test('of a file with several names stays one file', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    execFileSync('ln', [join(trees.source, 'a'), join(trees.source, 'd/name')]);
    await sync(trees);
    rot(trees, 'a');
    await sync(trees, ['--repair']);
    await expectSame(trees);
    const inodes = ['a', 'd/name'].map((path) => statSync(join(trees.destination, path)).ino);
    expect(new Set(inodes).size).toBe(1);
  });

  test('of one file given as source', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    const args = [join(trees.source, 'a'), `${trees.destination}/`];
    await runCli(args);
    rot(trees, 'a');
    const { status, stdout } = await runCli([...args, '--repair']);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/after the repair of 1 path$/m)]);
    expect(readFileSync(join(trees.destination, 'a'), 'utf8')).toBe('one');
  });

  test('below -R, and in what a list selects', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    const relative = [`${trees.source}/./d`, trees.destination, '-R'];
    await runCli(relative);
    rot(trees, 'd/f');
    expect((await runCli([...relative, '--repair'])).status).toBe(0);
    rot(trees, 'd/f');
    const list = join(trees.directory, 'list');
    writeFileSync(list, 'd/f\nd/e/h\n');
    writeFileSync(join(trees.source, 'd/e/not-listed'), 'x');
    const result = await syncAltering(
      trees,
      () => rmSync(join(trees.destination, 'd/e'), { recursive: true }),
      {
        'files-from': list,
      },
    );
    expect(result.exitStatus).toBe(0);
    expect(repairsOf(result)).toEqual(expect.arrayContaining(['content mismatch: d/f', 'missing: d/e']));
    expect(readdirSync(join(trees.destination, 'd/e'))).toEqual(['h']);
  });
});

test.for([
  [['-n'], /--dry-run/],
  [['-b'], /--backup would keep that/],
  [['--backup-dir=bk'], /--backup would keep that/],
  [['--verify=none'], /--verify=none verifies nothing/],
  [['--prune-empty-dirs'], /--prune-empty-dirs/],
] as const)('refused with %j', async ([args, reason], { trees }) => {
  expect((await sync(trees, ['--repair', ...args], { status: 1 })).stderr).toMatch(reason);
});

test('verify refuses it, as it writes nothing', async ({ trees }) => {
  const { status, stderr } = await runCli(['verify', trees.source, trees.destination, '--repair']);
  expect([status, stderr]).toEqual([1, expect.stringContaining('writes nothing')]);
});
