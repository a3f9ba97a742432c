/** --backup, --backup-dir and --suffix: what is replaced or deleted is kept, as rsync keeps it, and never lost. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { writeReplaced } from '../support/backup-trees.ts';
import { reportIn } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI, cleanEnvironment } from '../support/run-cli.ts';
import { run, sync, test, verify, type Trees } from '../support/scenario.ts';
import { dir, fifo, file, hardLink, symlink } from '../support/tree.ts';

const NEW = { mtimeNs: 1_500_000_000_000_000_000n };
const OLD = { mtimeNs: 1_400_000_000_000_000_000n };

/** Everything that can be replaced or deleted, in two directories with the same in them. */
async function writeTwins({ directory }: Trees): Promise<{ ours: string; theirs: string }> {
  const twins = { ours: join(directory, 'ours'), theirs: join(directory, 'theirs') };
  for (const twin of Object.values(twins)) {
    await writeTree(twin, {
      s: dir({
        a: file('new', NEW),
        c: file('new', NEW),
        empty: file('was a directory', NEW),
        h1: file('new', NEW),
        h2: hardLink('s/h1'),
        link: symlink('new', NEW),
        pipe: fifo(NEW),
        rights: file('same', { mode: 0o600, ...NEW }),
        setuid: file('new', { mode: 0o4755, ...NEW }),
        'to-dir': dir({ in: file('x', NEW) }, NEW),
        fresh: dir({ n: file('n', NEW) }, NEW),
        sub: dir({ deep: dir({ f: file('new', NEW) }, { mode: 0o700, ...NEW }) }, { mode: 0o750, ...NEW }),
      }),
      d: dir({
        a: file('older', OLD),
        'a~': dir({}, OLD),
        c: file('older', OLD),
        'c~': file('even older', OLD),
        empty: dir({}, OLD),
        h1: file('older', OLD),
        h2: hardLink('d/h1'),
        h3: hardLink('d/h1'),
        link: symlink('older', OLD),
        pipe: file('older', OLD),
        rights: file('same', { mode: 0o644, ...NEW }),
        setuid: file('older', { mode: 0o4755, ...OLD }),
        'to-dir': symlink('older', OLD),
        sub: dir({ deep: dir({ f: file('older', OLD) }, { mode: 0o700 }) }, { mode: 0o750 }),
        gone: dir({ deep: dir({ f: file('gone', OLD) }, { mode: 0o710 }), none: dir({}) }),
        extra: file('extra', OLD),
        'extra2~': file('extra', OLD),
      }),
    });
  }
  return twins;
}

/** Times of directories are not compared: rsync leaves some as they were made. */
async function listed(root: string): Promise<object[]> {
  return [...(await readTree(root)).values()].map(({ path, kind, mode, linkTarget, mtimeNs, inode }) => {
    const content = kind === 'file' ? readFileSync(join(root, path), 'latin1') : '';
    return { path, kind, mode, linkTarget, time: kind === 'directory' ? '' : mtimeNs, content, inode };
  });
}

/** With names of one inode told by the first of them. */
function grouped(entries: readonly { path?: string; inode?: unknown }[]): object[] {
  const first = new Map<unknown, string | undefined>();
  return entries.map(({ inode, ...entry }) => {
    if (!first.has(inode)) first.set(inode, entry.path);
    return { ...entry, sharedWith: first.get(inode) };
  });
}

const LIKE_OURS = ['-rlptgoDH', '--numeric-ids', '--modify-window=-1'];

describeWith(['rsync'], 'as rsync does', () => {
  test.for([
    ['-b', '--delete', '--delay-updates'],
    ['--backup-dir=bk', '--delay-updates', '-T', '.'],
    ['-b'],
    ['--backup', '--delete'],
    ['-b', '--suffix=.old', '--delete'],
    ['-b', '--suffix=.old', '--delete-excluded', '--exclude=extra*'],
    ['-b', '--delete-excluded'],
    ['-b', '--delete', '--exclude=extra*'],
    ['-b', '--delete', '--filter=P extra'],
    ['-b', '--existing'],
    ['-b', '-u'],
    ['--backup-dir=bk'],
    ['--backup-dir=bk/x/', '--delete'],
    ['--backup-dir=bk', '--suffix=.old', '--delete'],
    ['--backup-dir=../kept/here', '--delete'],
    ['--backup-dir=.', '--suffix=.old', '--delete'],
    ['--backup-dir=', '--suffix=~'],
    ['--backup-dir=bk', '--max-delete=0', '--delete'],
    ['--suffix=.old', '--delete'],
    ['-n', '-b', '--delete'],
    ['-n', '--backup-dir=bk', '--delete'],
    ['--partial', '--backup-dir=bk', '--fsync'],
  ])('%j', async (args, { trees }) => {
    const { ours, theirs } = await writeTwins(trees);
    const options = { encoding: 'utf8', env: cleanEnvironment() } as const;
    const rsync = spawnSync('rsync', [...LIKE_OURS, ...args, 's/', 'd/'], { ...options, cwd: theirs });
    const { status, stdout, stderr } = spawnSync(CLI, ['-aH', ...args, 's/', 'd/'], {
      ...options,
      cwd: ours,
    });
    expect(status, `${stdout}${stderr}${rsync.stderr}`).toBe(rsync.status);
    expect(grouped(await listed(ours))).toEqual(grouped(await listed(theirs)));
  });

  test('a file under another name, and -R', async ({ trees }) => {
    const { ours, theirs } = await writeTwins(trees);
    for (const args of [
      ['-b', 's/c', 'd/a'],
      ['--backup-dir=bk', 's/c', 'd/extra'],
      ['--backup-dir=bk', '--delete', '-R', 's/./sub', 'd'],
    ]) {
      expect(spawnSync('rsync', [...LIKE_OURS, ...args], { cwd: theirs }).status).toBe(0);
      await run(args.map((arg) => arg.replace(/^[sd]\b/, `${ours}/$&`)));
    }
    expect(grouped(await listed(ours))).toEqual(grouped(await listed(theirs)));
  });
});

async function pathsIn(root: string): Promise<string[]> {
  return [...(await readTree(root)).keys()].filter((path) => path !== '').toSorted();
}

describe('protected from later runs', () => {
  test.for([
    ['-b', ['a', 'a~', 'extra1~', 'extra~', 'gone', 'gone/f~', 'sub', 'sub/f', 'sub/f~']],
    [
      '--backup-dir=x/bk',
      [
        'a',
        'sub',
        'sub/f',
        'x',
        'x/bk',
        'x/bk/a',
        'x/bk/extra',
        'x/bk/extra1',
        'x/bk/gone',
        'x/bk/gone/f',
      ].concat('x/bk/sub', 'x/bk/sub/f'),
    ],
  ] as const)('%s', async ([option, expected], { trees }) => {
    const args = [option, '--delete'];
    await writeReplaced(trees);
    await sync(trees, args);
    await writeReplaced(trees, '1');
    const { stdout } = await sync(trees, [...args, '--json']);
    // What is new is no backup: both files, what was extraneous, and gone/f.
    expect(reportIn(stdout).tally['entriesBackedUp']).toBe(4);
    expect((await sync(trees, args)).stdout).not.toMatch(/Deleted|Backed up/);
    await verify(trees, args);
    expect(await pathsIn(trees.destination)).toEqual(expected);
  });

  test('and told how many there are', async ({ trees }) => {
    await writeReplaced(trees);
    await writeTree(trees.destination, { a: file('old!') });
    expect((await sync(trees, ['-b', '--delete'])).stdout).toMatch(/Backed up +3 entries/);
  });

  test('a directory that only holds the backup directory stays', async ({ trees }) => {
    await writeReplaced(trees);
    await writeTree(trees.destination, { x: dir({ y: dir({ bk: dir({ old: file('old') }) }), z: file() }) });
    await sync(trees, ['--backup-dir=x/y/bk', '--delete']);
    expect(await pathsIn(join(trees.destination, 'x'))).toEqual([
      'y',
      'y/bk',
      'y/bk/extra',
      'y/bk/gone',
      'y/bk/gone/f',
      'y/bk/old',
      'y/bk/x',
      'y/bk/x/z',
    ]);
    await sync(trees, ['--backup-dir=x/y/bk', '--delete-excluded']);
    await verify(trees, ['--backup-dir=x/y/bk', '--delete']);
    expect(existsSync(join(trees.destination, 'x/y/bk/old'))).toBe(true);
  });

  test('the directory that the backup directory is made in keeps its time', async ({ trees }) => {
    await writeReplaced(trees);
    await sync(trees, ['--delete']);
    await writeTree(trees.source, { sub: dir({ f: file('newer') }) });
    await sync(trees, ['--backup-dir=bk']);
    await verify(trees, ['--backup-dir=bk']);
  });
});

test('a backup never replaces the copy of a name that the source has', async ({ trees }) => {
  await writeTree(trees.source, { a: file('new'), 'a~': file('own backup'), 'x~': file('x') });
  await writeTree(trees.destination, { a: file('older'), 'a~': file('older backup'), x: file('gone') });
  await sync(trees, ['-b', '--delete']);
  const contents = (await pathsIn(trees.destination)).map((name) => [
    name,
    readFileSync(join(trees.destination, name), 'utf8'),
  ]);
  expect(contents).toEqual([
    ['a', 'new'],
    ['a~', 'own backup'],
    ['a~~', 'older'],
    ['a~~~', 'older backup'],
    ['x~', 'x'],
    ['x~~', 'gone'],
  ]);
  await sync(trees, ['-b', '--delete']);
});

test('a task file counts the backup directory from the destination', async ({ trees }) => {
  await writeReplaced(trees);
  const task = join(trees.directory, 'nightly.yaml');
  const roots = `source: ${trees.source}\ndestination: ${trees.destination}\n`;
  writeFileSync(task, `${roots}delete: true\nbackup-dir: ../kept\n`);
  await run(['run', task]);
  expect(await pathsIn(join(trees.directory, 'kept'))).toEqual(['extra', 'gone', 'gone/f']);
});
