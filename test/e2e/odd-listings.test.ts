/**
 * Listings without types, with wrong types, or with repeated names: each name counts once and affects no
 * other.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectNothingToDo, reportIn, syncForReport } from '../support/json-report.ts';
import { withOddfs } from '../support/oddfs.ts';
import { readTree, writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test, verify } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { dir, file, symlink } from '../support/tree.ts';

const SIDES = ['source', 'destination'] as const;
type Side = (typeof SIDES)[number];

/** Mounts `side` through oddfs; the given trees are the real content. */
async function throughOddfs(
  trees: Trees,
  [side, ...rules]: readonly [Side, ...string[]],
  use: (pair: Trees) => Promise<void>,
): Promise<void> {
  const mountPoint = join(trees.directory, `odd-${side}`);
  await withOddfs({ backing: trees[side], mountPoint }, rules, () => use({ ...trees, [side]: mountPoint }));
}

function namesIn(tree: string): string[] {
  const listed = execFileSync('find', ['.', '-mindepth', '1', '-printf', '%P\n'], {
    cwd: tree,
    encoding: 'latin1',
  });
  return listed
    .split('\n')
    .filter((name) => name !== '')
    .toSorted();
}

describeWith(['oddfs'], 'a file system that lists no types', () => {
  const content = { a: file('a'), bad: file('bad'), d: dir({ f: file('f') }), z: symlink('a') };

  test.for(SIDES.flatMap((side) => ['EIO', 'EACCES', 'ESTALE'].map((code): [Side, string] => [side, code])))(
    'a name of the %s that fails with %s fails alone',
    async ([side, code], { trees }) => {
      await writeTree(trees.source, { m: dir(content) });
      await writeTree(trees.destination, {
        m: dir({ bad: file('old', { mtimeNs: 1_000_000_000n }), stray: file('s'), d: dir({ t: file('t') }) }),
      });
      await throughOddfs(trees, [side, 'dtype0 *', `err getattr bad ${code}`], async (pair) => {
        const status = side === 'source' && code === 'ESTALE' ? 24 : 23;
        const { problems, verdicts } = await syncForReport(pair, ['--delete', '--retries=1'], { status });
        expect(problems.map(({ path }) => path)).toEqual(['m/bad']);
        expect(verdicts).toEqual([]);
      });
      expect(namesIn(trees.destination)).toEqual(['m', 'm/a', 'm/bad', 'm/d', 'm/d/f', 'm/z']);
      await sync(trees, ['--delete']);
      await expectSame(trees);
    },
  );

  test('all kinds arrive, and a second run has nothing to do', async ({ trees }) => {
    await writeTree(trees.source, content);
    await throughOddfs(trees, ['source', 'dtype0 *'], async (pair) => {
      await sync(pair);
      await expectSame(trees);
      await expectNothingToDo(pair);
    });
  });
});

describeWith(['oddfs'], 'a file system that lists wrong types', () => {
  const content = { a: file('a'), d: dir({ f: file('f'), e: dir({ g: file('g') }) }) };

  test.for<[Side, string]>([
    ['source', 'dtype a d'],
    ['source', 'dtype d f'],
    ['source', 'dtype e l'],
    ['source', 'dtype g d'],
    ['destination', 'dtype a d'],
    ['destination', 'dtype d f'],
    ['destination', 'dtype e l'],
  ])(
    '%s, %s: entries are copied, compared and verified as their real kind',
    async ([side, rule], { trees }) => {
      await writeTree(trees.source, content);
      await writeTree(trees.destination, { a: file('other'), d: dir({ f: file('f'), stray: file('s') }) });
      await throughOddfs(trees, [side, rule], async (pair) => {
        await sync(pair, ['--delete']);
        await expectSame(trees);
        await expectNothingToDo(pair, ['--delete']);
        await verify(pair);
        execFileSync('sh', ['-c', 'printf X >destination/d/e/g', 'sh'], { cwd: trees.directory });
        const { stdout } = await verify(pair, ['--json'], { status: 40 });
        expect(reportIn(stdout).verdicts.map(({ path }) => path)).toContain('d/e/g');
      });
    },
  );

  test('an extraneous file that is listed as a directory is deleted', async ({ trees }) => {
    await writeTree(trees.source, { a: file('a') });
    await writeTree(trees.destination, { stray: file('s'), deep: dir({ stray: file('s') }) });
    await throughOddfs(trees, ['destination', 'dtype stray d'], async (pair) => {
      await sync(pair, ['--delete']);
      await expectSame(trees);
    });
  });
});

describeWith(['oddfs'], 'a file system that lists names twice', () => {
  const deep = (levels: number): ReturnType<typeof dir> =>
    dir({ f: file('f'), ...(levels === 0 ? {} : { e: deep(levels - 1) }) });

  test.for(['dup *', 'dup_far *'])(
    '%s: extraneous ones are deleted and counted once',
    async (rule, { trees }) => {
      await writeTree(trees.source, { a: file('a') });
      await writeTree(trees.destination, { a: file('a'), e: deep(20) });
      const extraneous = namesIn(join(trees.destination, 'e')).length + 1;
      await throughOddfs(trees, ['destination', rule], async (pair) => {
        const options = ['--delete', `--max-delete=${extraneous}`];
        const planned = await syncForReport(pair, [...options, '--dry-run']);
        expect(planned.tally['entriesToDelete']).toBe(extraneous);
        const { tally } = await syncForReport(pair, options);
        expect(tally['entriesDeleted']).toBe(extraneous);
        await expectSame(trees, { ignoresDirectoryMtime: true });
      });
    },
  );

  test('at the source each is copied and counted once', async ({ trees }) => {
    await writeTree(trees.source, { a: file('a'), e: deep(12) });
    await throughOddfs(trees, ['source', 'dup *'], async (pair) => {
      const { tally } = await syncForReport(pair);
      expect(tally['entriesCreated']).toBe(13);
      expect(tally['filesTransferred']).toBe(14);
      await expectSame(trees);
    });
    expect(existsSync(join(trees.destination, 'e'))).toBe(true);
    expect((await readTree(trees.destination)).size).toBe(namesIn(trees.source).length + 1);
  });
});
