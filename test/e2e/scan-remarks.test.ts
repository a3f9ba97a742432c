/** What `preflight --scan` remarks besides obstacles, against find(1) and Python's own walk. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { utf8Bytes } from '../../src/model/display-name.ts';
import { jsonEvents } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { run, test, type Trees } from '../support/scenario.ts';
import { dir, file, hardLink, symlink } from '../support/tree.ts';

interface CheckEvent {
  readonly event: string;
  readonly result: string;
  readonly subject: string;
  readonly finding: string;
  readonly count?: number;
  readonly examples?: readonly { readonly path: string; readonly detail: string }[];
}

async function scan({ source, destination }: Trees, args: readonly string[] = []) {
  const { stdout } = await run(['preflight', '--scan', '--json', source, destination, ...args]);
  const checks = jsonEvents(stdout) as CheckEvent[];
  return (subject: string) => checks.find((check) => check.subject === subject);
}

/** Makes a tree by chance, and tells what should be found in it. */
const ORACLE = `
import os, random, sys, unicodedata
root, seed = sys.argv[1], int(sys.argv[2])
draw = random.Random(seed)
parts = ['a', 'A', 'b', 'B', '\\u00e9', 'e\\u0301', '\\u00c9', '\\u00df', 'ss', 'k', '\\u212a', '1']
targets = ['a', '/a', '..', '../..', '../../..', 'a/../..', 'a/../../..', '/', './.', '../a/../..', '...', '..a/..']
folders = [root]
for _ in range(400):
    at = os.path.join(draw.choice(folders), ''.join(draw.choices(parts, k=draw.choice([1, 1, 2]))))
    if os.path.lexists(at): continue
    what = draw.random()
    if what < .2 and at.count('/') < root.count('/') + 4: os.mkdir(at); folders.append(at)
    elif what < .6: os.symlink(draw.choice(targets), at)
    else: open(at, 'w').close()
def fold(name):
    return unicodedata.normalize('NFD', unicodedata.normalize('NFD', name).casefold())
alike = outward = absolute = 0
for folder, folders, files in os.walk(root):
    names = folders + files
    alike += len(names) - len({fold(name) for name in names})
    for name in names:
        path = os.path.join(folder, name)
        if not os.path.islink(path): continue
        target = os.readlink(path)
        if target.startswith('/'): absolute += 1; continue
        deepest, at = 0, len(os.path.relpath(path, root).split('/')) - 1
        for part in target.split('/'):
            if part in ('', '.'): continue
            at += -1 if part == '..' else 1
            if at < 0: outward += 1; break
print(absolute, outward, alike)
`;

test.for(['1', '2', '3'])('links and alike names of tree %s, made by chance', async (seed, { trees }) => {
  const told = execFileSync('python3', ['-c', ORACLE, trees.source, seed], { encoding: 'utf8' });
  const found = await scan(trees);
  const kinds = ['absolute links', 'outward links', 'alike names'];
  const counts = kinds.map((kind) => found(`source: ${kind}`)?.count ?? 0);
  expect(counts.join(' ')).toBe(told.trim());
  const absolute = execFileSync('find', [`${trees.source}/`, '-lname', '/*', '-printf', '%P\n']);
  expect(counts[0]).toBe(absolute.toString().split('\n').length - 1);
  expect(Math.min(...counts)).toBeGreaterThan(5);
  expect(found('source: absolute links')?.examples).toHaveLength(3);
});

test('as text: a few examples and how many more there are', async ({ trees }) => {
  const links = Array.from({ length: 5 }, (_, index): [string, ReturnType<typeof symlink>] => {
    return [`l${index}`, symlink('/t')];
  });
  await writeTree(trees.source, [...links, [utf8Bytes('e\u0301'), file()], [utf8Bytes('\u00e9'), file()]]);
  const { stdout } = await run(['preflight', '--scan', trees.source, trees.destination]);
  expect(stdout).toMatch(
    /^\[WARNING\] source: absolute links: 5 symbolic links with an absolute target, copied as they are: l\d -> \/t; l\d -> \/t; l\d -> \/t, and 2 more\n +-> /m,
  );
  expect(stdout).toMatch(/alike names: 1 name .*: \u00e9 and e\u0301 in another Unicode form\n/);
});

test('what is left out is not remarked', async ({ trees }) => {
  await writeTree(trees.source, { A: file(), a: file(), d: dir({ l: symlink('/t') }), out: symlink('../x') });
  const found = await scan(trees, ['--exclude=/a', '--exclude=/d/', '--exclude=out']);
  for (const kind of ['absolute links', 'outward links', 'alike names']) {
    expect(found(`source: ${kind}`)).toBeUndefined();
  }
});

test('nor are links that are followed', async ({ trees }) => {
  await writeTree(trees.source, { a: file(), l: symlink(join(trees.source, 'a')) });
  const found = await scan(trees, ['-L']);
  expect(found('source: absolute links')).toBeUndefined();
});

describe('who writes to the source', () => {
  const WRITER = `
import fcntl, sys
written, locked, read = [open(path, mode) for path, mode in zip(sys.argv[1:], ['w', 'r+', 'r'])]
fcntl.lockf(locked, fcntl.LOCK_EX)
print('ready', flush=True)
sys.stdin.read()
`;

  test('is named, with the files open or locked for writing', async ({ memoryTrees: trees }) => {
    await writeTree(trees.source, { d: dir({ written: file('x') }), locked: file('x'), read: file('x') });
    const quiet = await scan(trees);
    expect(quiet('source: open files')).toBeUndefined();
    expect(quiet('source: writers')?.finding).toMatch(/^no process .* other machines have open are not seen/);
    const paths = ['d/written', 'locked', 'read'].map((name) => join(trees.source, name));
    const writer = spawn('python3', ['-c', WRITER, ...paths], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      await once(writer.stdout, 'data');
      const found = await scan(trees);
      const { count, examples } = found('source: open files') ?? {};
      expect(count).toBe(2);
      expect(examples?.map(({ path }) => path).toSorted()).toEqual(['d/written', 'locked']);
      expect(examples?.[0]?.detail).toMatch(new RegExp(`^python3\\S*, process ${writer.pid}$`));
      expect(found('source: locked files')).toMatchObject({ count: 1, examples: [{ path: 'locked' }] });
    } finally {
      writer.stdin.end();
      await once(writer, 'close');
    }
  });
});

describe('how much there is to do', () => {
  test('names of one file count once, and holes count', async ({ trees }) => {
    await writeTree(trees.source, [
      ['a', file('x'.repeat(3000))],
      ['b', hardLink('a')],
      ['c', file('y')],
    ]);
    truncateSync(join(trees.source, 'c'), 1024);
    const found = await scan(trees);
    expect(found('run: estimate')?.finding).toMatch(
      /^4 entries, 3\.93 KiB, listed in .*; a run takes about /,
    );
    expect(found('run: estimate')?.finding).toMatch(/for a first copy, assuming 10 calls for each entry/);
    expect(found('destination: space')).toMatchObject({ result: 'OK' });
    expect(found('this machine: TMPDIR')).toMatchObject({ result: 'OK' });
  });

  test('a source that is too large for the destination is told, and is no failure', async ({
    treesApart,
  }) => {
    await writeTree(treesApart.source, { huge: file('x') });
    truncateSync(join(treesApart.source, 'huge'), 15 * 2 ** 40);
    const found = await scan(treesApart);
    const space = found('destination: space');
    expect(space).toMatchObject({ result: 'WARNING' });
    expect(space?.finding).toMatch(/ free, and the files of the source have 15\.0 TiB$/);
  });

  test('earlier runs of the task are a better basis', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    await run([trees.source, trees.destination]);
    const found = await scan(trees);
    expect(found('run: estimate')?.finding).toMatch(/ as in the last 1 run of this task$/);
    const otherwise = await scan(trees, ['--checksum']);
    expect(otherwise('run: estimate')?.finding).toMatch(/ for a first copy, /);
  });
});
