/** Files of rules in directories: they are read whoever asks first, and not again within a phase. */
import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import { openSide, type DirectoryToOpen } from '../../../../src/engine/march/open-side.ts';
import { filterIn } from '../../../../src/engine/rules/side-filters.ts';
import { closeDirectory } from '../../../../src/filesystem/open-directory.ts';
import type { Settings } from '../../../../src/model/settings.ts';
import { makeTwoTrees, type TwoTrees } from '../../../support/march-context.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
});
afterEach(async () => {
  expect(trees.openDescriptors()).toBe(0);
  await trees.remove();
});

function contextWith(more: Partial<Settings> = {}): WorkerContext {
  const filters = [{ action: 'merge', pattern: '.r', style: {}, isInherited: true }] as const;
  return trees.context({ settings: { filters, ...more } });
}

function write(path: string, rules: string): void {
  writeFileSync(trees.scratch.path(path), rules);
}

/** Of the names, those that the filter of the directory excludes there. */
async function excluded(
  context: WorkerContext,
  place: DirectoryToOpen,
  ...names: string[]
): Promise<string[]> {
  const { directory, filter } = await openSide(context, place);
  await closeDirectory(directory);
  return names.filter((name) => filter?.isExcluded(`${place.path}/${name}`, false));
}

it('count where only one name of the directory is listed', async () => {
  trees.make('source', 'd/a');
  write('source/d/.r', '- a\n');
  const context = contextWith();
  const place = { side: 'source', path: 'd' } as const;
  expect(await excluded(context, { ...place, only: 'a' }, 'a', 'b')).toEqual(['a']);
  expect(await excluded(context, place, 'a', 'b')).toEqual(['a']);
});

it('of directories above are read for one below', async () => {
  trees.make('source', 'd/e/a', 'd/e/b');
  write('source/.r', '- a\n- b\n');
  write('source/d/.r', '+ a\n');
  expect(await excluded(contextWith(), { side: 'source', path: 'd/e' }, 'a', 'b')).toEqual(['b']);
});

it('of the destination count where something may be deleted', async () => {
  trees.make('destination', 'd/a');
  write('destination/d/.r', '- a\n');
  const place = { side: 'destination', path: 'd' } as const;
  expect(await excluded(contextWith(), place, 'a')).toEqual([]);
  expect(await excluded(contextWith({ delete: true }), place, 'a')).toEqual(['a']);
  expect(await excluded(contextWith({ force: true }), place, 'a')).toEqual(['a']);
});

it('are read once in a phase, and anew in the next', async () => {
  write('source/.r', '- a\n');
  const { source } = contextWith().filters;
  const isExcluded = async (freshness: 'cached' | 'server'): Promise<boolean | undefined> =>
    (await filterIn(source, { path: '', freshness }))?.isExcluded('a', false);
  expect(await isExcluded('cached')).toBe(true);
  rmSync(trees.scratch.path('source/.r'));
  expect([await isExcluded('cached'), await isExcluded('server')]).toEqual([true, false]);
});

it('hold five hundred directories below', async () => {
  write('source/.r', '- a\n');
  const path = 'd/'.repeat(500).slice(0, -1);
  trees.make('source', `${path}/b`);
  expect(await excluded(contextWith(), { side: 'source', path }, 'a', 'b')).toEqual(['a']);
});
