/** Which paths take part: sizes, lists, patterns and file systems, as rsync has them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { syncForReport } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI, cleanEnvironment } from '../support/run-cli.ts';
import { expectSame, giveToNobody, sync, test, verify } from '../support/scenario.ts';
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

test('files outside the size limits are not deleted at the destination', async ({ trees }) => {
  await writeTree(trees.source, { large: file('x'.repeat(100)) });
  await writeTree(trees.destination, { large: file('old'), stray: file('y') });
  await sync(trees, ['--delete', '--max-size=10']);
  expect(await destinationPaths(trees)).toEqual(['large']);
});

test('--exclude skips, and protects from --delete', async ({ trees }) => {
  await writeTree(trees.source, LOGS);
  await writeTree(trees.destination, { 'stray.log': file('x'), stray: file('y') });
  await sync(trees, ['--exclude=*.log', '--delete']);
  expect(await destinationPaths(trees)).toEqual(['a', 'd', 'd/b', 'stray.log']);
});

test('--delete-excluded also deletes excluded entries', async ({ trees }) => {
  await writeTree(trees.source, LOGS);
  await writeTree(trees.destination, { 'stray.log': file('x'), d: dir({ 'c.log': file() }) });
  await sync(trees, ['--exclude=*.log', '--delete-excluded']);
  expect(await destinationPaths(trees)).toEqual(['a', 'd', 'd/b']);
});

test('an excluded directory keeps its content, and its parent stays', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  await writeTree(trees.destination, { gone: dir({ keep: dir({ b: file('y') }), c: file('z') }) });
  await sync(trees, ['--exclude=keep/', '--delete']);
  expect(await destinationPaths(trees)).toEqual(['a', 'gone', 'gone/keep', 'gone/keep/b']);
});

test('filters from files: the first match wins', async ({ trees }) => {
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

test('a missing listed path is a problem', async ({ trees }) => {
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
  test('looks them up on both sides, and never lists the directory', async ({ trees }) => {
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
  test('-x skips mounts below, and keeps the mount point', async ({ trees }) => {
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

function owned(root: string): object {
  const { mode, uid, gid, mtimeMs } = statSync(root);
  return { mode, uid, gid, isOld: mtimeMs === 1_000_000_000_000 };
}

describeWith(['root', 'rsync'], '--files-from and the metadata of the destination itself', () => {
  const OLD = { mtimeNs: 1_000_000_000_000_000_000n };
  const lists = ['f', 'd/g', '.', './', 'f\\n.', 'missing'].flatMap(
    (list) =>
      [
        [list, []],
        [list, ['-r']],
      ] as const,
  );

  test.for(lists)('list %j %j: as rsync', async ([list, options], { trees }) => {
    await writeTree(
      trees.source,
      { f: file('x'), d: dir({ g: file('y') }, { mode: 0o750 }) },
      { ...OLD, uid: 1, gid: 2, mode: 0o700 },
    );
    const twin = `${trees.directory}/twin`;
    mkdirSync(twin);
    for (const root of [twin, trees.destination]) chmodSync(root, 0o751);
    const listed = `${trees.directory}/list`;
    writeFileSync(listed, `${list.replace('\\n', '\n')}\n`);
    const shared = [...options, `--files-from=${listed}`];
    spawnSync('rsync', ['-a', ...shared, `${trees.source}/`, `${twin}/`]);
    const status = list === 'missing' ? 23 : 0;
    await syncForReport(trees, shared, { status });
    expect(owned(trees.destination)).toEqual(owned(twin));
    expect(statSync(trees.destination).mode & 0o777).toBe(list.includes('.') ? 0o700 : 0o751);
    if (status === 0) await verify(trees, shared);
    const { tally } = await syncForReport(trees, shared, { status });
    expect(tally).toMatchObject({ entriesAdjusted: 0, filesTransferred: 0 });
  });

  test('as another user than root: access that the run gave itself is taken back', async ({ trees }) => {
    await writeTree(trees.source, { f: file('x') });
    giveToNobody(trees);
    chmodSync(trees.destination, 0o555);
    await sync(trees, ['--files-from=-'], { input: 'f\n', asNobody: true });
    expect(statSync(trees.destination).mode & 0o777).toBe(0o555);
    expect(readFileSync(`${trees.destination}/f`, 'utf8')).toBe('x');
  });
});
