/** Every class of difference, provoked alone, is reported with its class, path, fields and both values. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { reportIn, syncForReport, verifyForReport } from '../support/json-report.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { giveToNobody, run, test } from '../support/scenario.ts';
import type { SyncOptions, Trees } from '../support/scenario.ts';
import { dir, fifo, file, hardLink, symlink } from '../support/tree.ts';
import type { Tree } from '../support/tree.ts';

const TIME = { mtimeNs: 1_600_000_000_000_000_005n };
const LATER = { mtimeNs: TIME.mtimeNs + 1n };

interface Found {
  readonly class: string;
  readonly path: string;
  readonly detail: string;
  readonly differences: readonly string[];
}

async function verdicts(trees: Trees, args: readonly string[], options: SyncOptions): Promise<Found[]> {
  const { stdout } = await run([...args, trees.source, trees.destination, '--json'], options);
  return reportIn(stdout).verdicts as unknown as Found[];
}

function told({ class: verdict, path, differences, detail }: Found): string {
  return `${verdict}: ${path}: ${differences.join(',')}: ${detail}`;
}

/** The expected message and two trees with one difference. */
type Case = readonly [said: string, source: Tree, destination: Tree, args?: string];

const SAME = file('same', TIME);

/** As bytes, one character each: ä and ö. */
const [A, O] = ['\xc3\xa4', '\xc3\xb6'];

const DIFFERENCES: readonly Case[] = [
  ['content mismatch: a: content: content differs', { a: file('one', TIME) }, { a: file('two', TIME) }],
  [
    'content mismatch: a: size,content: size 3 at the source, 4 at the destination; content differs',
    { a: file('one', TIME) },
    { a: file('four', TIME) },
  ],
  ['content mismatch: l: content: content differs', { l: symlink('one', TIME) }, { l: symlink('two', TIME) }],
  [
    'metadata differs: a: mtime: mtime 2020-09-13T12:26:40.000000005Z at the source, 2020-09-13T12:26:40.000000006Z at the destination',
    { a: file('x', TIME) },
    { a: file('x', LATER) },
  ],
  [
    'metadata differs: a: mode: mode 4755 at the source, 0755 at the destination',
    { a: file('x', { mode: 0o4755, ...TIME }) },
    { a: file('x', { mode: 0o755, ...TIME }) },
  ],
  [
    'metadata differs: d: mode: mode 0700 at the source, 0755 at the destination',
    { d: dir({}, { mode: 0o700, ...TIME }) },
    { d: dir({}, { mode: 0o755, ...TIME }) },
  ],
  ['missing: a: missing: not at the destination', { a: SAME }, {}],
  [
    'missing: d: missing: not at the destination; it contains 1 file or other entry',
    { d: dir({ below: SAME }, TIME) },
    {},
  ],
  ['extraneous: a: : not in the source', {}, { a: SAME }, '--delete'],
  ['extraneous: d: : not in the source', {}, { d: dir({ below: SAME }, TIME) }, '--delete'],
  [
    'kind differs: a: kind: kind file at the source, directory at the destination',
    { a: SAME },
    { a: dir({}, TIME) },
  ],
  [
    'kind differs: a: kind: kind directory at the source, symlink at the destination',
    { a: dir({}, TIME) },
    { a: symlink('x', TIME) },
  ],
  [
    'kind differs: a: kind: kind fifo at the source, file at the destination',
    { a: fifo(TIME) },
    { a: SAME },
    '--specials',
  ],
  [
    'links differ: ö: linkGroup: linked to ä in the source, separate at the destination',
    { [A]: SAME, [O]: hardLink(A) },
    { [A]: SAME, [O]: SAME },
  ],
  [
    'links differ: ö: linkGroup: linked to ä at the destination, separate in the source',
    { [A]: SAME, [O]: SAME },
    { [A]: SAME, [O]: hardLink(A) },
  ],
];

test.for(DIFFERENCES)('%s', async ([said, source, destination, ...args], { trees }) => {
  await writeTree(trees.source, source, TIME);
  await writeTree(trees.destination, destination, TIME);
  const found = await verdicts(trees, ['verify', ...(args as string[])], { status: 40 });
  expect(found.map(told)).toEqual([said]);
});

test('wrongly linked names are compared with the first path, whatever the inodes', async ({ trees }) => {
  await writeTree(trees.source, { a: SAME, b: SAME }, TIME);
  await writeTree(trees.destination, { a: SAME, b: hardLink('a') }, TIME);
  for (let exchange = 0; exchange < 2; exchange++) {
    const found = await verdicts(trees, ['verify'], { status: 40 });
    const linked = found.filter((verdict) => verdict.class === 'links differ');
    expect(linked.map(({ path }) => path)).toEqual(['b']);
    exchangeNames(trees.source, 'a', 'b');
  }
});

function exchangeNames(directory: string, one: string, other: string): void {
  const aside = join(directory, 'aside');
  renameSync(join(directory, one), aside);
  renameSync(join(directory, other), join(directory, one));
  renameSync(aside, join(directory, other));
}

describeWith(['root', 'mknod', 'user xattrs', 'setfacl'], 'with privileges', () => {
  test.for<Case>([
    [
      'metadata differs: a: uid: uid 5 at the source, 0 at the destination',
      { a: file('x', { uid: 5, ...TIME }) },
      { a: file('x', { uid: 0, ...TIME }) },
    ],
    [
      'metadata differs: l: gid: gid 5 at the source, 0 at the destination',
      { l: symlink('x', { gid: 5, ...TIME }) },
      { l: symlink('x', { gid: 0, ...TIME }) },
    ],
    [
      'metadata differs: a: xattr: extended attributes differ',
      { a: file('x', { xattrs: { 'user.a': 'b' }, ...TIME }) },
      { a: file('x', TIME) },
      '--xattrs',
    ],
    [
      'metadata differs: a: acl: ACL differs',
      { a: file('x', { acl: 'u:5:r,m::r', mode: 0o644, ...TIME }) },
      { a: file('x', { mode: 0o644, ...TIME }) },
      '--acls',
    ],
  ])('%s', async ([said, source, destination, ...args], { trees }) => {
    await writeTree(trees.source, source, TIME);
    await writeTree(trees.destination, destination, TIME);
    const found = await verdicts(trees, ['verify', ...(args as string[])], { status: 40 });
    expect(found.map(told)).toEqual([said]);
  });
});

describeWith(['another user'], 'what cannot be read', () => {
  test.for(['source', 'destination'] as const)(
    'is a read error of the %s, and no difference',
    async (side, { trees }) => {
      const tree = { a: SAME, d: dir({ b: SAME }, TIME) };
      for (const root of [trees.source, trees.destination]) await writeTree(root, tree, TIME);
      giveToNobody(trees);
      await writeTree(trees[side], { a: file('same', { ...TIME, mode: 0 }) }, TIME);
      execFileSync('chown', ['-R', '65534:65534', trees[side]]);
      execFileSync('chmod', ['0', join(trees[side], 'a')]);
      const found = await verdicts(trees, ['verify', '--preserve=mtime'], { asNobody: true, status: 23 });
      expect(found.map(told)).toEqual([`read error: a: : ${side}: Permission denied`]);
    },
  );
});

/**
 * Acts between the copy of `first` and that of the next file, which takes seconds. The mtime is set last, so
 * it shows that `first` is complete.
 */
function onceCopied({ source, destination }: Trees, act: () => void): () => void {
  return () => {
    const timer = setInterval(() => {
      const copy = statSync(join(destination, 'd/first'), { throwIfNoEntry: false });
      if (copy?.mtimeMs !== statSync(join(source, 'd/first')).mtimeMs) return;
      clearInterval(timer);
      act();
    }, 5);
  };
}

test.for<[said: string, status: number, act: (trees: Trees) => void]>([
  [
    'source changed: d/first',
    41,
    ({ source }) => {
      writeFileSync(join(source, 'd/first'), 'later');
    },
  ],
  [
    'source changed: d/late',
    41,
    ({ source }) => {
      writeFileSync(join(source, 'd/late'), 'x');
    },
  ],
  [
    'source vanished: d/first',
    24,
    ({ source }) => {
      rmSync(join(source, 'd/first'));
    },
  ],
  [
    'source changed: d/first',
    41,
    ({ source }) => {
      rmSync(join(source, 'd/first'));
      mkdirSync(join(source, 'd/first'));
    },
  ],
])('%s, and no corruption is reported', async ([said, status, act], { trees }) => {
  await writeTree(trees.source, { d: dir({ first: file('x'), slow: file('y'.repeat(900_000)) }) });
  const onStart = onceCopied(trees, () => {
    act(trees);
  });
  const found = await verdicts(trees, ['--delete', '--bwlimit=300'], { status, onStart });
  expect(found.map(({ class: verdict, path }) => `${verdict}: ${path}`)).toContain(said);
  const classes = new Set(found.map((verdict) => verdict.class));
  expect([...classes].filter((verdict) => !verdict.startsWith('source'))).toEqual([]);
});

describeWith(['root', 'loop mount'], 'a limit of the destination', () => {
  test('is reported as such, and is no verdict', async ({ trees }) => {
    const image = join(trees.directory, 'image');
    execFileSync('truncate', ['-s', '8M', image]);
    execFileSync('mkfs.ext4', ['-q', '-I', '128', image], { stdio: 'ignore' });
    await writeTree(trees.source, { a: file('x', { mtimeNs: 4_000_000_000_000_000_000n }) }, TIME);
    execFileSync('mount', ['-o', 'loop', image, trees.destination]);
    try {
      execFileSync('rmdir', [join(trees.destination, 'lost+found')]);
      for (const report of [await syncForReport(trees), await verifyForReport(trees, [])]) {
        expect(report.verdicts).toEqual([]);
        expect(report.coverage).toMatchObject({ scope: 'asked for' });
        expect(report.notes).toContainEqual(
          expect.stringMatching(/^the destination cannot store 1 modification time:/),
        );
      }
    } finally {
      execFileSync('umount', [trees.destination]);
    }
  });
});
