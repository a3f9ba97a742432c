/** Entries that will not be deleted are neither counted nor listed: a dry run lists what the run does. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { expect } from 'vitest';
import { jsonEvents, reportIn } from '../support/json-report.ts';
import { unmountingBelow } from '../support/mounts.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

const EXTRANEOUS = {
  empty: dir(),
  gone: dir({ a: file(), below: dir({ b: file() }) }),
  stays: dir({ a: file(), kept1: file(), below: dir({ a: file() }) }),
  deep: dir({ one: dir({ two: dir({ kept2: file(), b: file() }), three: dir() }), c: file() }),
  part: dir({ keptdir: dir({ inside: file() }), d: file() }),
  e: file(),
};

const PROTECT = ['--delete', '--exclude=kept*'];

/** Paths that `-n` lists as deleted, without trailing slashes. */
async function listed(trees: Trees, args: readonly string[], status = 0) {
  const { stdout } = await sync(trees, ['-n', '-i', '--json', ...args], { status });
  const changes = jsonEvents(stdout).filter(({ event }) => event === 'change') as unknown as {
    itemized: string;
    path: string;
  }[];
  const paths = changes.filter(({ itemized }) => itemized.startsWith('*')).map(({ path }) => path);
  return { paths: paths.map((path) => path.replace(/\/$/, '')).toSorted(), report: reportIn(stdout) };
}

async function pathsIn({ destination }: Trees): Promise<Set<string>> {
  return new Set((await readTree(destination)).keys());
}

/** Compares the listed deletions with what find sees before and after the run. */
async function expectAsListed(trees: Trees, args: readonly string[]): Promise<void> {
  const { paths, report } = await listed(trees, args);
  const before = await pathsIn(trees);
  const { stdout } = await sync(trees, ['--json', ...args]);
  const after = await pathsIn(trees);
  const gone = [...before].filter((path) => !after.has(path)).toSorted();
  expect(paths).toEqual(gone);
  expect(report.tally['entriesToDelete']).toBe(gone.length);
  expect(reportIn(stdout).tally).toMatchObject({ entriesToDelete: gone.length, entriesDeleted: gone.length });
}

test('directories that stay because a rule protects something in them', async ({ trees }) => {
  await writeTree(trees.source, { own: file() });
  await writeTree(trees.destination, EXTRANEOUS);
  await sync(trees);
  await expectAsListed(trees, PROTECT);
  expect([...(await pathsIn(trees))].toSorted()).toEqual(
    ['', 'own', 'stays', 'stays/kept1', 'part', 'part/keptdir', 'part/keptdir/inside', 'deep', 'deep/one',
      'deep/one/two', 'deep/one/two/kept2'].toSorted(),
  ); // prettier-ignore
  const again = await listed(trees, [...PROTECT, '--max-delete=0']);
  expect(again.paths).toEqual([]);
  await sync(trees, [...PROTECT, '--max-delete=0']);
});

test('a limit is compared with the exact number of deletions', async ({ trees }) => {
  await writeTree(trees.destination, { stays: dir({ kept: file(), a: file() }), b: file() });
  await writeTree(trees.source, { own: file() });
  const beyond = await listed(trees, [...PROTECT, '--max-delete=1'], 25);
  expect(beyond.paths).toEqual([]);
  expect(beyond.report.notes.join()).toContain('nothing would be deleted: deleting 2 of');
  await sync(trees, [...PROTECT, '--max-delete=1'], { status: 25 });
  expect((await listed(trees, [...PROTECT, '--max-delete=2'])).paths).toEqual(['b', 'stays/a']);
  await sync(trees, [...PROTECT, '--max-delete=2']);
});

test('in a directory that is replaced by a file', async ({ trees }) => {
  await writeTree(trees.source, { f: file('x') });
  await writeTree(trees.destination, { f: dir({ a: file(), d: dir({ kept: file(), b: file() }) }) });
  const { paths, report } = await listed(trees, PROTECT);
  expect(paths).toEqual(['f/a', 'f/d/b']);
  expect(report.tally['entriesToDelete']).toBe(2);
  const { stdout } = await sync(trees, [...PROTECT, '--json'], { status: 23 });
  expect(reportIn(stdout).tally['entriesDeleted']).toBe(2);
});

describeWith(['rsync'], 'as rsync', () => {
  test('deletes the same paths', async ({ trees }) => {
    await writeTree(trees.source, { own: file() });
    await writeTree(trees.destination, EXTRANEOUS);
    const { paths } = await listed(trees, PROTECT);
    const before = await pathsIn(trees);
    execFileSync('rsync', ['-aq', ...PROTECT, `${trees.source}/`, `${trees.destination}/`], {
      stdio: 'ignore',
    });
    const after = await pathsIn(trees);
    expect(paths).toEqual([...before].filter((path) => !after.has(path)).toSorted());
  });
});

describeWith(['root', 'tmpfs mount'], 'mount points with -x', () => {
  test('keep their parent directories', async ({ trees }) => {
    await writeTree(trees.source, { own: file() });
    await writeTree(trees.destination, {
      ...EXTRANEOUS,
      m: dir({ a: file(), n: dir({ mounted: dir() }) }),
      o: dir({ bound: file(), p: dir({ q: file() }) }),
    });
    await sync(trees);
    mkdirSync(`${trees.directory}/other`);
    await unmountingBelow(trees.directory, async () => {
      execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', `${trees.destination}/m/n/mounted`]);
      execFileSync('mount', ['--bind', `${trees.source}/own`, `${trees.destination}/o/bound`]);
      await expectAsListed(trees, [...PROTECT, '-x']);
      const left = [...(await pathsIn(trees))];
      expect(left).toContain('o/bound');
      expect(left).toContain('m/n/mounted');
      expect(left).not.toContain('o/p');
    });
  });
});
