/** Programs import the package by name, and get the same results as the command line. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { cleanEnvironment } from '../support/run-cli.ts';
import { expectSame, test, type Trees } from '../support/scenario.ts';

const PROGRAM = fileURLToPath(new URL('../support/use-package.mjs', import.meta.url));
const [README, PAGE] = ['README.md', 'docs/api.md'].map((page) =>
  readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8'),
) as [string, string];
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function node(args: readonly string[]) {
  const run = spawnSync(process.execPath, args, { cwd: ROOT, env: cleanEnvironment(), encoding: 'utf8' });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

function use(command: 'sync' | 'verify', trees: Trees, options: Readonly<Record<string, unknown>>) {
  return node([PROGRAM, command, trees.source, trees.destination, JSON.stringify(options)]);
}

function used(...given: Parameters<typeof use>): unknown {
  const { stdout, stderr } = use(...given);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test('sync copies and proves it', async ({ trees }) => {
  writeFileSync(join(trees.source, 'a'), 'content');
  expect(used('sync', trees, {})).toEqual({ status: 'Success', exitStatus: 0, differing: [] });
  await expectSame(trees);
});

test('verify reads content', ({ trees }) => {
  writeFileSync(join(trees.source, 'a'), 'content');
  used('sync', trees, { verify: 'none' });
  writeFileSync(join(trees.destination, 'a'), 'CONTENT');
  const expected = { status: 'Verification failure', exitStatus: 40, differing: ['a'] };
  expect(used('verify', trees, {})).toEqual(expected);
});

test.for([
  [{ verfy: 'full' }, "there is no key 'verfy' (did you mean 'verify'?)"],
  [{ verify: 'ful' }, "'verify'"],
  [{ delete: 'yes' }, "'delete' must be true or false"],
  [{ retries: -1 }, "'retries'"],
  [{ quiet: true }, "'quiet' works only on the command line"],
  [{ filters: [{ excude: 'a' }] }, "there is no key 'excude' (did you mean 'exclude'?)"],
] as const)('%j is refused', ([options, message], { trees }) => {
  writeFileSync(join(trees.source, 'a'), 'content');
  const { status, stderr, stdout } = use('sync', trees, options);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain('UsageError');
  expect(stderr).toContain(message);
});

test('two runs at once count each for itself', ({ trees }) => {
  const [one, two] = [join(trees.source, 'ü'), join(trees.source, 'two')];
  for (const directory of [one, two]) mkdirSync(directory);
  for (const name of ['a', 'b', 'c']) writeFileSync(join(one, name), name);
  writeFileSync(join(two, 'a'), 'a');
  const roots = [one, two].map((source, at) => [source, join(trees.destination, String(at))]);
  const code = `import { sync } from 'efs-sync';
    const stop = AbortSignal.abort();
    const runs = ${JSON.stringify(roots)}.map(([from, to]) => sync(from, to, { timeout: 60 }));
    const ends = await Promise.all(runs);
    const stopped = await sync(...${JSON.stringify(roots[0])}, { signal: stop }).then((end) => end.exitStatus, (error) => error.name);
    console.log(JSON.stringify([...ends.map(({ report, exitStatus }) => [exitStatus, report.tally.sourceEntries]), stopped]));`;
  const { stdout, stderr } = node(['--input-type=module', '-e', code]);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual([[0, 3], [0, 1], 20]);
});

function examplesIn(page: string): [string][] {
  return Array.from(page.matchAll(/^```js\n([\s\S]*?)^```$/gm), ([, code = '']) => [code]);
}

test('why takes paths as strings or bytes, and refuses others', ({ trees }) => {
  for (const name of ['a', 'b.tmp']) writeFileSync(join(trees.source, name), name);
  const code = `import { why } from 'efs-sync';
    const roots = ${JSON.stringify([trees.source, trees.destination])};
    const told = await why(['a', Buffer.from('b.tmp')], ...roots, { exclude: ['*.tmp'] });
    const refused = async (paths) => why(paths, ...roots).then(() => 'none', (error) => error.name);
    console.log(JSON.stringify([...told.map(({ path, decision }) => [path, decision]),
      await refused(['../x']), await refused([1]), await refused('a')]));`;
  const { stdout, stderr } = node(['--input-type=module', '-e', code]);
  expect(stderr).toBe('');
  const errors = ['UsageError', 'UsageError', 'UsageError'];
  expect(JSON.parse(stdout)).toEqual([['a', 'copy'], ['b.tmp', 'leave out'], ...errors]);
});

const EXAMPLES = examplesIn(PAGE);

test('docs/api.md has five examples, README one', () => {
  expect([EXAMPLES.length, examplesIn(README).length]).toEqual([5, 1]);
});

test('events come in order, and leaving the loop stops the run', ({ trees }) => {
  for (const name of ['a', 'b']) writeFileSync(join(trees.source, name), 'x'.repeat(200_000));
  const code = `import { follow } from 'efs-sync';
    const roots = ${JSON.stringify([trees.source, trees.destination])};
    for await (const { type } of follow(...roots, { bwlimit: '100' })) if (type === 'phaseEnded') break;
    const types = [];
    const events = follow(...roots);
    let next = await events.next();
    for (; !next.done; next = await events.next()) types.push(next.value.type);
    const failed = await follow('/nowhere', roots[1]).next().then(() => 'none', (error) => error.name);
    console.log(JSON.stringify([next.value.exitStatus, next.value.report.tally.filesTransferred, types[0], types.at(-1), failed]));`;
  const { stdout, stderr } = node(['--input-type=module', '-e', code]);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual([0, 2, 'started', 'finished', 'LocationError']);
});

test.for([...examplesIn(README), ...EXAMPLES])('an example runs: %s', ([code], { trees }) => {
  writeFileSync(join(trees.source, 'a'), 'content');
  const here = code.replaceAll('/mnt/nas', trees.source).replaceAll('/mnt/efs', trees.destination);
  const { status, stdout } = node(['--input-type=module', '-e', here]);
  expect([status, stdout]).toEqual([0, '']);
});
