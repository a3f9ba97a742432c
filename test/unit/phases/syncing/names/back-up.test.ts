/** Before a name is replaced or removed it is backed up, also where replies are lost or links are refused. */
import { linkSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import type { Linux } from '../../../../../src/linux/call-table.ts';
import { EEXIST, EIO, EMLINK, ENOENT, EXDEV, BackupError } from '../../../../../src/linux/system-error.ts';
import {
  type BackedUp,
  removeWithBackup,
  replaceName,
} from '../../../../../src/phases/syncing/names/back-up.ts';
import { newApplyingScope } from '../../../../../src/phases/syncing/scope/applying-scope.ts';
import { inDestination } from '../../../../support/applying.ts';
import { makeTwoTrees, type TwoTrees } from '../../../../support/march-context.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  mkdirSync(path('d'));
  writeFileSync(path('d/f'), 'old');
  writeFileSync(path('d/new'), 'new');
});
afterEach(async () => trees.remove());

const path = (name: string) => trees.scratch.path(`destination/${name}`);
const left = () => readdirSync(path('d')).map((name) => [name, readFileSync(path(`d/${name}`), 'utf8')]);

const BESIDE = { directory: undefined, suffix: '~' };

/** With some calls that answer otherwise. */
function contextWith(changed: (linux: Linux) => Partial<Linux> = () => ({})): WorkerContext {
  const context = trees.context({ settings: { backup: BESIDE } });
  const { fd, linux } = context.destination;
  const root = { fd, linux: { ...linux, ...changed(linux) } };
  return { ...context, idle: [], destination: root, backup: root };
}

async function replace(context: WorkerContext, state: BackedUp = {}): Promise<number> {
  await inDestination(context, 'd', (directory) =>
    replaceName(newApplyingScope(context), { directory, name: 'new' }, { directory, name: 'f' }, state),
  );
  return context.counters.totals().entriesBackedUp;
}

async function remove(context: WorkerContext, state: BackedUp = {}): Promise<number> {
  await inDestination(context, 'd', (directory) =>
    removeWithBackup(newApplyingScope(context), { directory, name: 'f' }, state),
  );
  return context.counters.totals().entriesBackedUp;
}

const DONE = [
  ['f', 'new'],
  ['f~', 'old'],
];

describe('what is replaced', () => {
  it('always has its name, before it and after it', async () => {
    const seen: boolean[] = [];
    const context = contextWith(({ renameat }) => ({
      renameat: (...args) => {
        seen.push(readdirSync(path('d')).includes('f'));
        return renameat(...args);
      },
    }));
    expect(await replace(context)).toBe(1);
    expect([seen, left()]).toEqual([[true], DONE]);
  });

  it.each([
    ['an earlier backup', () => writeFileSync(path('d/f~'), 'earlier')],
    ['an empty directory', () => mkdirSync(path('d/f~'))],
    ['a name of the same inode', () => linkSync(path('d/f'), path('d/f~'))],
  ])('takes the name of %s', async (_, make) => {
    make();
    expect(await replace(contextWith())).toBe(1);
    expect(left()).toEqual(DONE);
  });

  it('is renamed where it cannot have two names', async () => {
    expect(await replace(contextWith(() => ({ linkat: () => -EMLINK })))).toBe(1);
    expect(left()).toEqual(DONE);
  });

  it('gets its name back if nothing comes in its place then', async () => {
    const context = contextWith(({ renameat }) => ({
      linkat: () => -EMLINK,
      renameat: (from, name, to, other) => (name === 'new' ? -EIO : renameat(from, name, to, other)),
    }));
    await expect(replace(context)).rejects.toMatchObject({ code: 'EIO' });
    expect(left()).toEqual([
      ['f', 'old'],
      ['new', 'new'],
    ]);
  });

  it('stays if it cannot be backed up', async () => {
    const context = contextWith(() => ({ linkat: () => -EXDEV }));
    await expect(replace(context)).rejects.toBeInstanceOf(BackupError);
    await expect(replace(context)).rejects.toMatchObject({
      code: 'EXDEV',
      reason: 'cannot back it up: it is on another file system than its backup would be',
    });
    expect(left()).toEqual([
      ['f', 'old'],
      ['new', 'new'],
    ]);
  });

  it('is backed up once, also if the reply to the last rename is lost', async () => {
    let isLost = true;
    const context = contextWith(({ renameat }) => ({
      renameat: async (from, name, to, other) => {
        const result = await renameat(from, name, to, other);
        return name === 'new' && isLost ? -EIO : result;
      },
    }));
    const state: BackedUp = {};
    await expect(replace(context, state)).rejects.toMatchObject({ code: 'EIO' });
    isLost = false;
    writeFileSync(path('d/new'), 'newer');
    await replace(context, state);
    expect(left()).toEqual([
      ['f', 'newer'],
      ['f~', 'old'],
    ]);
  });

  it('may have been linked though the reply says that the name is taken', async () => {
    const context = contextWith(({ linkat }) => ({
      linkat: async (...args) => ((await linkat(...args)) === 0 ? -EEXIST : -EIO),
    }));
    expect(await replace(context)).toBe(1);
    expect(left()).toEqual(DONE);
  });

  it('is no backup of what is in its place already', async () => {
    linkSync(path('d/f'), path('d/other'));
    const context = contextWith();
    await inDestination(context, 'd', (directory) =>
      replaceName(newApplyingScope(context), { directory, name: 'other' }, { directory, name: 'f' }),
    );
    expect(context.counters.totals().entriesBackedUp).toBe(0);
    expect(readdirSync(path('d'))).not.toContain('f~');
  });
});

describe('what is removed', () => {
  const REMOVED = [
    ['f~', 'old'],
    ['new', 'new'],
  ];

  it('is renamed', async () => {
    expect(await remove(contextWith())).toBe(1);
    expect(left()).toEqual(REMOVED);
  });

  it('goes where its backup is another name of it', async () => {
    linkSync(path('d/f'), path('d/f~'));
    expect(await remove(contextWith())).toBe(1);
    expect(left()).toEqual(REMOVED);
    expect(statSync(path('d/f~')).nlink).toBe(1);
  });

  it('counts if the reply to the rename was lost, and once', async () => {
    let isLost = true;
    const context = contextWith(({ renameat }) => ({
      renameat: async (...args) => {
        const result = await renameat(...args);
        return isLost ? -EIO : result;
      },
    }));
    const state: BackedUp = {};
    await expect(remove(context, state)).rejects.toMatchObject({ code: 'EIO' });
    isLost = false;
    expect(await remove(context, state)).toBe(1);
    expect(left()).toEqual(REMOVED);
  });

  it('stays if its backup has nowhere to go', async () => {
    const context = contextWith(() => ({ renameat: () => -ENOENT }));
    await expect(remove(context)).rejects.toBeInstanceOf(BackupError);
    expect(left()).toContainEqual(['f', 'old']);
  });

  it('has no backup if it is one, nor if it is not there', async () => {
    const context = contextWith();
    writeFileSync(path('d/g~'), 'earlier');
    await inDestination(context, 'd', async (directory) => {
      await removeWithBackup(newApplyingScope(context), { directory, name: 'g~' });
      await removeWithBackup(newApplyingScope(context), { directory, name: 'nothing' });
    });
    expect(context.counters.totals().entriesBackedUp).toBe(0);
    expect(readdirSync(path('d'))).toEqual(['f', 'new']);
  });
});
