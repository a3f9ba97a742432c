/** What is extraneous goes, with what a killed run has left, and what cannot go is told. */
import { chmodSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import type { RemovalRecord } from '../../../../../src/engine/plan/records.ts';
import { EACCES, ESTALE } from '../../../../../src/linux/system-error.ts';
import { keyOf } from '../../../../../src/phases/syncing/names/led-to.ts';
import { removeNames } from '../../../../../src/phases/syncing/names/remove-names.ts';
import {
  newApplyingScope,
  type ApplyingScope,
} from '../../../../../src/phases/syncing/scope/applying-scope.ts';
import { entryAt, STRANGER } from '../../../../support/applying.ts';
import { makeTwoTrees, withCalls, type TwoTrees } from '../../../../support/march-context.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('destination', 'd/a', 'd/b', 'd/kept');
});
afterEach(async () => trees.remove());

async function remove(
  record: Partial<RemovalRecord> = {},
  context: WorkerContext = trees.context({ settings: { listChanges: true } }),
  foundThere: readonly string[] = [],
): Promise<ApplyingScope> {
  const unit = newApplyingScope(context);
  const whole = {
    directoryPath: 'd',
    areTemporaries: false,
    directory: undefined,
    names: ['a', 'b'],
    made: [],
  };
  await removeNames(unit, { ...whole, ...record }, foundThere);
  return unit;
}

function left(path = 'd'): string[] {
  return readdirSync(trees.scratch.path(`destination/${path}`)).toSorted();
}

function deleted({ context, findings }: ApplyingScope) {
  return {
    count: context.counters.totals().entriesDeleted,
    listed: findings.listed.map(({ itemized, path }) => `${itemized}${path}`),
  };
}

const BOTH = { count: 2, listed: ['*deleting  d/a', '*deleting  d/b'] };
const NONE = { count: 0, listed: [] };

describe('extraneous names', () => {
  it('are removed, counted and listed', async () => {
    expect(deleted(await remove())).toEqual(BOTH);
    expect(left()).toEqual(['kept']);
  });

  it('are listed only if changes are', async () => {
    expect(deleted(await remove({}, trees.context()))).toEqual({ count: 2, listed: [] });
  });

  it('that are gone already count as removed', async () => {
    expect(deleted(await remove({ names: ['a', 'gone'] })).count).toBe(2);
    expect(deleted(await remove({ names: ['gone', 'b'], made: ['kept'] }))).toEqual({
      count: 2,
      listed: ['*deleting  d/gone', '*deleting  d/b'],
    });
  });

  it('are gone with their directory', async () => {
    const unit = await remove({ directoryPath: 'gone' });
    expect(deleted(unit)).toEqual({ count: 2, listed: ['*deleting  gone/a', '*deleting  gone/b'] });
    expect(unit.findings.problems).toEqual([]);
  });

  it('may go with their directory while the first is being removed', async () => {
    const context = withCalls(trees.context(), 'destination', () => ({
      unlinkat: () => {
        rmSync(trees.scratch.path('destination/d'), { recursive: true, force: true });
        return -ESTALE;
      },
    }));
    const unit = await remove({}, context);
    expect(unit.findings.problems).toEqual([]);
    expect(deleted(unit).count).toBe(2);
  });

  it('stay if the directory is one that this run leads to', async () => {
    const context = trees.context();
    const key = keyOf(await entryAt(context, 'destination', 'd'));
    expect(deleted(await remove({}, context, [key]))).toEqual(NONE);
    expect(left()).toEqual(['a', 'b', 'kept']);
  });

  it('stay once the run must stop', async () => {
    const context = trees.context();
    context.stop.raise();
    expect(deleted(await remove({}, context))).toEqual(NONE);
    expect(left()).toEqual(['a', 'b', 'kept']);
  });
});

describe('a name that stays', () => {
  it('is a problem, and the others go', async () => {
    const context = withCalls(trees.context(), 'destination', ({ unlinkat }) => ({
      unlinkat: (fd, name, flags) => (name === 'a' ? -EACCES : unlinkat(fd, name, flags)),
    }));
    const unit = await remove({}, context);
    expect(unit.findings.problems).toMatchObject([
      { side: 'destination', path: 'd/a', attempt: 'delete', code: 'EACCES' },
    ]);
    expect(deleted(unit).count).toBe(1);
    expect(left()).toEqual(['a', 'kept']);
  });

  it('may have become a directory, which somebody else has made', async () => {
    trees.make('destination', 'd/e/f');
    const unit = await remove({ names: ['e'] });
    expect(unit.findings.problems).toMatchObject([{ path: 'd/e', code: 'EISDIR' }]);
    expect(left('d/e')).toEqual(['f']);
  });

  it('may have a directory that cannot be opened', async () => {
    const context = withCalls(trees.context(), 'destination', () => ({ openat2: () => -EACCES }));
    const unit = await remove({}, context);
    expect(unit.findings.problems).toMatchObject([{ path: 'd', attempt: 'open', code: 'EACCES' }]);
    expect(deleted(unit)).toEqual(NONE);
  });
});

describe('a directory', () => {
  it('that was replaced since it was listed keeps its names', async () => {
    const unit = await remove({ directory: { mountId: -1, device: 1, inode: 1n } });
    expect(unit.findings.problems).toMatchObject([{ path: 'd', code: 'EXDEV' }]);
    expect(left()).toEqual(['a', 'b', 'kept']);
  });

  it('that is the one listed loses them', async () => {
    const context = trees.context();
    const { device, inode } = await entryAt(context, 'destination', 'd');
    expect(deleted(await remove({ directory: { mountId: -1, device, inode } }, context)).count).toBe(2);
  });

  it('that its owner has locked is opened up', async () => {
    chmodSync(trees.scratch.path('destination/d'), 0o500);
    const unit = await remove({}, trees.context({ setup: { rights: STRANGER } }));
    expect(left()).toEqual(['kept']);
    expect(statSync(trees.scratch.path('destination/d')).mode & 0o777).toBe(0o700);
    expect(unit.findings.unlocked).toEqual([{ path: 'd', lockedMode: 0o500 }]);
  });
});

describe('what a killed run has left', () => {
  const areTemporaries = true;

  it('is removed without being counted or listed, also if it is gone', async () => {
    expect(deleted(await remove({ areTemporaries, names: ['a', 'gone'] }))).toEqual(NONE);
    expect(left()).toEqual(['b', 'kept']);
  });

  it('may be a directory with its files', async () => {
    trees.make('destination', 'd/a directory/f');
    const unit = await remove({ areTemporaries, names: ['a directory'] });
    expect(existsSync(trees.scratch.path('destination/d/a directory'))).toBe(false);
    expect(unit.findings.problems).toEqual([]);
  });

  it.each([
    ['no problem', false, []],
    ['a problem with --delete', true, [{ path: 'd/e', attempt: 'delete', code: 'ENOTEMPTY' }]],
  ])('is no directory with directories: that stays, which is %s', async (_, isDeleting, problems) => {
    trees.make('destination', 'd/e/below/f');
    const context = trees.context({ settings: { delete: isDeleting } });
    const unit = await remove({ areTemporaries, names: ['e'] }, context);
    expect(left('d/e/below')).toEqual(['f']);
    expect(unit.findings.problems).toMatchObject(problems);
    expect(unit.findings.problems).toHaveLength(problems.length);
  });
});
