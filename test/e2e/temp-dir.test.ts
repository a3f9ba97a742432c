/** --temp-dir: files are written there first, get their names by rename, and nothing stays there. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  watch,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectAsRsync, OLD } from '../support/as-rsync.ts';
import { expectNothingToDo } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { runCli } from '../support/run-cli.ts';
import { expectSame, sync, test, verify, type Trees } from '../support/scenario.ts';
import { dir, file, symlink, type Tree } from '../support/tree.ts';

const LARGE_BYTES = 70 * 1024 * 1024;
/** rsync leaves a new time on a directory that only the destination has. */
const BOTH_HAVE_IT: Tree = { tmp: dir({}, OLD) };
const TREE: Tree = {
  a: file('new', OLD),
  link: symlink('a', OLD),
  old: dir({ changed: file('changed', OLD), same: file('same', OLD) }, OLD),
  new: dir({ b: file('b', { ...OLD, mode: 0o4755 }), deeper: dir({ c: file('', OLD) }, OLD) }, OLD),
};
const BEFORE: Tree = {
  tmp: dir({ kept: file('k', OLD) }, OLD),
  old: dir({ changed: file('before', { mtimeNs: 5n }), same: file('same', OLD) }, OLD),
};

function besideTrees({ directory }: Trees): string {
  const path = join(directory, 'beside');
  mkdirSync(path);
  return path;
}

/** Names that appear in the directory of the destination tree `watched` while `work` runs. */
async function namesSeen(watched: string, work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const watcher = watch(watched, (_, name) => seen.push(String(name)));
  try {
    await work();
  } finally {
    watcher.close();
  }
  return seen;
}

describeWith(['rsync'], 'as rsync', () => {
  test.for<[string[]]>([
    [['-T', 'tmp']],
    [['--temp-dir=tmp', '--delete', '--filter=P /tmp/kept']],
    [['--temp-dir=tmp/', '--inplace']],
    [['--temp-dir=./tmp', '-c', '-H']],
  ])('%j', async ([args], { trees }) => {
    await expectAsRsync(trees, args, { source: { ...TREE, ...BOTH_HAVE_IT }, destination: BEFORE });
    expect(readdirSync(join(trees.destination, 'tmp'))).toEqual(['kept']);
  });

  test('a directory that both sides have keeps the time of the source', async ({ trees }) => {
    const tmp = dir({ x: file('x', OLD) }, OLD);
    await expectAsRsync(trees, ['-T', 'tmp'], { source: { ...TREE, tmp }, destination: { tmp } });
  });
});

test('temporary files are there and nowhere else', async ({ trees }) => {
  const beside = besideTrees(trees);
  const old = dir({ changed: file('changed', OLD), large: file(Buffer.alloc(LARGE_BYTES, 'x'), OLD) }, OLD);
  await writeTree(trees.source, { ...TREE, old });
  await writeTree(trees.destination, { old: dir({ changed: file('before') }) });
  const seen = await namesSeen(join(trees.destination, 'old'), () => sync(trees, ['-T', beside]));
  expect(seen.filter((name) => name.startsWith('.'))).toEqual([]);
  await expectSame(trees);
  expect(readdirSync(beside)).toEqual([]);
  await expectNothingToDo(trees, ['-T', beside]);
});

test('a killed run leaves files there, which the next one removes, but nothing else', async ({ trees }) => {
  const beside = besideTrees(trees);
  await writeTree(beside, { mine: file('m'), [`.efs-sync-${'0'.repeat(32)}.tmp`]: file('of another run') });
  const others = readdirSync(beside).toSorted();
  await writeTree(trees.source, { large: file(Buffer.alloc(4 * 1024 * 1024, 'x')) });
  const { signal } = await runCli([trees.source, trees.destination, '-T', beside, '--bwlimit=256'], {
    onStart: (child) => {
      const timer = setInterval(() => {
        const own = readdirSync(beside).find((name) => !others.includes(name));
        if (own !== undefined && readdirSync(join(beside, own)).length > 0) child.kill('SIGKILL');
      }, 5);
      child.on('exit', () => clearInterval(timer));
    },
  });
  expect(signal).toBe('SIGKILL');
  expect(readdirSync(trees.destination)).toEqual([]);
  expect(readdirSync(beside)).toHaveLength(others.length + 1);
  await sync(trees, ['-T', beside]);
  await expectSame(trees);
  expect(readdirSync(beside).toSorted()).toEqual(others);
});

test('an interrupted run leaves nothing', async ({ trees }) => {
  const beside = besideTrees(trees);
  await writeTree(trees.source, { large: file(Buffer.alloc(4 * 1024 * 1024, 'x')) });
  await sync(trees, ['-T', beside, '--bwlimit=256'], {
    status: 20,
    onStart: (child) => {
      const timer = setInterval(() => {
        if (readdirSync(beside).length === 0) return;
        clearInterval(timer);
        child.kill('SIGINT');
      }, 5);
      child.on('exit', () => clearInterval(timer));
    },
  });
  expect(readdirSync(beside)).toEqual([]);
  expect(readdirSync(trees.destination)).toEqual([]);
});

test('in the destination, --delete deletes it at the end, as rsync --delete-after', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  await writeTree(trees.destination, BEFORE);
  await sync(trees, ['-T', 'tmp', '--delete']);
  await expectSame(trees);
});

test.for<[string, (trees: Trees) => string, RegExp]>([
  ['missing', () => 'nowhere', /--temp-dir nowhere: No such file or directory, in the destination/],
  ['a file', () => 'file', /--temp-dir file: Not a directory/],
  ['the source', ({ source }) => source, /lies in the source, which is never written to/],
  ['in the source', ({ source }) => join(source, 'd'), /lies in the source/],
  ['on another file system', () => '/proc/self', /cannot be renamed from there to the destination/],
])('one that is %s is refused before anything is done', async ([, path, reason], { trees }) => {
  await writeTree(trees.source, { d: dir({ a: file('a') }) });
  await writeTree(trees.destination, { file: file('x') });
  for (const more of [[], ['-n']]) {
    const { stderr } = await sync(trees, ['-T', path(trees), ...more], { status: 3 });
    expect(stderr).toMatch(reason);
  }
  expect(readdirSync(trees.destination)).toEqual(['file']);
});

test('an empty name is refused', async ({ trees }) => {
  const { stderr } = await sync(trees, ['--temp-dir='], { status: 1 });
  expect(stderr).toContain('the path is empty');
});

test('a dry run and verify leave it alone', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  await writeTree(trees.destination, { tmp: dir({}, OLD) });
  const seen = await namesSeen(join(trees.destination, 'tmp'), () => sync(trees, ['-T', 'tmp', '-n']));
  expect(seen).toEqual([]);
  expect(readdirSync(trees.destination)).toEqual(['tmp']);
  await sync(trees, ['-T', 'tmp']);
  await verify(trees, ['-T', 'nowhere']);
});

test('one that replaces it on the way ends the run before any file is written', async ({ trees }) => {
  await writeTree(trees.source, { a: file('a'), tmp: file('a file now') });
  await writeTree(trees.destination, { tmp: dir({}) });
  const { stderr } = await sync(trees, ['-T', 'tmp', '--delete'], { status: 11 });
  expect(stderr).toMatch(/cannot make .* for --temp-dir: No such file or directory/);
  expect(existsSync(join(trees.destination, 'a'))).toBe(false);
});

test('a file copied under a new name, too', async ({ trees }) => {
  const beside = besideTrees(trees);
  await writeTree(trees.source, { a: file('a', OLD) });
  const [from, to] = [join(trees.source, 'a'), join(trees.destination, 'b')];
  const seen = await namesSeen(trees.destination, async () => {
    const { status } = await runCli([from, to, '-T', beside]);
    expect(status).toBe(0);
  });
  expect(new Set(seen)).toEqual(new Set(['b']));
  expect(readdirSync(beside)).toEqual([]);
});

describeWith(['root'], 'with another user', () => {
  test('a link of another user is not followed', async ({ trees }) => {
    const beside = besideTrees(trees);
    symlinkSync(beside, join(trees.directory, 'link'));
    execFileSync('chown', ['-h', '1000', join(trees.directory, 'link')]);
    await writeTree(trees.source, { a: file('a') });
    const { stderr } = await sync(trees, ['-T', join(trees.directory, 'link')], { status: 3 });
    expect(stderr).toContain('belongs to user 1000');
  });

  test('one that this user may not write in ends the run before any file is written', async ({ trees }) => {
    const beside = besideTrees(trees);
    await writeTree(trees.source, { a: file('a') });
    chmodSync(trees.destination, 0o777);
    const { stderr } = await sync(trees, ['-T', beside, '--no-owner', '--no-group'], {
      status: 11,
      asNobody: true,
    });
    expect(stderr).toMatch(/cannot make .* for --temp-dir: Permission denied/);
    expect(readdirSync(trees.destination)).toEqual([]);
  });

  test('files below another mount get their names from their own directory', async ({ trees }) => {
    const beside = besideTrees(trees);
    const mounted = join(trees.destination, 'mounted');
    mkdirSync(mounted);
    const other = mkdtempSync('/dev/shm/efs-sync-other-');
    execFileSync('mount', ['--bind', other, mounted]);
    try {
      await writeTree(trees.source, { mounted: dir({ a: file('a', OLD) }, OLD), b: file('b', OLD) });
      await sync(trees, ['-T', beside]);
      expect(readdirSync(other)).toEqual(['a']);
    } finally {
      execFileSync('umount', [mounted]);
      rmSync(other, { recursive: true });
    }
  });
});

test('one that lies beside what -R names, or in what is left out of the source, is used', async ({
  trees,
}) => {
  await writeTree(trees.source, { d: dir({ a: file('a') }), left: dir({}) });
  await sync(trees, [`--temp-dir=${join(trees.source, 'left')}`, '--exclude=/left']);
  const named = join(trees.source, 'd');
  mkdirSync(join(trees.directory, 'beside'));
  const args = [named, trees.destination, '-R', `-T${join(trees.directory, 'beside')}`];
  const { status, stderr } = await runCli(args);
  expect([status, stderr]).toEqual([0, '']);
  expect(readdirSync(join(trees.source, 'left'))).toEqual([]);
  expect(existsSync(join(trees.destination, named, 'a'))).toBe(true);
});
