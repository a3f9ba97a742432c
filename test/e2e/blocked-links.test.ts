/**
 * If one name of a hard-linked file cannot be made, the others still are; links that are refused become
 * copies.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, linkSync, mkdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectNothingToDo, jsonEvents, reportIn, syncForReport } from '../support/json-report.ts';
import { withOddfs } from '../support/oddfs.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file, hardLink } from '../support/tree.ts';

const SAME_TIME = { mtimeNs: 1_700_000_000n * 1_000_000_000n };

async function throughOddfs(
  trees: Trees,
  [side, ...rules]: readonly ['source' | 'destination', ...string[]],
  use: (pair: Trees) => Promise<void>,
): Promise<void> {
  const mountPoint = join(trees.directory, `odd-${side}`);
  await withOddfs({ backing: trees[side], mountPoint }, rules, () => use({ ...trees, [side]: mountPoint }));
}

/** Groups names by inode with find(1), and checks each content against the source with cmp(1). */
function groupsAt({ source, destination }: Trees, names: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    execFileSync('cmp', [join(source, name), join(destination, name)]);
    const inode = execFileSync('find', [join(destination, name), '-printf', '%i'], { encoding: 'latin1' });
    groups.set(inode, [...(groups.get(inode) ?? []), name]);
  }
  return [...groups.values()];
}

const GROUP = {
  a: file('content', SAME_TIME),
  b: hardLink('a'),
  c: hardLink('a'),
  d: dir({ e: hardLink('a') }),
};

test('a directory with the first name', async ({ trees }) => {
  await writeTree(trees.source, GROUP);
  await writeTree(trees.destination, { a: dir({ kept: file('x') }) });
  const { problems, verdicts } = await syncForReport(trees, [], { status: 23 });
  expect(problems.map(({ path }) => path)).toEqual(['a']);
  expect(verdicts).toEqual([]);
  expect(groupsAt(trees, ['b', 'c', 'd/e'])).toEqual([['b', 'c', 'd/e']]);
  await sync(trees, ['--delete']);
  await expectSame(trees);
});

describeWith(['oddfs'], 'the first name', () => {
  test.for([
    ['refused where it is made', ['err create + EPERM', 'err rename + EPERM', 'err link + EPERM']],
    ['a name that is not allowed', ['badchars * +']],
  ] as const)('%s: the others are still linked', async ([, rules], { trees }) => {
    await writeTree(trees.source, { '+': file('content'), b: hardLink('+'), d: dir({ e: hardLink('+') }) });
    await throughOddfs(trees, ['destination', ...rules], async (pair) => {
      const { problems, verdicts } = await syncForReport(pair, [], { status: 23 });
      expect(problems.map(({ path }) => path)).toEqual(['+']);
      expect(verdicts).toEqual([]);
    });
    expect(groupsAt(trees, ['b', 'd/e'])).toEqual([['b', 'd/e']]);
  });

  test('in a directory that cannot be made', async ({ trees }) => {
    await writeTree(trees.source, {
      a: dir({ 1: file('content'), 2: hardLink('a/1') }),
      b: dir({ 3: hardLink('a/1'), 4: hardLink('a/1') }),
    });
    await throughOddfs(trees, ['destination', 'err mkdir a EPERM'], async (pair) => {
      const { problems, verdicts } = await syncForReport(pair, [], { status: 23 });
      expect(new Set(problems.map(({ path }) => path))).toEqual(new Set(['a']));
      expect(verdicts).toEqual([]);
    });
    expect(groupsAt(trees, ['b/3', 'b/4'])).toEqual([['b/3', 'b/4']]);
  });

  test('unreadable by that name', async ({ trees }) => {
    await writeTree(trees.source, GROUP);
    await throughOddfs(trees, ['source', 'err open a EACCES'], async (pair) => {
      const { problems } = await syncForReport(pair, [], { status: 23 });
      expect(problems.map(({ path }) => path)).toEqual(['a']);
    });
    expect(existsSync(join(trees.destination, 'a'))).toBe(false);
    expect(groupsAt(trees, ['b', 'c', 'd/e'])).toEqual([['b', 'c', 'd/e']]);
  });

  test('unreadable by all names: each is a problem, once', async ({ trees }) => {
    await writeTree(trees.source, GROUP);
    await throughOddfs(trees, ['source', 'err open ? EACCES'], async (pair) => {
      const { problems } = await syncForReport(pair, [], { status: 23 });
      expect(problems.map(({ path, code }) => `${path} ${code}`).toSorted()).toEqual(
        ['a', 'b', 'c', 'd/e'].map((path) => `${path} EACCES`),
      );
    });
  });

  const later = { mtimeNs: SAME_TIME.mtimeNs + 1n };
  test.for([
    ['of the same size and time', 'old old', SAME_TIME, ['--checksum']],
    ['of the same size and time, without times', 'old old', SAME_TIME, ['--checksum', '--no-times']],
    ['of the same size', 'old old', later, []],
    ['of another size', 'old', SAME_TIME, []],
    ['of another size, in place', 'old', SAME_TIME, ['--inplace']],
    ['of the same size, in place', 'old old', later, ['--inplace']],
    // As if another process created the name after the listing.
    ['of another size, not listed', 'old', SAME_TIME, [], ['hide a']],
    ['of the same size, not listed', 'old old', later, [], ['hide a']],
  ] as const)(
    'left with its old content %s gets no other names',
    async ([, old, time, options, hidden = []], { trees }) => {
      await writeTree(trees.source, GROUP);
      await writeTree(trees.destination, { a: file(old, time), b: file(old, time) });
      const rules = ['err rename a EPERM', 'err open_write a EPERM', ...hidden];
      await throughOddfs(trees, ['destination', ...rules], async (pair) => {
        const { problems, verdicts } = await syncForReport(pair, options, { status: 23 });
        expect(problems.map(({ path }) => path)).toEqual(['a']);
        expect(verdicts).toEqual([]);
      });
      execFileSync('grep', ['-q', `^${old}$`, join(trees.destination, 'a')]);
      expect(groupsAt(trees, ['b', 'c', 'd/e'])).toEqual([['b', 'c', 'd/e']]);
    },
  );
});

describeWith(['oddfs'], 'a destination without hard links', () => {
  test.for(['EPERM', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV'])(
    '%s: gets copies, reported as split',
    async (code, { trees }) => {
      await writeTree(trees.source, { ...GROUP, x: file('other'), y: hardLink('x') });
      await throughOddfs(trees, ['destination', `err link * ${code}`], async (pair) => {
        const { stdout } = await sync(pair, ['--json']);
        const split = jsonEvents(stdout).filter(({ event }) => event === 'split');
        expect(split).toMatchObject([
          { path: 'b', names: 4 },
          { path: 'y', names: 2 },
        ]);
        expect(reportIn(stdout)).toMatchObject({ problems: [], verdicts: [], tally: { linkGroupsSplit: 2 } });
        await expectNothingToDo(pair);
      });
      expect(groupsAt(trees, ['a', 'b', 'c', 'd/e', 'x', 'y'])).toHaveLength(6);
      await sync(trees);
      await expectSame(trees);
    },
  );
});

describeWith(['root', 'tmpfs mount'], 'a mount in the destination', () => {
  test('gets its own copy for the names in it, and a second run changes nothing', async ({ trees }) => {
    await writeTree(trees.source, {
      a: file('content'),
      b: hardLink('a'),
      m: dir({ c: hardLink('a'), d: hardLink('a') }),
    });
    const mountPoint = join(trees.destination, 'm');
    mkdirSync(mountPoint);
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', mountPoint]);
    try {
      const { stdout } = await sync(trees);
      expect(stdout).toContain(
        'split: m/c: 4 hard links need 2 files: the destination cannot link them all\n',
      );
      expect(groupsAt(trees, ['a', 'b', 'm/c', 'm/d'])).toEqual([
        ['a', 'b'],
        ['m/c', 'm/d'],
      ]);
      await expectNothingToDo(trees);
    } finally {
      execFileSync('umount', [mountPoint]);
    }
  });
});

describeWith(['root'], 'an immutable file at the destination', () => {
  test('does not make the destination one without hard links', async ({ trees }) => {
    await writeTree(trees.source, { a: file('content', SAME_TIME), b: hardLink('a') });
    await writeTree(trees.destination, { a: file('content', SAME_TIME) });
    execFileSync('chown', ['--reference', join(trees.source, 'a'), join(trees.destination, 'a')]);
    chmodSync(join(trees.destination, 'a'), statSync(join(trees.source, 'a')).mode);
    execFileSync('chattr', ['+i', join(trees.destination, 'a')]);
    try {
      const { stdout } = await sync(trees, ['--json'], { status: 23 });
      expect(reportIn(stdout).problems).toMatchObject([{ path: 'b', code: 'EPERM' }]);
      expect(stdout).not.toContain('"event":"split"');
    } finally {
      execFileSync('chattr', ['-i', join(trees.destination, 'a')]);
    }
  });
});

test('many names: the first cannot be created, and others appear meanwhile', async ({ trees }) => {
  await writeTree(trees.source, { z: file('content') });
  const blocked = Array.from({ length: 40 }, (_, index) => `n${String(index).padStart(2, '0')}`);
  for (const name of blocked) {
    linkSync(join(trees.source, 'z'), join(trees.source, name));
    mkdirSync(join(trees.destination, name));
    writeFileSync(join(trees.destination, name, 'kept'), '');
  }
  const { problems } = await syncForReport(trees, [], { status: 23 });
  expect(new Set(problems.map(({ path }) => path)).size).toBeGreaterThanOrEqual(40);
  for (const name of blocked) unlinkSync(join(trees.destination, name, 'kept'));
  await sync(trees);
  await expectSame(trees);
});
