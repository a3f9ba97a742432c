/** Directories are made for this run alone, never over another directory, and each failure is told once. */
import { chmodSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, it, expect } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import { EACCES, EEXIST } from '../../../../../src/linux/system-error.ts';
import { DEFAULT_SETTINGS } from '../../../../../src/model/settings.ts';
import { keyOf } from '../../../../../src/phases/syncing/names/led-to.ts';
import {
  makeDirectory,
  type NewDirectory,
} from '../../../../../src/phases/syncing/names/make-directories.ts';
import {
  type ApplyingScope,
  newApplyingScope,
} from '../../../../../src/phases/syncing/scope/applying-scope.ts';
import { entryAt, STRANGER } from '../../../../support/applying.ts';
import { DIRECTORY, entryOf } from '../../../../support/entries.ts';
import {
  type ContextChanges,
  makeTwoTrees,
  withCalls,
  type TwoTrees,
} from '../../../../support/march-context.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('destination', 'd/');
});
afterEach(async () => trees.remove());

const LISTING: ContextChanges = { settings: { listChanges: true } };

async function make(
  directory: Partial<NewDirectory> = {},
  context: WorkerContext = trees.context(LISTING),
  madeAt?: string,
): Promise<{ readonly unit: ApplyingScope; readonly isThere: boolean }> {
  const unit = newApplyingScope(context);
  const made = { path: 'd/new', entry: entryOf({ mode: DIRECTORY }), ...directory };
  return { unit, isThere: await makeDirectory(unit, made, madeAt) };
}

function statOf(path: string) {
  return lstatSync(trees.scratch.path(`destination/${path}`));
}

describe('a directory that is not there', () => {
  it('is made, counted and listed, and only its owner may enter it', async () => {
    const { unit, isThere } = await make();
    expect(isThere).toBe(true);
    expect(statOf('d/new').mode & 0o7777).toBe(0o700);
    expect(unit.context.counters.totals().entriesCreated).toBe(1);
    expect(unit.findings.listed).toMatchObject([{ itemized: 'cd+++++++++', path: 'd/new/' }]);
    expect(unit.foundThere).toEqual([]);
  });

  it.each([
    [0o2555, 0o755],
    [0o1777, 0o777],
    [0o000, 0o700],
  ])('has what the umask leaves of %o if modes are not preserved', async (mode, expected) => {
    const preserve = { ...DEFAULT_SETTINGS.preserve, mode: false };
    await make({ entry: entryOf({ mode: 0o040000 | mode }) }, trees.context({ settings: { preserve } }));
    expect(statOf('d/new').mode & 0o7777).toBe(expected & ~process.umask());
  });

  it('is made under another name where one is given, and listed under its own', async () => {
    const { unit, isThere } = await make({}, trees.context(LISTING), 'd/hidden');
    expect(isThere).toBe(true);
    expect(readdirSync(trees.scratch.path('destination/d'))).toEqual(['hidden']);
    expect(unit.findings.listed.map(({ path }) => path)).toEqual(['d/new/']);
  });

  it('is made where the owner had locked the directory above', async () => {
    chmodSync(trees.scratch.path('destination/d'), 0o500);
    const context = trees.context({ setup: { rights: STRANGER } });
    const { unit, isThere } = await make({}, context);
    expect(isThere).toBe(true);
    expect(unit.findings.unlocked).toEqual([{ path: 'd', lockedMode: 0o500 }]);
  });
});

describe('a name that is taken', () => {
  it('by a directory is that directory, as one that this run leads to', async () => {
    trees.make('destination', 'd/new/f');
    const { unit, isThere } = await make({ action: 'create' });
    expect(isThere).toBe(true);
    expect(readdirSync(trees.scratch.path('destination/d/new'))).toEqual(['f']);
    expect(unit.foundThere).toEqual([keyOf(await entryAt(unit.context, 'destination', 'd/new'))]);
  });

  it.each([
    ['a file', 'd/new'],
    ['a symbolic link to a directory', 'd/new -> .'],
  ])('by %s is cleared for the directory', async (_, taken) => {
    trees.make('destination', taken);
    expect((await make({ action: 'create' })).isThere).toBe(true);
    expect(statOf('d/new').isDirectory()).toBe(true);
  });

  it.each(['d/new', 'd/new/', 'd/new -> .'])('is not claimed: %s stays', async (taken) => {
    trees.make('destination', taken);
    const before = statOf('d/new').ino;
    const { unit, isThere } = await make({ action: 'claim' });
    expect(isThere).toBe(false);
    expect(statOf('d/new').ino).toBe(before);
    expect(unit.taken).toEqual(['d/new']);
    expect(unit.foundThere).toEqual([]);
    expect(unit.context.counters.totals().entriesCreated).toBe(0);
    expect(unit.findings.listed).toEqual([]);
  });

  it('that others take again is a failure', async () => {
    trees.make('destination', 'd/new');
    const context = withCalls(trees.context(), 'destination', () => ({ mkdirat: () => -EEXIST }));
    const { unit, isThere } = await make({}, context);
    expect(isThere).toBe(false);
    expect(unit.findings.problems).toMatchObject([{ code: 'EEXIST', path: 'd/new' }]);
  });
});

describe('a failure', () => {
  it('is one problem for the directory and all in it', async () => {
    const context = withCalls(trees.context(LISTING), 'destination', () => ({ mkdirat: () => -EACCES }));
    const { unit, isThere } = await make({}, context);
    expect(isThere).toBe(false);
    expect(unit.findings.problems).toMatchObject([
      {
        side: 'destination',
        path: 'd/new',
        attempt: 'make directory',
        reason: 'Permission denied; its contents are skipped',
      },
    ]);
    expect(unit.context.counters.totals().entriesCreated).toBe(0);
    expect(unit.findings.listed).toEqual([]);
  });

  it('may be that the directory above is not there', async () => {
    const { unit } = await make({ path: 'gone/new' });
    expect(unit.findings.problems).toMatchObject([{ code: 'ENOENT', path: 'gone/new' }]);
    expect(() => statSync(trees.scratch.path('destination/gone'))).toThrow('ENOENT');
  });
});
