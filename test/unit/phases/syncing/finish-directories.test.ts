/** Extraneous directories go once they are empty, and those that stay are as they were. */
import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import type { DirectoryAction } from '../../../../src/engine/plan/records.ts';
import { EBUSY, EIO } from '../../../../src/linux/system-error.ts';
import { finishDirectory } from '../../../../src/phases/syncing/finish-directories.ts';
import { newApplyingScope, type ApplyingScope } from '../../../../src/phases/syncing/scope/applying-scope.ts';
import { directoryRecord, entryAt, STRANGER } from '../../../support/applying.ts';
import { entryOf } from '../../../support/entries.ts';
import {
  makeTwoTrees,
  withCalls,
  type ContextChanges,
  type TwoTrees,
} from '../../../support/march-context.ts';

const LISTING: ContextChanges = { settings: { listChanges: true } };
const REMOVALS: readonly DirectoryAction[] = ['remove', 'makeWay', 'giveWay'];

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('source', 'd/');
  trees.make('destination', 'd/');
});
afterEach(async () => trees.remove());

function pathAt(path: string): string {
  return trees.scratch.path(`destination/${path}`);
}

interface Removal {
  readonly action: DirectoryAction;
  readonly mode: number;
  readonly mayDelete: boolean;
}

function deleted({ context, findings }: ApplyingScope) {
  return [context.counters.totals().entriesDeleted, findings.listed.map(({ path }) => path)];
}

function asStranger(): WorkerContext {
  return trees.context({ setup: { rights: STRANGER } });
}

async function remove(
  path = 'd/extra',
  context: WorkerContext = trees.context(LISTING),
  { action = 'remove', mode = 0o755, mayDelete = true }: Partial<Removal> = {},
): Promise<ApplyingScope> {
  const unit = newApplyingScope(context);
  const record = directoryRecord(action, path, entryOf({ mode: 0o040000 | mode }));
  await finishDirectory(unit, record, { mayDelete });
  return unit;
}

describe('an extraneous directory', () => {
  it.each<[DirectoryAction, number, string[]]>([
    ['remove', 1, ['d/extra/']],
    ['makeWay', 1, ['d/extra/']],
    ['giveWay', 0, []],
  ])('is removed for %s, which counts as %i deleted', async (action, count, listed) => {
    trees.make('destination', 'd/extra/');
    const unit = await remove('d/extra', trees.context(LISTING), { action });
    expect(existsSync(pathAt('d/extra'))).toBe(false);
    expect(deleted(unit)).toEqual([count, listed]);
  });

  it.each(['d/extra', 'gone/extra'])('that others have removed counts, too: %s', async (path) => {
    const unit = await remove(path);
    expect(deleted(unit)).toEqual([1, [`${path}/`]]);
    expect(unit.findings.problems).toEqual([]);
  });

  it.each(REMOVALS)('stays once the delete limit is reached: %s', async (action) => {
    trees.make('destination', 'd/extra/');
    const unit = await remove('d/extra', trees.context(LISTING), { action, mayDelete: false });
    expect(existsSync(pathAt('d/extra'))).toBe(true);
    expect(deleted(unit)).toEqual([0, []]);
    expect(unit.findings.problems).toEqual([]);
  });

  it('that is not empty is a problem', async () => {
    trees.make('destination', 'd/extra/f');
    const unit = await remove();
    expect(deleted(unit)).toEqual([0, []]);
    expect(unit.findings.problems).toMatchObject([
      { side: 'destination', path: 'd/extra', attempt: 'delete directory', code: 'ENOTEMPTY' },
    ]);
  });

  it.each<[string, ContextChanges]>([
    ['a filter may protect', { settings: { filters: [{ action: 'exclude', pattern: 'f' }] } }],
    ['another file system may be', { settings: { oneFileSystem: true } }],
  ])('may hold what %s, which is no problem', async (_, changes) => {
    trees.make('destination', 'd/extra/f');
    const unit = await remove('d/extra', trees.context(changes));
    expect(readdirSync(pathAt('d/extra'))).toEqual(['f']);
    expect(deleted(unit)).toEqual([0, []]);
    expect(unit.findings.problems).toEqual([]);
  });

  it('may hold only a file of the run, which is no problem', async () => {
    trees.make('destination', 'd/extra/below/log');
    const plain = trees.context();
    const directory = await entryAt(plain, 'destination', 'd/extra/below');
    const found = await entryAt(plain, 'destination', 'd/extra/below/log');
    const above = await entryAt(plain, 'destination', 'd/extra');
    const files = [{ what: '--log-file', use: 'appended', directory, name: 'log', found }] as const;
    const runFiles = { files, above: [directory, above] };
    const unit = await remove('d/extra', trees.context({ setup: { runFiles } }));
    expect(unit.findings.problems).toEqual([]);
    expect(deleted(unit)).toEqual([0, []]);
    trees.make('destination', 'd/extra/f');
    expect((await remove('d/extra', trees.context({ setup: { runFiles } }))).findings.problems).toHaveLength(
      1,
    );
  });

  it('that is busy is a problem', async () => {
    trees.make('destination', 'd/extra/');
    const context = withCalls(trees.context({ settings: { retries: 0 } }), 'destination', () => ({
      unlinkat: () => -EBUSY,
    }));
    const unit = await remove('d/extra', context);
    expect(unit.findings.problems).toMatchObject([{ path: 'd/extra', code: 'EBUSY' }]);
  });

  describe('that its owner had locked', () => {
    beforeEach(() => {
      trees.make('destination', 'd/extra/f');
      chmodSync(pathAt('d/extra'), 0o750);
    });

    it.each([true, false])('gets its permissions back if it stays: %s', async (mayDelete) => {
      await remove('d/extra', asStranger(), { mode: 0o550, mayDelete });
      expect(statSync(pathAt('d/extra')).mode & 0o777).toBe(0o550);
      chmodSync(pathAt('d/extra'), 0o700);
    });

    it('keeps those that somebody has given it since', async () => {
      chmodSync(pathAt('d/extra'), 0o770);
      await remove('d/extra', asStranger(), { mode: 0o550 });
      expect(statSync(pathAt('d/extra')).mode & 0o777).toBe(0o770);
    });

    it('is left as it is by root, who never opened it', async () => {
      const rights = { ...STRANGER, isRoot: true };
      await remove('d/extra', trees.context({ setup: { rights } }), { mode: 0o550 });
      expect(statSync(pathAt('d/extra')).mode & 0o777).toBe(0o750);
    });

    it('is a problem of its own if they cannot be given back', async () => {
      const failing = withCalls(asStranger(), 'destination', () => ({ fchmod: () => -EIO }));
      const unit = await remove('d/extra', failing, { mode: 0o550 });
      expect(unit.findings.problems).toMatchObject([
        { attempt: 'set metadata', code: 'EIO' },
        { attempt: 'delete directory', code: 'ENOTEMPTY' },
      ]);
    });

    it('may be gone when they are given back', async () => {
      const unit = await remove('d/gone', asStranger(), { mode: 0o550, mayDelete: false });
      expect(unit.findings.problems).toEqual([]);
    });
  });

  it('is removed from a directory that its owner has locked', async () => {
    trees.make('destination', 'd/extra/');
    chmodSync(pathAt('d'), 0o500);
    const unit = await remove('d/extra', trees.context({ setup: { rights: STRANGER } }));
    expect(unit.findings.unlocked).toEqual([{ path: 'd', lockedMode: 0o500 }]);
    expect(existsSync(pathAt('d/extra'))).toBe(false);
  });
});
