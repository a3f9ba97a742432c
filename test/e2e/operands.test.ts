/** Operands that lead nowhere are answered with what to type; any name that exists works. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { run, snapshot, test } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

/** With the first line of standard error, after the name of the operand. */
const NOWHERE: readonly (readonly [string, RegExp])[] = [
  ['user@host:/x', /mount it first \(sshfs user@host:\/x \/mnt\/host\), and give \/mnt\/host$/],
  ['host:', /mount it first \(mount -t nfs host:\/PATH \/mnt\/host\), and give \/mnt\/host$/],
  ['host::module', /an rsync daemon's module; .*mount it first/],
  ['rsync://h/m', /mount it first \(mount -t nfs h:\/PATH \/mnt\/h\), and give \/mnt\/h$/],
  ['nas:/export', /mount it first \(mount -t nfs nas:\/export \/mnt\/nas\), and give \/mnt\/nas$/],
  ['[fd00::1]:/e', /mount it first \(mount -t nfs \[fd00::1\]:\/e \/mnt\/fd001\)/],
  ['nfs://nas/e', /mount it first \(mount -t nfs nas:\/e \/mnt\/nas\)/],
  ['fs-0123abcd:/', /mount it first \(mount -t efs fs-0123abcd:\/ \/mnt\/efs\), and give \/mnt\/efs$/],
  ['fs-0a.efs.eu-west-1.amazonaws.com:/', /mount it first \(mount -t efs fs-0a:\/ \/mnt\/efs\)/],
  ['s3://bucket/x', /use aws s3 sync for buckets$/],
  ['file:///srv/x', /give the path alone: \/srv\/x$/],
  ['~/x', /no shell expanded ~: give the full path \/home\/me\/x$/],
  ['~other/x', /no shell expanded ~other: give the full path$/],
  ['$HOME/a b', /no shell expanded \$HOME: give the full path '\/home\/me\/a b'$/],
  ['${DATA}/x', /no shell expanded \$\{DATA\}: give the full path$/],
];

test('as a source, as a destination, for verify and for preflight', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  const options = { status: 3, cwd: trees.directory, env: { HOME: '/home/me' } };
  const before = await snapshot(trees.directory);
  for (const [path, says] of NOWHERE) {
    const asSource = await run([path, trees.destination], options);
    expect(asSource.stderr.trimEnd()).toMatch(says);
    expect(asSource.stderr.trimEnd()).toMatch(/^efs-sync: cannot use source .*$/);
    const asDestination = await run(['verify', trees.source, path], options);
    expect(asDestination.stderr.trimEnd()).toMatch(says);
  }
  const checked = await run(['preflight', 'nas:/export', trees.destination], options);
  expect(checked.stdout).toMatch(/cannot use source nas:\/export.*\n +-> .*mount it first/);
  expect(await snapshot(trees.directory)).toEqual(before);
});

test('in a task file', async ({ trees }) => {
  const task = join(trees.directory, 'task.yaml');
  await writeTree(trees.directory, {
    'task.yaml': file(`source: nas:/export\ndestination: ${trees.destination}\n`),
  });
  const { stderr } = await run(['run', task], { status: 3, cwd: trees.directory });
  expect(stderr).toMatch(/nas:\/export: .*mount it first/);
});

test('a pattern, a missing destination, a command of another program', async ({ trees }) => {
  await writeTree(trees.directory, { src: dir({ f: file('x') }) });
  const cases: [string[], RegExp][] = [
    [['src/*', 'destination'], /give the directory, not its contents: type efs-sync src destination$/],
    [['*', 'destination'], /type efs-sync \. destination$/],
    [['src/f/x', 'destination'], /src\/f\/x: Not a directory$/],
    [['src', 'src/f'], /src\/f: Not a directory$/],
    [['verify', 'src', 'new dir'], /does not make it: .* type mkdir -p 'new dir'$/],
    [['src', 'no/new'], /the directory above is missing too: .*--mkpath makes both$/],
    [['sync', 'src'], /perhaps you meant \S*efs-sync\S* src$/],
    [['help', 'verify'], /perhaps you meant \S*efs-sync\S* verify --help$/],
    [['--wait', '60', 'destination'], /--wait takes its value attached: type --wait=60$/],
    [['nothing-like-it', 'destination'], /nothing-like-it: No such file or directory$/],
  ];
  for (const [args, says] of cases) {
    const { stderr } = await run(args, { status: 3, cwd: trees.directory });
    expect(stderr.trimEnd()).toMatch(/^efs-sync: [^\n]*$/);
    expect(stderr.trimEnd()).toMatch(says);
  }
});

test('names that exist work, whatever they look like', async ({ trees }) => {
  const names = ['a:b', 'nas:', '~', 'src*', 'sync', '60', '$HOME'];
  await writeTree(
    trees.directory,
    Object.fromEntries(names.map((name) => [name, dir({ [`of ${name}`]: file('x') })])),
  );
  for (const name of names) await run([name, 'destination'], { cwd: trees.directory });
  expect(readdirSync(trees.destination)).toHaveLength(names.length);
});

test('a missing snapshot of a source is not a missing source', async ({ trees }) => {
  await writeTree(trees.directory, { 'a:b': dir({ '.snapshot': dir({ one: dir({}) }) }) });
  const args = ['--source-snapshot=two', 'a:b', 'destination'];
  const { stderr } = await run(args, { cwd: trees.directory, status: 3 });
  expect(stderr).toMatch(/^efs-sync: cannot use source \S+\/two: No such file or directory\n$/);
});
