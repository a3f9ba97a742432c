/**
 * A case-insensitive destination never loses a copied file; a case-only rename in the source is one there,
 * too.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectNothingToDo } from '../support/json-report.ts';
import { onOddDestination, renameIn, stored } from '../support/odd-destination.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { expectSame, sync, test } from '../support/scenario.ts';
import { dir, fifo, file, hardLink, symlink, type Tree } from '../support/tree.ts';
import { TWINS } from '../support/twins.ts';

const TIME = { mtimeNs: 1_600_000_000_000_000_000n };
const CASE = ['icase * keep', 'icase * move'];
const OPTIONS = [['--delete'], [], ['--delete', '--verify=none'], ['--delete', '--verify=transferred']];

const EVERY_KIND: Tree = {
  'a.txt': file('a', TIME),
  docs: dir({ f: file('f', TIME), sub: dir({ g: file('g', TIME) }) }, TIME),
  link: symlink('a.txt', TIME),
  pipe: fifo(TIME),
  one: file('one', TIME),
  two: hardLink('one'),
  stays: file('stays', TIME),
};
const RENAMED = [
  ['a.txt', 'A.txt'],
  ['docs', 'Docs'],
  ['link', 'LINK'],
  ['pipe', 'Pipe'],
  ['two', 'Two'],
] as const;
const AFTERWARDS = {
  'A.txt': 'a', Docs: '/', 'Docs/f': 'f', 'Docs/sub': '/', 'Docs/sub/g': 'g',
  LINK: '-> a.txt', Pipe: '|', one: 'one', Two: 'one', stays: 'stays',
}; // prettier-ignore

describeWith(['root', 'oddfs'], 'a destination that folds case', () => {
  const cases = CASE.flatMap((rule, index) =>
    // One rule runs with all options. The others run only with the one that could lose a file silently.
    OPTIONS.filter(({ length }) => index === 0 || length === 2).map((args) => [rule, args] as const),
  );
  test.for(cases)('%s: a case-only rename is repeated, with %j', async ([rule, args], { trees }) => {
    await writeTree(trees.source, EVERY_KIND);
    await onOddDestination(trees, [rule], async ({ backing }) => {
      await sync(trees, ['--specials', ...args]);
      const inode = execFileSync('stat', ['-c%i', join(backing, 'a.txt')]).toString();
      renameIn(trees, RENAMED);
      const { stdout } = await sync(trees, ['--specials', '-i', ...args]);
      expect(stdout).toContain('*renaming   A.txt');
      expect(stdout).not.toContain('*deleting');
      expect(stored(backing)).toEqual(AFTERWARDS);
      expect(execFileSync('stat', ['-c%i', join(backing, 'A.txt')]).toString()).toBe(inode);
      await expectNothingToDo(trees, ['--specials', ...args]);
      await expectSame(trees);
    });
  });

  test.for(CASE)('%s: even if each spelling has a different inode number', async (rule, { trees }) => {
    await writeTree(trees.source, { 'a.txt': file('a', TIME), docs: dir({ f: file('f', TIME) }) });
    await onOddDestination(trees, [rule, 'ino_path *'], async ({ backing }) => {
      await sync(trees);
      renameIn(trees, [['a.txt', 'A.txt'], ['docs', 'Docs']]); // prettier-ignore
      await writeTree(trees.source, { new: file('n') });
      await sync(trees, ['--delete', '--verify=none']);
      expect(stored(backing)).toEqual({ 'A.txt': 'a', Docs: '/', 'Docs/f': 'f', new: 'n' });
    });
  });

  test.for(CASE)(
    '%s: entries that were renamed and changed, in content or kind, equal the source',
    async (rule, { trees }) => {
      await writeTree(trees.source, {
        a: file('old'),
        d: dir({ x: file('x') }),
        f: file('f'),
        gone: file('g'),
      });
      await onOddDestination(trees, [rule], async ({ backing }) => {
        await sync(trees);
        for (const name of ['a', 'd', 'f', 'gone']) rmSync(join(trees.source, name), { recursive: true });
        await writeTree(trees.source, { A: file('newer'), D: file('d'), F: dir({ y: file('y') }) });
        await sync(trees, ['--delete']);
        expect(stored(backing)).toEqual({ A: 'newer', D: 'd', F: '/', 'F/y': 'y' });
      });
    },
  );

  test('a dry run lists the rename, and --ignore-existing leaves the spelling', async ({ trees }) => {
    await writeTree(trees.source, { a: file('a', TIME), stays: file() });
    await onOddDestination(trees, ['icase * keep'], async ({ backing }) => {
      await sync(trees);
      renameIn(trees, [['a', 'A']]);
      expect((await sync(trees, ['-n', '-i', '--delete'])).stdout).toContain('*renaming   A');
      const { stdout } = await sync(trees, ['--delete', '--ignore-existing']);
      expect(stdout).toMatch(/the destination spells \d+ names? differently from the source/);
      expect(stored(backing)).toEqual({ a: 'a', stays: '' });
    });
  });

  test('the entry behind an excluded name is protected', async ({ trees }) => {
    await writeTree(trees.source, { Kept: file('k'), other: file() });
    await onOddDestination(trees, ['icase * keep'], async ({ backing }) => {
      await sync(trees);
      renameIn(trees, [['Kept', 'kept']]);
      await sync(trees, ['--delete', '--exclude=/kept']);
      expect(stored(backing)).toEqual({ Kept: 'k', other: '' });
      await sync(trees, ['--delete-excluded', '--exclude=/kept']);
      expect(stored(backing)).toEqual({ other: '' });
    });
  });

  test('nothing is deleted if a name could not be looked up', async ({ trees }) => {
    await writeTree(trees.source, { a: file('a'), docs: dir({ f: file('f') }), stays: file() });
    await onOddDestination(trees, ['icase * keep'], async (odd) => {
      const { backing } = odd;
      await sync(trees);
      renameIn(trees, [['a', 'A'], ['docs', 'Docs']]); // prettier-ignore
      odd.setRules('icase * keep', 'err getattr /A EIO 1', 'err getattr /Docs EIO 1');
      await sync(trees, ['--delete', '--retries=0'], { status: 23 });
      expect(stored(backing)).toEqual({ a: 'a', docs: '/', 'docs/f': 'f', stays: '' });
    });
  });
});

describeWith([], 'a case-sensitive destination', () => {
  test.for<[string[]]>([[['--delete']], [[]]])(
    'keeps names that differ in case, with %j',
    async ([args], { trees }) => {
      await writeTree(trees.source, TWINS);
      await sync(trees, args);
      await expectSame(trees);
      renameIn(trees, [['X.t', 'X.T'], ['Dir', 'DIR'], ['link', 'Link']]); // prettier-ignore
      await sync(trees, args);
      await expectSame(trees, { keepsExtraneous: args.length === 0 });
      expect('X.t' in stored(trees.destination)).toBe(args.length === 0);
      await expectNothingToDo(trees, args);
    },
  );
});
