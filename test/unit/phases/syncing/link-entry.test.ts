/** A name is linked only to the leader that was planned, as written by this run. */
import { linkSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, it, expect } from 'vitest';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import type { PlannedChange } from '../../../../src/engine/plan/section.ts';
import { EACCES, EIO, EMLINK } from '../../../../src/linux/system-error.ts';
import { Difference } from '../../../../src/model/change.ts';
import { DEFAULT_SETTINGS } from '../../../../src/model/settings.ts';
import { linkEntry } from '../../../../src/phases/syncing/link-entry.ts';
import { type ApplyingScope, newApplyingScope } from '../../../../src/phases/syncing/scope/applying-scope.ts';
import { entryAt, withPlace } from '../../../support/applying.ts';
import { makeTwoTrees, withCalls, type TwoTrees } from '../../../support/march-context.ts';

let trees: TwoTrees;

/** The source has two names of one file, `d/f` and another. The destination has the other as `e/leader`. */
beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('source', 'd/f', 'e/');
  trees.make('destination', 'd/', 'e/leader');
  utimesSync(trees.scratch.path('source/d/f'), 5, 5);
  utimesSync(trees.scratch.path('destination/e/leader'), 5, 5);
});
afterEach(async () => trees.remove());

function pathAt(path: string): string {
  return trees.scratch.path(`destination/${path}`);
}

interface Linking {
  readonly context: WorkerContext;
  readonly planned: Partial<PlannedChange>;
  readonly unit: Partial<ApplyingScope>;
}

async function link({ context = trees.context(), planned, unit = {} }: Partial<Linking> = {}) {
  const applying = { ...newApplyingScope(context, undefined, true), ...unit };
  const source = planned?.source ?? (await entryAt(trees.context(), 'source', 'd/f'));
  const change = { action: 'link', leaderPath: 'e/leader', ...planned, source } as const;
  const isLinked = await withPlace(context, 'd/f', change, (place) => linkEntry(applying, place));
  expect(trees.openDescriptors()).toBe(0);
  expect(readdirSync(pathAt('d')).filter((name) => name !== 'f')).toEqual([]);
  return { isLinked, unit: applying };
}

function isLeader(path = 'd/f'): boolean {
  return statSync(pathAt(path)).ino === statSync(pathAt('e/leader')).ino;
}

describe('a name is linked', () => {
  it('if it is missing', async () => {
    const { isLinked, unit } = await link();
    expect([isLinked, isLeader()]).toEqual([true, true]);
    expect(unit.refusals.names).toBe(0);
  });

  it.each<[string, () => void]>([
    ['a file', () => trees.make('destination', 'd/f')],
    ['a symbolic link', () => trees.make('destination', 'd/f -> elsewhere')],
    ['an empty directory', () => trees.make('destination', 'd/f/')],
    ['the leader already', () => linkSync(pathAt('e/leader'), pathAt('d/f'))],
  ])('in the place of %s', async (_, take) => {
    take();
    const { isLinked } = await link({ planned: { differences: Difference.linkGroup } });
    expect([isLinked, isLeader()]).toEqual([true, true]);
  });

  it('in the place of what has taken its name since', async () => {
    trees.make('destination', 'd/f');
    const { isLinked } = await link({ planned: { differences: Difference.missing } });
    expect([isLinked, isLeader()]).toEqual([true, true]);
  });

  it('whatever the time of its leader is if times are not preserved', async () => {
    utimesSync(pathAt('e/leader'), 6, 6);
    const preserve = { ...DEFAULT_SETTINGS.preserve, mtime: false };
    expect((await link({ context: trees.context({ settings: { preserve } }) })).isLinked).toBe(true);
  });

  it('whatever the permissions of its leader are by now', async () => {
    const source = { ...(await entryAt(trees.context(), 'source', 'd/f')), mode: 0o100751 };
    expect((await link({ planned: { source } })).isLinked).toBe(true);
  });
});

describe('the leader is wrong', () => {
  const wrong: [string, () => Partial<Linking>][] = [
    ['if it has another content', () => (writeFileSync(pathAt('e/leader'), 'longer'), {})],
    ['if it has another time', () => (utimesSync(pathAt('e/leader'), 6, 6), {})],
    ['if it is not there', () => ({ planned: { leaderPath: 'e/gone' } })],
    ['if it is another kind', () => ({ planned: { leaderPath: 'e' } })],
    ['if its directory is not there', () => ({ planned: { leaderPath: 'gone/leader' } })],
    [
      'if it is still the file that was to be replaced',
      () => ({ planned: { staleInode: BigInt(statSync(pathAt('e/leader')).ino) } }),
    ],
    ['if its directory is another by now', () => ({ unit: { taken: ['e'] } })],
  ];

  it.each(wrong)('%s: the name gets another', async (_, change) => {
    const { isLinked, unit } = await link(change());
    expect(isLinked).toBe(false);
    expect(readdirSync(pathAt('d'))).toEqual([]);
    expect(unit.findings.problems).toEqual([]);
    expect(unit.refusals).toMatchObject({ names: 1, limit: 0 });
  });

  it.each(wrong)('%s: that is a problem once enough have failed', async (_, change) => {
    const given = change();
    const refusals = { names: 0, limit: 0, mayReplaceLeader: false };
    const { isLinked, unit } = await link({ ...given, unit: { ...given.unit, refusals } });
    expect(isLinked).toBe(false);
    expect(unit.findings.problems).toMatchObject([
      { class: 'failed', side: 'destination', path: 'd/f', attempt: 'link' },
    ]);
    expect(unit.refusals.names).toBe(0);
  });

  it.each<[string, (path: string) => void]>([
    ['changed', (path) => writeFileSync(path, 'longer')],
    ['vanished', (path) => rmSync(path)],
  ])('as its source has %s', async (problemClass, act) => {
    const source = await entryAt(trees.context(), 'source', 'd/f');
    act(trees.scratch.path('source/d/f'));
    const { unit } = await link({ planned: { source, leaderPath: 'e/gone' } });
    expect(unit.findings.problems).toMatchObject([
      { class: problemClass, side: 'source', path: 'd/f', attempt: 'link' },
    ]);
    expect(unit.refusals.names).toBe(0);
  });

  it('and the source cannot be read: that is the failure', async () => {
    const context = withCalls(trees.context(), 'source', () => ({ openat: () => -EACCES }));
    const linking = link({ context, planned: { leaderPath: 'e/gone' } });
    await expect(linking).rejects.toMatchObject({ code: 'EACCES', path: 'd/f' });
  });
});

describe('a leader that cannot be looked at', () => {
  const remote = { settings: { retries: 1 }, destination: { isRemote: true } };
  const failing = () =>
    withCalls(trees.context(remote), 'destination', ({ local }) => ({
      local: { ...local, statx: () => -EIO },
    }));
  const unopened = () =>
    withCalls(trees.context(remote), 'destination', ({ openat2 }) => ({
      openat2: (fd, name, how, length) => (name === 'e' ? -EIO : openat2(fd, name, how, length)),
    }));

  it.each([
    ['itself', failing],
    ['for its directory', unopened],
  ])('%s fails the attempt while another may help', async (_, context) => {
    await expect(link({ context: context() })).rejects.toMatchObject({ code: 'EIO' });
  });

  it.each([
    ['itself', failing],
    ['for its directory', unopened],
  ])('%s is wrong in the last attempt', async (_, context) => {
    const { isLinked, unit } = await link({ context: context(), unit: { tries: 2 } });
    expect(isLinked).toBe(false);
    expect(unit.refusals.names).toBe(1);
  });
});

describe('the call', () => {
  it.each([
    [Difference.missing, 'f'],
    [Difference.linkGroup, '.efs-sync-'],
  ])('is made once: %i', async (differences, start) => {
    if (differences === Difference.linkGroup) trees.make('destination', 'd/f');
    const names: string[] = [];
    const context = withCalls(trees.context(), 'destination', ({ linkat }) => ({
      linkat: (...given) => {
        names.push(given[3]);
        return linkat(...given);
      },
    }));
    await link({ context, planned: { differences } });
    expect(names).toEqual([expect.stringMatching(start)]);
  });

  it('that is refused leaves the name to a new decision', async () => {
    const context = withCalls(trees.context(), 'destination', () => ({ linkat: () => -EMLINK }));
    const { isLinked, unit } = await link({ context });
    expect(isLinked).toBe(false);
    expect(unit.refusals).toMatchObject({ names: 1, limit: 1 });
    expect(unit.findings.problems).toEqual([]);
  });

  it('that fails is a failure of the name', async () => {
    const context = withCalls(trees.context(), 'destination', () => ({ linkat: () => -EIO }));
    await expect(link({ context })).rejects.toMatchObject({ code: 'EIO', path: 'd/f' });
  });

  it('that moves it into place leaves nothing behind if it fails', async () => {
    trees.make('destination', 'd/f');
    const context = withCalls(trees.context(), 'destination', () => ({ renameat: () => -EACCES }));
    const planned = { differences: Difference.linkGroup };
    await expect(link({ context, planned })).rejects.toMatchObject({ code: 'EACCES' });
    expect(readdirSync(pathAt('d'))).toEqual(['f']);
    expect(isLeader()).toBe(false);
  });
});
