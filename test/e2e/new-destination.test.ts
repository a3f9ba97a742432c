/** A destination that is not there is made as rsync makes it, unless a mount is missing. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test as plain } from 'vitest';
import { compareTrees, writeTree } from '../support/oracle.ts';
import { withLatfs } from '../support/latfs.ts';
import { describeWith } from '../support/requirements.ts';
import { itemizedLines } from '../support/rsync.ts';
import { CLI, cleanEnvironment } from '../support/run-cli.ts';
import { giveToNobody, run, snapshot, sync, test, verify, type Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

const TREE = { f: file('x', { mode: 0o640 }), sub: dir({ g: file('yy'), link: symlink('g') }) };

function withDestination(trees: Trees, name: string): Trees {
  return { ...trees, destination: join(trees.directory, name) };
}

test('its last name', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  const made = withDestination(trees, 'new');
  const { stdout } = await sync(made);
  expect(stdout).toContain(`\nNote: created directory ${made.destination}\n`);
  expect(await compareTrees(trees.source, made.destination)).toEqual([]);
  const again = await sync(made);
  expect(again.stdout).not.toContain('created directory');
});

test('whatever follows its name', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  for (const [index, end] of ['', '/', '//', '/.', '/./'].entries()) {
    await run([trees.source, `new${index}${end}`], { cwd: trees.directory });
    expect(await compareTrees(trees.source, join(trees.directory, `new${index}`))).toEqual([]);
  }
});

test('with the mode that mkdir gives it, where modes are not kept', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  const made = withDestination(trees, 'new');
  const shell = `umask 027; exec "$@"`;
  const args = ['-c', shell, 'sh', process.execPath, CLI, made.source, made.destination, '--no-perms'];
  expect(spawnSync('sh', args, { env: cleanEnvironment() }).status).toBe(0);
  expect(statSync(made.destination).mode & 0o777).toBe(0o750);
});

test('--mkpath makes all that is missing, and nothing else does', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  const made = withDestination(trees, 'a/b/c');
  const { stderr } = await sync(made, [], { status: 3 });
  expect(stderr).toBe(
    `efs-sync: cannot use destination ${made.destination}: No such file or directory; ` +
      'the directory above is missing too: if it should be a mount, mount it; --mkpath makes both\n',
  );
  await sync(made, ['--mkpath', '-n']);
  expect(existsSync(join(trees.directory, 'a'))).toBe(false);
  await sync(made, ['--mkpath']);
  expect(await compareTrees(trees.source, made.destination)).toEqual([]);
  await run(['--mkpath', trees.source, 'none/../new'], { cwd: trees.directory, status: 3 });
});

describe('a dry run makes nothing, and lists what the run does', () => {
  for (const options of [[], ['-c', '-A', '-X', '-H'], ['--delete', '--max-delete=0'], ['--existing']]) {
    test(options.join(' ') || 'without options', async ({ trees }) => {
      await writeTree(trees.source, TREE);
      const made = withDestination(trees, 'new');
      const before = await snapshot(trees.directory);
      const dry = await sync(made, ['-n', '-i', ...options]);
      expect(dry.stdout).toContain(`\nNote: directory ${made.destination} would be created`);
      expect(await snapshot(trees.directory)).toEqual(before);
      const real = await sync(made, ['-i', ...options]);
      expect(itemizedLines(dry.stdout)).toEqual(itemizedLines(real.stdout));
    });
  }

  test('leaving nothing where it keeps temporary files', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    const TMPDIR = join(trees.directory, 'temporary');
    mkdirSync(TMPDIR);
    await sync(withDestination(trees, 'new'), ['-n'], { env: { TMPDIR } });
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  test('of a list', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    const made = withDestination(trees, 'new');
    const { stdout } = await sync(made, ['-n', '-i', '--files-from=-'], { input: 'sub/g\n' });
    expect(itemizedLines(stdout)).toEqual(['>f+++++++++ sub/g', 'cd+++++++++ sub/']);
  });
});

test('verify and preflight do not make it', async ({ trees }) => {
  const made = withDestination(trees, 'new');
  const { stderr } = await verify(made, [], { status: 3 });
  expect(stderr).toMatch(
    /new: No such file or directory; verify does not make it: .* type mkdir -p \S+new$/m,
  );
  await run(['preflight', made.source, made.destination], { status: 3 });
  expect(existsSync(made.destination)).toBe(false);
});

test('nothing is made where the run is refused', async ({ trees }) => {
  await writeTree(trees.source, TREE);
  await writeTree(trees.directory, { f: file('x'), dangling: symlink('nowhere') });
  const { source } = trees;
  const before = await snapshot(trees.directory);
  const cases: [string[], RegExp][] = [
    [[source, `${source}/new`], /the destination lies inside the source/],
    [['--mkpath', source, `${source}/sub/new/x`], /the destination lies inside the source/],
    [['nowhere', 'new'], /cannot use source nowhere: No such file/],
    [['--require-mount', source, 'new'], /nothing is mounted there/],
    [['--require-file=none', source, 'new'], /does not contain none/],
    [['--source-snapshot=none', source, 'new'], /snapshot/],
    [[source, 'dangling'], /cannot make destination dangling: it is a symbolic link that leads nowhere/],
    [['--mkpath', source, 'dangling/x'], /dangling is a symbolic link that leads nowhere/],
    [['--mkpath', source, 'f/x'], /f\/x: Not a directory/],
    [[source, '~'], /no shell expanded ~/],
    [[source, '$DATA'], /no shell expanded \$DATA/],
    [[source, 'new*'], /no shell expanded the pattern/],
    [[source, 'host:'], /mount it first/],
    [[source, 'fs-0123abcd:/'], /mount it first/],
    [['--mkpath', source, 's3://bucket/x'], /aws s3 sync/],
  ];
  for (const [args, says] of cases) {
    const { stderr } = await run(args, { cwd: trees.directory, status: 3 });
    expect(stderr).toMatch(says);
  }
  expect(await snapshot(trees.directory)).toEqual(before);
  await run([source, './host:x'], { cwd: trees.directory });
});

describeWith(['another user'], 'a directory that may not be written to', () => {
  test('is named', async ({ trees }) => {
    await writeTree(trees.source, TREE);
    giveToNobody(trees);
    const sealed = join(trees.directory, 'sealed');
    mkdirSync(sealed, { mode: 0o755 });
    const made = withDestination(trees, 'sealed/new');
    const { stderr } = await sync(made, [], { status: 3, asNobody: true });
    expect(stderr).toBe(`efs-sync: cannot make destination ${made.destination}: Permission denied\n`);
  });
});

describeWith(['latfs', 'root'], 'a server that denies root to make it', () => {
  test('is told of with its cure', async ({ trees }) => {
    const mountPoint = join(trees.directory, 'mirror');
    await withLatfs({ backing: trees.destination, mountPoint }, [], async (mirror) => {
      mirror.ctl('op=mkdir', 'errno=EACCES');
      const { stderr } = await run([trees.source, `${mountPoint}/new`], { status: 3 });
      expect(stderr).toMatch(/^efs-sync: cannot make destination \S+: Permission denied; .*no_root_squash/);
    });
  });
});

const WITH_FSTAB = 'mount --bind "$1" /etc/fstab; shift; exec "$@"';

describeWith(['root'], 'a mount that fstab has', () => {
  test('is not to be made a directory of', ({ trees }) => {
    const fstab = join(trees.directory, 'fstab');
    const refuse = (mountPoint: string, destination: string, ...options: string[]) => {
      writeFileSync(fstab, `nas:/export ${mountPoint} nfs noauto 0 0\n`);
      const command = ['-m', 'sh', '-ec', WITH_FSTAB, 'sh', fstab, process.execPath, CLI];
      const all = [...command, trees.source, destination, ...options];
      return spawnSync('unshare', all, { env: cleanEnvironment(), encoding: 'utf8' });
    };
    const [at, below] = [join(trees.directory, 'efs'), join(trees.directory, 'efs/data')];
    const says = `: /etc/fstab lists nas:/export for ${at}, but that is not mounted: mount ${at}\n`;
    expect(refuse(at, at)).toMatchObject({
      status: 3,
      stderr: `efs-sync: cannot make destination ${at}${says}`,
    });
    expect(refuse(at, below, '--mkpath', '-n').stderr).toContain(says);
    mkdirSync(at);
    expect(refuse(at, below).stderr).toContain(says);
    expect(existsSync(below)).toBe(false);
    expect(refuse(join(trees.directory, 'other'), below).status).toBe(0);
    rmSync(below, { recursive: true });
    symlinkSync(at, join(trees.directory, 'link'));
    expect(refuse(at, join(trees.directory, 'link/data')).stderr).toContain(says);
  });
});

plain('--mkpath is an option of task files', async () => {
  const { stdout } = await run(['--print-config', '--mkpath', 'a', 'b']);
  expect(stdout).toMatch(/^mkpath: true/m);
});
