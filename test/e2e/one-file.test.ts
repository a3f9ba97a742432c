/** A file as the source, as rsync has it: into a directory, or under a new name. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { jsonEvents } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { itemizedLines } from '../support/rsync.ts';
import { CLI, cleanEnvironment } from '../support/run-cli.ts';
import { giveToNobody, run, snapshot, test, type Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

const PAST = { mtimeNs: 1_500_000_000_123_456_789n };

/** Two directories with the same in them, for efs-sync and for rsync. */
async function writeTwins({ directory }: Trees): Promise<{ ours: string; theirs: string }> {
  const twins = { ours: join(directory, 'ours'), theirs: join(directory, 'theirs') };
  for (const twin of Object.values(twins)) {
    await writeTree(twin, {
      s: dir({
        f: file('content', { mode: 0o640, ...PAST }),
        other: file('other'),
        link: symlink('f'),
        toDirectory: symlink('sub'),
        sub: dir({ g: file('g') }),
        '.rsync-filter': file('- *\n'),
      }),
      d: dir({ kept: file('kept'), link: file('replaced'), blocked: dir({ x: file('x') }) }, PAST),
      // Of another time than `s/other`, however fast both are made.
      old: file('older', { mode: 0o600, mtimeNs: 1_400_000_000_000_000_000n }),
      same: file('content', { mode: 0o640, ...PAST }),
      dangling: symlink('nowhere'),
      toFile: symlink('old'),
      toDirectory: symlink('d'),
    });
  }
  return twins;
}

/** Of a time, only whether it is the one that is to be kept. */
async function listed(root: string): Promise<object[]> {
  return [...(await readTree(root)).values()].map(({ path, kind, mode, uid, gid, linkTarget, mtimeNs }) => {
    const content = kind === 'file' ? readFileSync(join(root, path), 'latin1') : '';
    const keepsTime = mtimeNs === String(PAST.mtimeNs);
    return { path, kind, mode, uid, gid, linkTarget, keepsTime, content };
  });
}

const LIKE_OURS = ['-rlptgoHS', '--numeric-ids', '--modify-window=-1', '-i'];

describeWith(['rsync'], 'as rsync does', () => {
  test.for([
    ['s/f', 'd'],
    ['s/f', 'd/'],
    ['s/f', 'd/.'],
    ['s/f', 'd/new'],
    ['s/f', 'new'],
    ['s/f', 'new/'],
    ['s/f', './new'],
    ['s/f', 'old'],
    ['s/f', 'same'],
    ['s/f', 's/new'],
    ['s/f', 's/sub'],
    ['s/f', 's/sub/new'],
    ['s/f', 'dangling'],
    ['s/f', 'toFile'],
    ['s/f', 'toDirectory'],
    ['s/f', 'toDirectory/new'],
    ['s/link', 'd'],
    ['s/link', 'new'],
    ['s/link', 'old'],
    ['--delete', 's/f', 'd'],
    ['--delete', 's/f', 'new'],
    ['--mkpath', 's/f', 'a/b/new'],
    ['--mkpath', 's/f', 'a/b/new/'],
    ['--exclude=f', 's/f', 'new'],
    ['--exclude=new', 's/f', 'new'],
    ['-F', 's/f', 'new'],
    ['-F', '--delete', 's/f', 'd'],
    ['-C', 's/f', 'new'],
    ['--existing', 's/f', 'new'],
    ['--existing', 's/f', 'old'],
    ['--ignore-existing', 's/f', 'old'],
    ['--update', 's/f', 'old'],
    ['--inplace', 's/f', 'old'],
    ['--inplace', 's/f', 'new'],
    ['-c', 's/f', 'same'],
    ['--size-only', 's/other', 'old'],
    ['--max-size=1', 's/f', 'new'],
    ['--chown=1:2', 's/f', 'new'],
  ])('%j', async (args, { trees }) => {
    const { ours, theirs } = await writeTwins(trees);
    const dry = await run(['-n', '-i', ...args], { cwd: ours });
    const expected = spawnSync('rsync', [...LIKE_OURS, ...args], { cwd: theirs, encoding: 'utf8' });
    expect(expected.status).toBe(0);
    const { stdout } = await run(['-i', ...args], { cwd: ours });
    expect(await listed(ours)).toEqual(await listed(theirs));
    expect(itemizedLines(stdout)).toEqual(itemizedLines(expected.stdout));
    expect(itemizedLines(dry.stdout)).toEqual(itemizedLines(expected.stdout));
    await run(['verify', ...args.filter((arg) => !arg.startsWith('--mkpath'))], { cwd: ours });
  });
});

test('nothing is written by a dry run, nor if it is refused', async ({ trees }) => {
  const { ours } = await writeTwins(trees);
  execFileSync('mkfifo', [join(ours, 'fifo')]);
  const before = await snapshot(ours);
  for (const to of ['d', 'new', 'new/', 'old']) await run(['-n', 's/f', to], { cwd: ours });
  await run(['-n', '--mkpath', 's/f', 'a/b'], { cwd: ours });
  const cases: [string[], RegExp][] = [
    [['s/f', 's'], /source and destination are the same file, \S+\/s\/f$/],
    [['s/f', 's/f'], /source and destination are the same file, \S+\/s\/f$/],
    [['s/f/', 'd'], /cannot use source s\/f\/: Not a directory$/],
    [['s/f', 'old/'], /cannot use destination old\/: Not a directory$/],
    [['s/f', 'old/new'], /cannot use destination old\/new: Not a directory$/],
    [['s/f', 'no/new'], /destination no\/new: No such file or directory; .*--mkpath makes both$/],
    [['s/f', 'no/new/'], /destination no\/new\/: No such file or directory; .*--mkpath makes both$/],
    [['s/f', 'fifo'], /destination fifo: it is neither a directory nor a regular file$/],
    [['s/f', 'host:x'], /mount it first/],
    [['dangling', 'd'], /cannot use source dangling: No such file or directory$/],
    [['s/none', 'd'], /cannot use source s\/none: No such file or directory$/],
    [['--files-from=-', 's/f', 'd'], /cannot use source s\/f: Not a directory$/],
    [['s', 'old'], /cannot use destination old: Not a directory$/],
  ];
  for (const [args, says] of cases) {
    const { stderr } = await run(args, { cwd: ours, status: 3, input: 'f\n' });
    expect(stderr.trimEnd()).toMatch(says);
  }
  const manifest = await run(['--manifest=../m', 's/f', 'new'], { cwd: ours, status: 1 });
  expect(manifest.stderr).toContain('--manifest names files as the source does');
  expect(await snapshot(ours)).toEqual(before);
});

test('a link to a directory is that directory', async ({ trees }) => {
  const { ours } = await writeTwins(trees);
  await run(['s/toDirectory', 'new'], { cwd: ours });
  expect(readdirSync(join(ours, 'new'))).toEqual(['g']);
});

test('a name that no option deletes', async ({ trees }) => {
  const { ours } = await writeTwins(trees);
  writeFileSync(join(ours, 's/blocked'), 'x');
  for (const options of [[], ['--delete'], ['--delete', '--delete-excluded', '--exclude=kept']]) {
    const { output } = await run([...options, 's/blocked', 'd'], { cwd: ours, status: 23 });
    expect(output).toContain('blocked');
    expect(readdirSync(join(ours, 'd'))).toEqual(['blocked', 'kept', 'link']);
  }
});

describe('verify', () => {
  test('tells of a file that differs, or is missing', async ({ trees }) => {
    const { ours } = await writeTwins(trees);
    const differs = await run(['verify', 's/f', 'old'], { cwd: ours, status: 40 });
    expect(differs.stdout).toMatch(/content mismatch: f: /);
    const missing = await run(['verify', 's/f', 'none'], { cwd: ours, status: 40 });
    expect(missing.stdout).toMatch(/missing: f/);
    expect(existsSync(join(ours, 'none'))).toBe(false);
  });
});

test('the report names both files as they were given', async ({ trees }) => {
  const { ours } = await writeTwins(trees);
  const text = await run(['s/f', 'new'], { cwd: ours });
  expect(text.stdout).toMatch(/^s\/f -> new\n/);
  expect(text.stdout).not.toContain('files-from');
  const { stdout } = await run(['--json', '--checksum', 's/f', 'new'], { cwd: ours });
  const [start] = jsonEvents(stdout);
  expect(start).toMatchObject({ source: join(ours, 's/f'), destination: join(ours, 'new') });
  expect(stdout).toContain('"scope":"everything"');
});

test('a name of any bytes, a new name of any bytes', async ({ trees }) => {
  const { ours } = await writeTwins(trees);
  const names = ['-f', 'a b', "q'", 'ä€', 'line\nfeed', '.hidden', '~x', 'a:b', 'x'.repeat(255)];
  for (const name of names) {
    writeFileSync(join(ours, 's', name), name);
    await run([join(ours, 's', name), `${ours}/d`]);
    await run([`${ours}/s/f`, `${ours}/d/as ${name}`.slice(0, ours.length + 3 + 255)]);
    expect(readFileSync(join(ours, 'd', name), 'utf8')).toBe(name);
  }
});

test('a large file, one with holes, and one with several names', async ({ treesApart: trees }) => {
  const large = join(trees.source, 'large');
  execFileSync('sh', ['-c', 'head -c 150M /dev/urandom > "$1"; truncate -s 170M "$1"', 'sh', large]);
  execFileSync('ln', [large, join(trees.source, 'again')]);
  const copy = join(trees.destination, 'copy');
  for (const options of [[], ['--inplace', '--checksum'], ['--partial', '--fsync', '--opslimit=1000000']]) {
    await run([large, copy, ...options]);
    execFileSync('cmp', [large, copy]);
    expect(readdirSync(trees.destination)).toEqual(['copy']);
    execFileSync('sh', ['-c', 'printf x | dd of="$1" bs=1 seek=9999999 conv=notrunc 2>&1', 'sh', copy]);
  }
});

describeWith(['another user'], 'without root', () => {
  test('into a directory that its owner may not write to, as rsync does not', async ({ trees }) => {
    await writeTree(trees.source, { f: file('x') });
    giveToNobody(trees);
    await run([join(trees.source, 'f'), join(trees.destination, 'new')], { asNobody: true });
    expect(readFileSync(join(trees.destination, 'new'), 'utf8')).toBe('x');
  });
});

test('from a snapshot', async ({ trees }) => {
  await writeTree(trees.source, {
    f: file('now'),
    '.snapshot': dir({ one: dir({ f: file('then') }) }),
  });
  const { stdout } = await run(['--source-snapshot=one', 'source/f', 'new'], { cwd: trees.directory });
  expect(stdout).toMatch(/^source\/\.snapshot\/one\/f -> new\n|^\S+\/\.snapshot\/one\/f -> new\n/);
  expect(readFileSync(join(trees.directory, 'new'), 'utf8')).toBe('then');
});

test('in a task file', async ({ trees }) => {
  const { ours } = await writeTwins(trees);
  writeFileSync(join(ours, 't.yaml'), `source: ${ours}/s/f\ndestination: ${ours}/new\n`);
  await run(['run', join(ours, 't.yaml')]);
  expect(readFileSync(join(ours, 'new'), 'utf8')).toBe('content');
});

const WITH_FSTAB = 'mount --bind "$1" /etc/fstab; shift; exec "$@"';

describeWith(['root'], 'a mount that fstab has', () => {
  test('is not to be made a file of', ({ trees: { ...trees } }) => {
    const [fstab, at] = [join(trees.directory, 'fstab'), join(trees.directory, 'efs')];
    writeFileSync(join(trees.source, 'f'), 'x');
    writeFileSync(fstab, `nas:/export ${at} nfs noauto 0 0\n`);
    const command = ['-m', 'sh', '-ec', WITH_FSTAB, 'sh', fstab, process.execPath, CLI];
    const all = [...command, join(trees.source, 'f'), at];
    const { status, stderr } = spawnSync('unshare', all, { env: cleanEnvironment(), encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: `efs-sync: cannot make destination ${at}: /etc/fstab lists nas:/export for ${at}, but that is not mounted: mount ${at}\n`,
    });
    expect(existsSync(at)).toBe(false);
  });
});

test("another user's link is not followed, and not replaced", async ({ trees }) => {
  const { ours } = await writeTwins(trees);
  mkdirSync(join(ours, 'theirs'));
  symlinkSync('../theirs', join(ours, 'd/planted'));
  execFileSync('chown', ['-h', '65534', join(ours, 'd/planted')]);
  const { stderr } = await run(['s/f', 'd/planted'], { cwd: ours, status: 3 });
  expect(stderr).toMatch(/symbolic link .*planted belongs to user 65534/);
  expect(readdirSync(join(ours, 'theirs'))).toEqual([]);
});
