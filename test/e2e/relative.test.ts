/** -R: the path of the source is kept at the destination, as rsync has it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { itemizedLines } from '../support/rsync.ts';
import { CLI, cleanEnvironment } from '../support/run-cli.ts';
import { run, snapshot, test, type Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

const OLD = { mtimeNs: 1_500_000_000_000_000_000n };
const OLDER = { mtimeNs: 1_400_000_000_000_000_000n };

/** Two directories with the same in them, for efs-sync and for rsync. */
async function writeTwins({ directory }: Trees): Promise<{ ours: string; theirs: string }> {
  const twins = { ours: join(directory, 'ours'), theirs: join(directory, 'theirs') };
  const held = { f: file('new', OLD), x: file('x', OLD), c: dir({ g: file('g', OLD) }, OLD) };
  const old = { f: file('old', OLDER), gone: dir({ y: file('y', OLDER) }, OLDER) };
  for (const twin of Object.values(twins)) {
    await writeTree(twin, {
      s: dir(
        {
          a: dir(
            { b: dir(held, { mode: 0o750, ...OLD }), other: file('other', OLD) },
            { mode: 0o711, ...OLD },
          ),
          toB: symlink('a/b', OLD),
          empty: dir({}, OLD),
        },
        OLD,
      ),
      d: dir(
        { a: dir({ b: dir(old, OLDER), kept: file('kept', OLDER) }, OLDER), empty: dir(old, OLDER) },
        OLDER,
      ),
      blocked: dir({ a: dir({ b: dir({ f: dir(old, OLDER) }, OLDER) }, OLDER) }, OLDER),
      taken: dir({ a: file('in the way', OLDER) }, OLDER),
      linked: dir({ a: symlink('../d', OLDER) }, OLDER),
    });
  }
  return twins;
}

async function listed(root: string): Promise<object[]> {
  return [...(await readTree(root)).values()].map(({ path, kind, mode, linkTarget, mtimeNs }) => {
    const content = kind === 'file' ? readFileSync(join(root, path), 'latin1') : '';
    // A directory in which something was made has the time of that, unless it has the source's.
    const time = kind === 'directory' && mtimeNs !== String(OLD.mtimeNs) ? 'another' : mtimeNs;
    return { path, kind, mode, linkTarget, time, content };
  });
}

const LIKE_OURS = ['-rlptgoH', '--numeric-ids', '--modify-window=-1', '-i'];

describeWith(['rsync'], 'as rsync does', () => {
  test.for([
    ['s/./a/b', 'd'],
    ['s/./a/b/', 'd/'],
    ['s/./a/./b/.', 'd'],
    ['s/.//a//b', 'd'],
    ['s/a/b', 'd'],
    ['s/a', 'd'],
    ['s/./', 'd'],
    ['s/./.', 'd'],
    ['s/./a/b/f', 'd'],
    ['s/./a/other', 'd'],
    ['s/./toB', 'd'],
    ['s/./a/b', 'new'],
    ['s/./a/b/f', 'new'],
    ['--mkpath', 's/./a/b', 'new/er'],
    ['s/./a/b', 'taken'],
    ['s/./a/b', 'linked'],
    ['--delete', 's/./a/b', 'd'],
    ['--delete', 's/./a', 'd'],
    ['--delete', 's/./', 'd'],
    ['--delete', 's/a/b', 'd'],
    ['--delete', 's/./a/other', 'd'],
    ['--delete', 's/./a/b/f', 'blocked'],
    ['--force', 's/./a/b/f', 'blocked'],
    ['--delete', '--exclude=/a/b/gone', 's/./a/b', 'd'],
    ['--exclude=/a/b/x', 's/./a/b', 'd'],
    ['--exclude=b', 's/./a/b', 'd'],
    ['--exclude=/b/x', 's/./a/b', 'd'],
    ['--existing', 's/./a/b', 'd'],
    ['--no-R', 's/', 'd'],
    ['-n', '--delete', 's/./a/b', 'd'],
  ])('%j', async (args, { trees }) => {
    const { ours, theirs } = await writeTwins(trees);
    const [, source, destination] = args.length > 2 ? args.slice(-3) : ['', ...args];
    const given = ['-R', ...args.slice(0, -2), source as string, destination as string];
    const options = { encoding: 'utf8', env: cleanEnvironment() } as const;
    const rsync = spawnSync('rsync', [...LIKE_OURS, ...given], { ...options, cwd: theirs });
    const { stdout } = spawnSync(CLI, ['-i', ...given], { ...options, cwd: ours });
    expect(await listed(ours)).toEqual(await listed(theirs));
    expect(itemizedLines(stdout)).toEqual(itemizedLines(rsync.stdout));
  });
});

test('an absolute source keeps its whole path', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  // Others write in the directories that lead there.
  await run(['-R', '--no-times', join(trees.source, 'a'), trees.destination]);
  expect(readFileSync(join(trees.destination, trees.source, 'a'), 'utf8')).toBe('x');
});

test('verification and its report are of the path alone', async ({ trees }) => {
  await writeTree(trees.source, { a: dir({ b: file('x') }), other: file('y') });
  const { stdout } = await run(['-R', `${trees.source}/./a`, trees.destination]);
  expect(stdout).toMatch(/Left out +everything except a \(--relative\)/);
  await run(['verify', '-R', `${trees.source}/./a`, trees.destination]);
  await writeTree(trees.destination, { a: dir({ more: file('z') }) });
  const asked = ['--delete', '-R', `${trees.source}/./a`, trees.destination];
  expect((await run(['verify', ...asked], { status: 40 })).stdout).toMatch(/extraneous: a\/more/);
  await writeTree(trees.destination, { beside: file('z') });
  await run(asked);
  expect(readdirSync(trees.destination)).toEqual(['a', 'beside']);
});

test('a named directory that is empty deletes nothing', async ({ trees }) => {
  await writeTree(trees.source, { a: dir({ b: dir({}) }), other: file('y') });
  await writeTree(trees.destination, { a: dir({ b: dir({ c: file('c') }) }) });
  const before = await snapshot(trees.destination);
  const asked = ['--delete', '-R', `${trees.source}/./a/b`, trees.destination];
  const { stderr } = await run(asked, { status: 3 });
  expect(stderr).toMatch(/cannot delete with --delete: .*\/a\/b is empty/);
  expect(await snapshot(trees.destination)).toEqual(before);
});

test.for([
  [['-R', 's/./a/../b', 'd'], /-R keeps the path of the source, and s\/\.\/a\/\.\.\/b goes up with \.\./],
  [['-R', '-F', 's/./a', 'd'], /-R cannot be used with rules from files in directories/],
  [
    ['--files-from=s/list', '--no-R', 's', 'd'],
    /--no-relative: paths of --files-from keep their directories/,
  ],
] as const)('%j is refused', async ([args, message], { trees }) => {
  mkdirSync(join(trees.directory, 's/a'), { recursive: true });
  mkdirSync(join(trees.directory, 'd'));
  const { stderr } = await run([...args], { status: 1, cwd: trees.directory });
  expect(stderr).toMatch(message);
});

test('a task file says the same, wherever it is read', async ({ trees }) => {
  await writeTree(trees.directory, { s: dir({ a: file('x') }), d: dir({}) });
  const { directory } = trees;
  const init = ['init', 'task.yaml', 's/a', 'd', '-R'];
  execFileSync(CLI, init, { cwd: directory, env: cleanEnvironment() });
  await run(['run', join(directory, 'task.yaml')], { cwd: '/' });
  expect(readFileSync(join(directory, 'd/s/a'), 'utf8')).toBe('x');
});
