/** `--out-format` lists changes as rsync does, on the same trees. */
import { expect } from 'vitest';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { writeTree } from '../support/oracle.ts';
import { sync, test, type Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

async function writeTrees({ source, destination }: Trees): Promise<void> {
  await writeTree(source, {
    same: file('same'),
    mode: file('mode'),
    'new name': file('new'),
    changed: file('changed'),
    link: symlink('same'),
    sub: dir({ z: file('z') }),
    kept: dir({}),
  });
  chmodSync(join(source, 'new name'), 0o6755);
  chmodSync(join(source, 'sub'), 0o1777);
  for (const name of ['same', 'mode', 'kept']) {
    execFileSync('cp', ['-a', join(source, name), join(destination, name)]);
  }
  chmodSync(join(destination, 'mode'), 0o600);
  await writeTree(destination, {
    changed: file('older text'),
    extra: file('x'),
    gone: dir({ f: file('f') }),
  });
  // rsync compares whole seconds.
  for (const [at, path] of [destination, source, join(destination, 'changed')].entries()) {
    utimesSync(path, 1e9 + at, 1e9 + at);
  }
}

function linesOf(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => /^\[|^deleting/.test(line))
    .toSorted();
}

function rsyncLines({ source, destination }: Trees, args: readonly string[]): string[] {
  const copy = `${destination}-copy`;
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  execFileSync('rsync', ['-a', `${destination}/`, `${copy}/`]);
  const output = execFileSync('rsync', ['-aH', '--delete', ...args, `${source}/`, `${copy}/`], {
    encoding: 'utf8',
  });
  return linesOf(output);
}

test.for([
  '[%i %n%L',
  '[%n',
  '[%n%L %o',
  '[%-20n|%20n|%5i|%-14i|',
  '[%f %o %i',
  '[%i %n %l %B %M %U %G',
  '[%i %08l|%-8l|%8U|%06G|%n',
  '[%%n %%%n %%%% %i',
  '[\t%n é %i',
])('%s', async (format, { trees }) => {
  await writeTrees(trees);
  for (const mode of [['-n'], []]) {
    const expected = rsyncLines(trees, [...mode, `--out-format=${format}`]);
    const { stdout } = await sync(trees, ['-aH', '--delete', ...mode, `--out-format=${format}`]);
    expect(expected.length).toBeGreaterThan(3);
    const sizes = (lines: string[]) =>
      mode.length === 0 ? lines : lines.filter((line) => !line.startsWith('[.d') || !/%\d*l/.test(format));
    expect(sizes(linesOf(stdout))).toEqual(sizes(expected));
  }
});

test('process and time', async ({ trees }) => {
  await writeTrees(trees);
  const { stdout } = await sync(trees, ['--log-format=[%n %p %t']);
  expect(stdout).toMatch(/^\[new name \d+ \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d$/m);
});

test('-q prints none, and -v does not change it', async ({ trees }) => {
  await writeTrees(trees);
  expect((await sync(trees, ['-n', '-q', '--out-format=[%n'])).output).toBe('');
  const { stdout } = await sync(trees, ['-n', '-v', '-i', '--out-format=[%n']);
  expect(linesOf(stdout)).toContain('[new name');
});

test.for([
  ['--out-format=%z', /it does not have %z, only %B %f %G %i %l %L %M %n %o %p %t %U, /],
  ['--out-format=%n %', /it does not have %, only/],
  ['--out-format=%C', /it does not have %C/],
  ["--out-format=%'l", /it does not have %', only/],
  ['--out-format=%%%b', /it does not have %b/],
  ['--out-format=', /the format is empty/],
] as const)('refused: %s', async ([arg, message], { trees }) => {
  const { stderr } = await sync(trees, [arg], { status: 1 });
  expect(stderr).toMatch(message);
});

test('--json has its own form', async ({ trees }) => {
  const { output } = await sync(trees, ['--json', '--out-format=%n'], { status: 1 });
  expect(output).toMatch(/leave out --out-format/);
});
