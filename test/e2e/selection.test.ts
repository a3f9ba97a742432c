/** Which paths take part: sizes, lists, patterns and file systems, as rsync has them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI, cleanEnvironment } from '../support/run-cli.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

async function destinationPaths(trees: Trees): Promise<string[]> {
  return [...(await readTree(trees.destination)).keys()].filter((path) => path !== '');
}

const LOGS = { a: file('x'), 'a.log': file('y'), d: dir({ b: file('z'), 'b.log': file('y') }) };

test.for([
  ['--max-size=1k', ['one', 'sub', 'zero']],
  ['--max-size=1', ['one', 'sub', 'zero']],
  ['--max-size=2KB', ['k', 'one', 'sub', 'sub/k', 'zero']],
  ['--min-size=1', ['k', 'one', 'sub', 'sub/k']],
  ['--min-size=1025', ['sub']],
])('%s', async ([option, paths], { trees }) => {
  const k = file('x'.repeat(option === '--max-size=1k' ? 1025 : 1024));
  await writeTree(trees.source, { zero: file(''), one: file('x'), k, sub: dir({ k }) });
  await sync(trees, [String(option)]);
  expect(await destinationPaths(trees)).toEqual(paths);
});

test('files out of the sizes asked for are not deleted at the destination', async ({ trees }) => {
  await writeTree(trees.source, { large: file('x'.repeat(100)) });
  await writeTree(trees.destination, { large: file('old'), stray: file('y') });
  await sync(trees, ['--delete', '--max-size=10']);
  expect(await destinationPaths(trees)).toEqual(['large']);
});

test('--exclude leaves out, and protects from --delete', async ({ trees }) => {
  await writeTree(trees.source, LOGS);
  await writeTree(trees.destination, { 'stray.log': file('x'), stray: file('y') });
  await sync(trees, ['--exclude=*.log', '--delete']);
  expect(await destinationPaths(trees)).toEqual(['a', 'd', 'd/b', 'stray.log']);
});

test('--delete-excluded deletes the excluded too', async ({ trees }) => {
  await writeTree(trees.source, LOGS);
  await writeTree(trees.destination, { 'stray.log': file('x'), d: dir({ 'c.log': file() }) });
  await sync(trees, ['--exclude=*.log', '--delete-excluded']);
  expect(await destinationPaths(trees)).toEqual(['a', 'd', 'd/b']);
});

test('an excluded directory keeps what is below it, and its parent stays', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  await writeTree(trees.destination, { gone: dir({ keep: dir({ b: file('y') }), c: file('z') }) });
  await sync(trees, ['--exclude=keep/', '--delete']);
  expect(await destinationPaths(trees)).toEqual(['a', 'gone', 'gone/keep', 'gone/keep/b']);
});

test('filters from files, the first match wins', async ({ trees }) => {
  await writeTree(trees.source, { ...LOGS, 'keep.log': file('k') });
  writeFileSync(`${trees.directory}/in`, '# kept\nkeep.log\n');
  writeFileSync(`${trees.directory}/out`, '*.log\n\n; comment\n/d/b\n');
  const from = `--include-from=${trees.directory}/in`;
  await sync(trees, [from, `--exclude-from=${trees.directory}/out`]);
  expect(await destinationPaths(trees)).toEqual(['a', 'd', 'keep.log']);
});

test('--files-from takes the listed paths and the directories they need', async ({ trees }) => {
  const tree = { a: file('x'), d: dir({ e: dir({ f: file('y') }), g: file('z') }), h: dir({ i: file('') }) };
  await writeTree(trees.source, tree);
  writeFileSync(`${trees.directory}/list`, 'a\nd/e/f\nh\n');
  await sync(trees, [`--files-from=${trees.directory}/list`]);
  expect(await destinationPaths(trees)).toEqual(['a', 'd', 'd/e', 'd/e/f', 'h']);
  await sync(trees, ['-r', `--files-from=${trees.directory}/list`]);
  expect(await destinationPaths(trees)).toEqual(['a', 'd', 'd/e', 'd/e/f', 'h', 'h/i']);
});

test('--files-from - reads the list from standard input, separated by NUL with -0', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x'), 'b\nc': file('y'), d: file('z') });
  await sync(trees, ['--files-from=-', '-0'], { input: 'a\0b\nc\0' });
  expect(await destinationPaths(trees)).toEqual(['a', 'b\nc']);
});

test('a listed path that is not there is a problem of its own', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  writeFileSync(`${trees.directory}/list`, 'nowhere\na\n');
  const { stderr } = await sync(trees, [`--files-from=${trees.directory}/list`], { status: 23 });
  expect(stderr).toContain('nowhere');
  expect(await destinationPaths(trees)).toEqual(['a']);
});

test.for([30, 3000])(
  '--files-from of 20 names and a missing one among %d, in any order',
  async (count, { trees }) => {
    const names = Array.from({ length: count }, (_, index) => [`name-${index}`, file('x')] as const);
    await writeTree(trees.source, { large: dir([...names, ['below', dir({ a: file('a') })]]) });
    await writeTree(trees.destination, { large: dir(names.slice(0, 10)) });
    const listed = ['large/none', 'large/below', ...names.slice(0, 20).map(([name]) => `large/${name}`)];
    writeFileSync(`${trees.directory}/list`, [...listed.toReversed(), ...listed].join('\n'));
    const { stderr } = await sync(trees, [`--files-from=${trees.directory}/list`], { status: 23 });
    expect(stderr.match(/cannot find \S*none/g)).toHaveLength(1);
    expect(await destinationPaths(trees)).toEqual(['large', ...listed.slice(1)].toSorted());
  },
);

describeWith(['strace'], '--files-from of few names in a large directory', () => {
  test('looks them up on both sides, and lists it in no phase', async ({ trees }) => {
    const names = Array.from({ length: 3000 }, (_, index) => [`name-${index}`, file('x')] as const);
    await writeTree(trees.source, { large: dir(names) });
    await writeTree(trees.destination, { large: dir(names.slice(0, 2000)) });
    writeFileSync(`${trees.directory}/list`, 'large/name-2999\nlarge/none\nlarge/name-7\nlarge/name-7\n');
    const calls = `${trees.directory}/calls`;
    const cli = [process.execPath, CLI, trees.source, trees.destination];
    const args = ['-f', '-y', '-o', calls, '-e', 'trace=getdents64', ...cli];
    const { status, stderr } = spawnSync('strace', [...args, `--files-from=${trees.directory}/list`], {
      env: cleanEnvironment(),
      encoding: 'utf8',
    });
    expect(stderr).toContain('large/none');
    expect(status).toBe(23);
    const listed = readFileSync(calls, 'utf8').split('\n');
    expect(listed.filter((line) => line.includes(trees.directory))).toEqual([]);
    expect(await destinationPaths(trees)).toHaveLength(2002);
  });
});

describeWith(['root', 'tmpfs mount'], 'one file system', () => {
  test('-x leaves what is mounted below, and keeps the mount point', async ({ trees }) => {
    await writeTree(trees.source, { mounted: dir(), a: file('x') });
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', `${trees.source}/mounted`]);
    try {
      await writeTree(`${trees.source}/mounted`, { below: file('y') });
      await sync(trees, ['-x']);
      expect(await destinationPaths(trees)).toEqual(['a', 'mounted']);
      await sync(trees);
      await expectSame(trees);
    } finally {
      execFileSync('umount', [`${trees.source}/mounted`]);
    }
  });
});
