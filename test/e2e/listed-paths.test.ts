/**
 * Each path of a --files-from list is found, with the directories that rsync makes for it, or reported as
 * failed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { reportIn } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { run, sync, test, verify, type Trees } from '../support/scenario.ts';
import { dir, file, symlink, type Node } from '../support/tree.ts';

async function writeSource({ source }: Trees): Promise<void> {
  await writeTree(source, {
    p: dir({ q: dir({ f: file('f') }, { mode: 0o750 }), g: file('g') }, { mode: 0o711 }),
    dir: dir({ sub: dir({ y: file('y') }), x: file('x') }),
    core: dir({ f: file('c'), in: dir({ g: file('c'), other: file('c') }) }),
    file: file('file'),
    real: dir({ r: file('r') }),
    link: symlink('real'),
    empty: dir(),
  });
}

/** Kinds, modes and paths from find(1), with times of files only: without -r rsync keeps no others. */
function found(root: string): string {
  const format = ['-type', 'f', '-printf', '%y %m %T@ %P\n', '-o', '-printf', '%y %m - %P\n'];
  return execFileSync('find', [root, '-mindepth', '1', ...format], { encoding: 'utf8' })
    .split('\n')
    .toSorted()
    .join('\n');
}

interface Case {
  readonly list: string;
  readonly args?: readonly string[];
}

const SAME_AS_RSYNC: readonly Case[] = [
  { list: './p/q/f' },
  { list: 'p//q///f' },
  { list: 'p/q/' },
  { list: 'p/q' },
  { list: 'p/q/f/' },
  { list: '/p/q/f' },
  { list: 'p/q/../g' },
  { list: 'p/q/..' },
  { list: 'real/../p/g/' },
  { list: 'p/q/f\np/q/f\np' },
  { list: 'link' },
  { list: 'empty\ndir' },
  { list: 'dir', args: ['-r'] },
  { list: 'dir/' },
  { list: 'dir\ndir/sub/y' },
  { list: 'p/q/f', args: ['--exclude=f'] },
  { list: 'p/q/f\np/g', args: ['--exclude=f'] },
  { list: 'p/q/f', args: ['--exclude=*'] },
  { list: 'p/q', args: ['--exclude=q'] },
  { list: 'p/q/', args: ['--exclude=q/'] },
  { list: 'p\np/q/f', args: ['-r', '--exclude=q'] },
  { list: 'core\ncore/f', args: ['-r', '--exclude=core'] },
  { list: 'core\ncore/f', args: ['--exclude=core'] },
  { list: 'core/\ncore/f', args: ['--exclude=core'] },
  { list: 'core/f', args: ['-r', '--exclude=core'] },
  { list: 'core/in', args: ['--exclude=core'] },
  { list: 'core\ncore/in/g', args: ['-r', '--exclude=in'] },
  { list: '.\np/g', args: ['-r', '--exclude=p'] },
  { list: 'p/q\np/q/f', args: ['-r', '--exclude=/p/q'] },
  { list: 'core', args: ['-r', '--exclude=core'] },
  // Paths that do not exist.
  { list: 'p/q/missing' },
  { list: 'nodir/a\nnodir/b\np/g' },
  { list: 'file/x' },
  { list: 'file/x\nfile' },
  { list: 'dir/\ndir/missing' },
  { list: 'dir\ndir/missing', args: ['-r'] },
  { list: '.\np/missing\nfile/x', args: ['-r'] },
  { list: 'p/q/missing\np/q/f\ncore/in/missing' },
  { list: 'p/q/missing\ncore/f', args: ['--exclude=f'] },
];

describeWith(['rsync'], 'the same as with rsync', () => {
  test.for(SAME_AS_RSYNC)('$list $args', async ({ list, args = [] }, { memoryTrees: trees }) => {
    await writeSource(trees);
    const expected = join(trees.directory, 'expected');
    mkdirSync(expected);
    const rsync = spawnSync('rsync', ['-a', '--files-from=-', ...args, `${trees.source}/`, `${expected}/`], {
      input: `${list}\n`,
    });
    const options = { input: `${list}\n`, status: rsync.status ?? -1 };
    const { stdout } = await sync(trees, ['-a', '--files-from=-', '--json', ...args], options);
    expect(found(trees.destination)).toBe(found(expected));
    const unfound = rsync.stderr.toString().match(/link_stat/g) ?? [];
    expect(reportIn(stdout).problems).toHaveLength(unfound.length);
    if (unfound.length === 0) return;
    await verify(trees, ['-a', '--files-from=-', ...args], options);
  });
});

describe('a listed path', () => {
  test('below a symbolic link or a file fails, and its parents are not copied', async ({ trees }) => {
    await writeSource(trees);
    const input = 'link/r\nfile/x\nfile/y/z\np/g\n';
    const { stdout } = await sync(trees, ['--files-from=-', '--json'], { input, status: 23 });
    const { problems, verdicts } = reportIn(stdout);
    expect(problems.map(({ path }) => path).toSorted()).toEqual(['file/x', 'file/y/z', 'link/r']);
    expect(problems[0]?.reason).toBe(
      'A component of its path is not a directory, or is a symbolic link, which is not followed',
    );
    expect(verdicts).toEqual([]);
    expect(found(trees.destination)).toBe(
      found(trees.source)
        .split('\n')
        .filter((line) => / p(?:\/g)?$/.test(line))
        .concat('')
        .toSorted()
        .join('\n'),
    );
    const alone = await verify(trees, ['--files-from=-', '--json'], { input, status: 23 });
    expect(
      reportIn(alone.stdout)
        .verdicts.map(({ path }) => path)
        .toSorted(),
    ).toEqual(['file/x', 'file/y/z', 'link/r']);
  });

  test('that fails is counted once, in each mode', async ({ trees }) => {
    await writeSource(trees);
    const input = 'nodir/a\nnodir/b\nnodir/a\nfile/x\ndir\ndir/missing\n';
    for (const mode of [[], ['-r'], ['-n'], ['--verify=transferred'], ['--checksum']]) {
      const { stdout } = await sync(trees, ['--files-from=-', ...mode], { input, status: 23 });
      expect(stdout).toMatch(/\b4 paths failed/);
      expect(stdout.match(/cannot find \S*\/nodir\/a:/g)).toHaveLength(1);
    }
  });

  test('that leads out of the source is refused', async ({ trees }) => {
    await writeSource(trees);
    const { stderr } = await sync(trees, ['--files-from=-'], { input: 'p/g\np/../../x\n', status: 1 });
    expect(stderr).toContain('line 2 of the list leads out of the source');
  });

  test('does not change a directory that only leads to missing or excluded paths', async ({ trees }) => {
    await writeSource(trees);
    await writeTree(trees.destination, { p: dir({ q: dir({}, { mode: 0o700 }) }, { mode: 0o700 }) });
    const before = found(trees.destination);
    await sync(trees, ['--files-from=-', '--exclude=f'], { input: 'p/q/missing\np/q/f\n', status: 23 });
    expect(found(trees.destination)).toBe(before);
  });

  test.for<[string, Node]>([
    ['link', symlink('elsewhere')],
    ['file', file('x')],
  ])('keeps a %s that has the name of such a directory', async ([, node], { trees }) => {
    await writeSource(trees);
    await writeTree(trees.destination, { p: node });
    const before = found(trees.destination);
    for (const args of [[], ['--verify=none']]) {
      await sync(trees, ['--files-from=-', ...args], { input: 'p/q/missing\n', status: 23 });
      expect(found(trees.destination)).toBe(before);
    }
    const { stdout, stderr } = await verify(trees, ['--files-from=-'], {
      input: 'p/q/missing\n',
      status: 23,
    });
    expect(stdout + stderr).not.toContain('kind differs');
  });
});

describe('a list', () => {
  test('that ends names with NUL holds no comments', async ({ trees }) => {
    await writeTree(trees.source, { '#a': file('a'), ';b': file('b'), c: file('c') });
    await sync(trees, ['-0', '--files-from=-'], { input: '#a\0;b\0c\0' });
    expect(found(trees.destination)).toBe(found(trees.source));
  });

  test.for(['', '\n\n', '# nothing\n;\n'])(
    'that is empty is reported as such: %j',
    async (input, { trees }) => {
      await writeSource(trees);
      const told = 'the --files-from list names no paths';
      const report = join(trees.directory, 'report.html');
      const plain = await sync(trees, ['--files-from=-', `--report=${report}`], { input });
      expect(plain.stdout).toContain(told);
      expect(execFileSync('cat', [report], { encoding: 'utf8' })).toMatch(
        /the --files-from list names no paths/i,
      );
      const json = await sync(trees, ['--files-from=-', '--json', '-n'], { input });
      expect(reportIn(json.stdout).notes).toContainEqual(expect.stringContaining(told));
      const alone = await verify(trees, ['--files-from=-'], { input });
      expect(alone.stdout).toContain(told);
      const task = join(trees.directory, 'task.yaml');
      const list = join(trees.directory, 'list');
      writeFileSync(list, input);
      writeFileSync(
        task,
        `source: ${trees.source}\ndestination: ${trees.destination}\nfiles-from: ${list}\n`,
      );
      expect((await run(['run', task])).stdout).toContain(told);
      await sync(trees, ['--files-from=-', '--delete'], { input, status: 1 });
    },
  );
});
