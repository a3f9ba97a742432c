/** All deletions are refused unless the source is surely the same and contains what it should. */
import { execFileSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { jsonEvents } from '../support/json-report.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, giveToNobody, run, sync, test, verify } from '../support/scenario.ts';
import type { SyncOptions, Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';
import type { NamedNode } from '../support/tree.ts';

const STRAYS = { stray: file('s'), strays: dir({ a: file('s') }) };

async function expectStraysKept({ destination }: Trees): Promise<void> {
  const found = await readTree(destination);
  expect(['stray', 'strays', 'strays/a'].filter((path) => !found.has(path))).toEqual([]);
}

/** The copy takes two seconds, and many deletions follow. */
async function makeSlowTrees({ source, destination }: Trees): Promise<void> {
  await writeTree(source, { large: file('x'.repeat(600_000)), sentinel: file() });
  await writeTree(destination, STRAYS);
}

/** Acts when the first bytes arrive, long after planning. */
function onceCopying({ destination }: Trees, act: () => void): (child: ChildProcess) => void {
  return (child) => {
    const timer = setInterval(() => {
      if (!readdirSync(destination).some((name) => name.startsWith('.efs-sync-'))) return;
      clearInterval(timer);
      act();
    }, 5);
    child.on('exit', () => {
      clearInterval(timer);
    });
  };
}

async function syncWhile(trees: Trees, act: () => void, options: SyncOptions & { args?: string[] } = {}) {
  const args = ['--delete', '--bwlimit=300', '--verify=none', ...(options.args ?? [])];
  return sync(trees, args, { status: 11, ...options, onStart: onceCopying(trees, act) });
}

function replace({ directory, source }: Trees): void {
  renameSync(source, join(directory, 'away'));
  execFileSync('cp', ['-a', join(directory, 'away'), source]);
}

test.for<[string, (trees: Trees) => void, RegExp]>([
  ['replaced by a copy of itself', replace, /no longer the directory it was at the start/],
  [
    'moved away',
    ({ directory, source }) => renameSync(source, join(directory, 'away')),
    /can no longer be used/,
  ],
  [
    'emptied',
    ({ source }) => execFileSync('rm', ['-r', `${source}/large`, `${source}/sentinel`]),
    /is empty now but was not at the start/,
  ],
])('a source that is %s before the deletions', async ([, act, says], { trees }) => {
  await makeSlowTrees(trees);
  const { stderr } = await syncWhile(trees, () => act(trees));
  expect(stderr).toMatch(says);
  await expectStraysKept(trees);
});

async function onMount(trees: Trees, act: () => void): Promise<string> {
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', trees.source]);
  try {
    await makeSlowTrees(trees);
    return (await syncWhile(trees, act)).stderr;
  } finally {
    execFileSync('sh', ['-c', 'while umount "$0" 2>/dev/null; do :; done', trees.source]);
  }
}

describeWith(['tmpfs mount'], 'a source that is a mount', () => {
  test('and is unmounted before the deletions', async ({ trees }) => {
    const stderr = await onMount(trees, () => execFileSync('umount', ['-l', trees.source]));
    expect(stderr).toMatch(/source .*no longer the directory it was at the start; was it unmounted/);
    await expectStraysKept(trees);
  });

  test('and is mounted over before the deletions', async ({ trees }) => {
    const over = () => execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', trees.source]);
    expect(await onMount(trees, over)).toMatch(/no longer the directory it was at the start/);
    await expectStraysKept(trees);
  });
});

test.for(['sync', 'dry run'])('a source that is replaced while it is listed: %s', async (kind, { trees }) => {
  const files = Array.from({ length: 30 }, (_, index): NamedNode => [`d${index}`, dir({ f: file('x') })]);
  await writeTree(trees.source, files);
  await writeTree(trees.destination, STRAYS);
  const args = ['--delete', '--json', '--opslimit=100', ...(kind === 'sync' ? [] : ['-n'])];
  const { stderr, stdout } = await sync(trees, args, {
    status: 11,
    onStart: onceStarted(() => replace(trees)),
  });
  expect(stderr).toMatch(/^efs-sync: cannot continue: source .*no longer the directory it was at the start/);
  expect(jsonEvents(stdout).at(-1)).toMatchObject({ event: 'error', name: 'FatalError' });
  expect((await readTree(trees.destination)).size).toBe(4);
});

test('a source that is replaced during verification ends the run instead of listing differences', async ({
  trees,
}) => {
  const files = Array.from({ length: 30 }, (_, index): NamedNode => [`d${index}`, dir({ f: file('x') })]);
  await writeTree(trees.source, files);
  await sync(trees);
  const args = ['--json', '--opslimit=100', '--delete'];
  const options = { status: 11, onStart: onceStarted(() => replace(trees)) };
  const { stdout } = await verify(trees, args, options);
  expect(jsonEvents(stdout).filter(({ event }) => event === 'verdict')).toEqual([]);
});

function onceStarted(act: () => void): (child: ChildProcess) => void {
  return (child) => {
    child.stdout?.once('data', act);
  };
}

test('a source whose every path is excluded', async ({ trees }) => {
  await writeTree(trees.source, { 'lost+found': dir({ a: file() }), b: file() });
  await writeTree(trees.destination, STRAYS);
  for (const args of [
    ['--exclude=lost+found', '--exclude=b'],
    ['--exclude=*', '--delete-excluded'],
    ['--include=*.c', '--exclude=b', '--exclude=/lost+found/'],
  ]) {
    const { stderr } = await sync(trees, ['--delete', ...args], { status: 3 });
    expect(stderr).toMatch(/contains only excluded entries, but the destination has more/);
  }
  await expectStraysKept(trees);
});

describeWith(['another user'], 'an empty source', () => {
  test('is refused even if part of the destination cannot be listed', async ({ trees }) => {
    await writeTree(trees.destination, STRAYS);
    giveToNobody(trees);
    await writeTree(trees.destination, { closed: dir({}, { mode: 0o700 }) });
    const { stderr } = await sync(trees, ['--delete'], { status: 3, asNobody: true });
    expect(stderr).toMatch(/cannot delete with --delete: .* is empty/);
    await expectStraysKept(trees);
  });
});

test.for([['--max-delete=0'], ['--max-delete=0%']])(
  '%s prevents deletions and nothing else',
  async (limit, { trees }) => {
    await writeTree(trees.source, { a: file('x'), b: file('x') });
    await writeTree(trees.destination, { a: file('old') });
    await sync(trees, ['--delete', ...limit]);
    await expectSame(trees);
    await writeTree(trees.destination, { stray: file() });
    const { stdout } = await sync(trees, ['--delete', ...limit], { status: 25 });
    expect(stdout).toMatch(/nothing was deleted: deleting 1 of 3 entries would exceed --max-delete/);
  },
);

test('--max-delete counts entries that are replaced by another kind', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x'), b: file('x') });
  await writeTree(trees.destination, { a: dir({ c: file(), d: dir() }) });
  const { stderr, stdout } = await sync(trees, ['--force', '--max-delete=1'], { status: 23 });
  expect(stderr).toMatch(
    /cannot copy .*\/a: a directory that is not empty is in the way; .*--max-delete allows/,
  );
  expect(stdout).toMatch(/nothing was deleted: deleting 2 of 3 entries would exceed --max-delete/);
  expect([...(await readTree(trees.destination)).keys()]).toEqual(['', 'a', 'a/c', 'a/d', 'b']);
  await sync(trees, ['--force', '--max-delete=2']);
  await expectSame(trees);
});

test('--require-file: a source without it is refused before anything is done', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x'), d: dir({ here: dir() }), l: symlink('d') });
  await writeTree(trees.destination, STRAYS);
  for (const name of ['none', 'd/none', 'a/none', 'l/here', 'd/here/none']) {
    const args = ['--delete', `--require-file=${name}`];
    const { stderr } = await sync(trees, args, { status: 3 });
    expect(stderr).toMatch(new RegExp(`^efs-sync: cannot sync: source .*/source does not contain ${name} `));
    await verify(trees, args, { status: 3 });
  }
  for (const name of ['', '/', '.', '..', '../source', '/a', 'd/../a']) {
    const { stderr } = await sync(trees, [`--require-file=${name}`], { status: 1 });
    expect(stderr).toMatch(/--require-file=NAME' argument/);
  }
  await expectStraysKept(trees);
  for (const name of ['a', './d//here/', 'l']) await sync(trees, ['--delete', `--require-file=${name}`]);
  await expectSame(trees);
});

test('--require-file: a source that has lost it deletes nothing', async ({ trees }) => {
  await makeSlowTrees(trees);
  const lose = () => rmSync(join(trees.source, 'sentinel'));
  const { stderr } = await syncWhile(trees, lose, { args: ['--require-file=sentinel'] });
  expect(stderr).toMatch(/cannot continue: source .* does not contain sentinel/);
  await expectStraysKept(trees);
  await run([trees.source, trees.destination, '--delete']);
  await expectSame(trees);
});
