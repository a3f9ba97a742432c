/**
 * Names that a destination treats as one are reported as such; a destination with its own form of names keeps
 * all files.
 */
import { expect } from 'vitest';
import { expectNothingToDo, reportIn } from '../support/json-report.ts';
import { onOddDestination, renameIn, stored } from '../support/odd-destination.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { run, sync, test, type Trees } from '../support/scenario.ts';
import { dir, file, hardLink, utf8, type Tree } from '../support/tree.ts';
import { TWINS } from '../support/twins.ts';

const TIME = { mtimeNs: 1_600_000_000_000_000_000n };
const CASE = ['icase * keep', 'icase * move'];

async function verdicts({ source, destination }: Trees, args: readonly string[] = []): Promise<string[]> {
  const { stdout } = await run(['verify', source, destination, ...args, '--json'], { status: 40 });
  const found = reportIn(stdout).verdicts as unknown as { class: string; path: string; detail: string }[];
  return found.map(({ class: verdict, path, detail }) => `${verdict}: ${path}: ${detail}`).toSorted();
}

const SURVIVORS = {
  'X.t': 'large', Dir: '/', 'Dir/a': '1', 'Dir/b': '2', LINK: 'linked', name: '/', 'name/in': 'in',
}; // prettier-ignore
const TAKEN = [
  'name taken: NAME: the destination does not distinguish it from name',
  'name taken: dir: the destination does not distinguish it from Dir',
  'name taken: link: the destination does not distinguish it from LINK',
  'name taken: x.t: the destination does not distinguish it from X.t',
];

describeWith(['root', 'oddfs'], 'two source names that are one at the destination', () => {
  const rules = [...CASE.map((rule) => [rule]), ['icase * keep', 'ino_path *']];
  test.for(rules.map((each) => [each]))(
    '%j: the first survives, and the other is reported each time',
    async ([odd], { trees }) => {
      await writeTree(trees.source, TWINS);
      await onOddDestination(trees, odd as string[], async ({ backing }) => {
        for (const _ of [1, 2]) {
          await sync(trees, ['--delete'], { status: 40 });
          expect(stored(backing)).toEqual(SURVIVORS);
        }
        const { stdout } = await sync(trees, ['--delete', '--json'], { status: 40 });
        expect(reportIn(stdout).tally).toMatchObject({
          filesToTransfer: 0,
          entriesToAdjust: 0,
          entriesToDelete: 0,
        });
        expect(stored(backing)).toEqual(SURVIVORS);
        expect(await verdicts(trees)).toEqual(TAKEN);
      });
    },
  );

  test('without full verification each is a failed path', async ({ trees }) => {
    await writeTree(trees.source, TWINS);
    await onOddDestination(trees, ['icase * move'], async ({ backing }) => {
      for (const verify of ['none', 'transferred']) {
        const { output } = await sync(trees, ['--delete', `--verify=${verify}`], { status: 23 });
        expect(output).toMatch(/cannot copy .*x\.t: the destination does not distinguish it from/);
        expect(stored(backing)).toEqual(SURVIVORS);
      }
    });
  });

  // Files differ in nothing but their name.
  test.for<[string, Tree, Record<string, string>]>([
    [
      'a name',
      { 'X.t': file('large', TIME), z: file('small', TIME), 'x.t': hardLink('z') },
      { 'X.t': 'large', z: 'small' },
    ],
    [
      'a directory',
      {
        D: dir({ a: file('large', TIME) }),
        e: dir({ z: file('small', TIME) }),
        d: dir({ a: hardLink('e/z') }),
      },
      { D: '/', 'D/a': 'large', e: '/', 'e/z': 'small' },
    ],
  ])(
    'no other name of a file is linked to the entry that took its name: %s',
    async ([, tree, expected], { trees }) => {
      await writeTree(trees.source, tree);
      await onOddDestination(trees, ['icase * keep'], async ({ backing }) => {
        await sync(trees, ['--delete', '--verify=none'], { status: 23 });
        expect(stored(backing)).toEqual(expected);
      });
    },
  );

  test('an existing one stays if the other could not be looked up', async ({ trees }) => {
    await writeTree(trees.source, { x: file('x'), stays: file() });
    await onOddDestination(trees, ['icase * keep'], async (odd) => {
      await sync(trees);
      await writeTree(trees.source, { X: dir({ much: file() }) });
      odd.setRules('icase * keep', 'err getattr /X EIO 1');
      await sync(trees, ['--delete', '--retries=0'], { status: 23 });
      expect(stored(odd.backing)).toEqual({ x: 'x', stays: '' });
    });
  });

  test('an existing one is not replaced by a later one', async ({ trees }) => {
    await writeTree(trees.source, { x: file('x'), stays: file() });
    await onOddDestination(trees, ['icase * move'], async ({ backing }) => {
      await sync(trees);
      await writeTree(trees.source, { X: dir({ much: file() }) });
      await sync(trees, ['--delete'], { status: 40 });
      expect(stored(backing)).toEqual({ x: 'x', stays: '' });
    });
  });
});

const ACUTE = utf8('caf\u00e9');
const DECOMPOSED = utf8('cafe\u0301');

describeWith(['root', 'oddfs'], 'a destination that normalizes names', () => {
  const forms = [
    ['nfd *', { [ACUTE]: file('1'), plain: file('2'), [`d${ACUTE}`]: dir({ [ACUTE]: file('3') }) }],
    ['dots *', { 'a.': file('1'), 'b ': file('2'), 'd..': dir({ 'x. ': file('3') }) }],
  ] as const;
  const cases = forms.flatMap(([rule, tree]) =>
    ['full', 'none', 'transferred'].map((verify) => [rule, verify, tree as Tree] as const),
  );
  test.for(cases)(
    '%s: keeps all files in every run, with --verify=%s',
    async ([rule, verify, tree], { trees }) => {
      await writeTree(trees.source, tree);
      await onOddDestination(trees, [rule], async ({ backing }) => {
        const args = ['--delete', `--verify=${verify}`];
        await sync(trees, args);
        const first = stored(backing);
        expect(Object.values(first).toSorted()).toEqual(['/', '1', '2', '3']);
        for (const _ of [1, 2]) {
          await expectNothingToDo(trees, args);
          expect(stored(backing)).toEqual(first);
        }
        const { stdout } = await run(['verify', trees.source, trees.destination]);
        expect(stdout.match(/differently from the source/g)).toHaveLength(1);
      });
    },
  );

  test('two forms of one name conflict', async ({ trees }) => {
    await writeTree(trees.source, { [ACUTE]: file('composed'), [DECOMPOSED]: file('decomposed') });
    await onOddDestination(trees, ['nfd *'], async ({ backing }) => {
      for (const _ of [1, 2]) {
        await sync(trees, ['--delete'], { status: 40 });
        expect(stored(backing)).toEqual({ [DECOMPOSED]: 'decomposed' });
      }
      expect(await verdicts(trees)).toHaveLength(1);
    });
  });

  test('a rename from one form to the other is repeated if the destination keeps forms', async ({
    trees,
  }) => {
    await writeTree(trees.source, { [ACUTE]: file('1', TIME), a: file() });
    await sync(trees);
    renameIn(trees, [
      [Buffer.from(ACUTE, 'latin1').toString(), Buffer.from(DECOMPOSED, 'latin1').toString()],
    ]);
    await sync(trees, ['--delete']);
    expect(stored(trees.destination)).toEqual({ [DECOMPOSED]: '1', a: '' });
  });
});
