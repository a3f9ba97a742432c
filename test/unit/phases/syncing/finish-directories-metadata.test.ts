/** Directories get the metadata of their source last, and extended attributes from wherever they can be read. */
import { chmodSync, mkdirSync, statSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, it, expect } from 'vitest';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import type { DirectoryAction } from '../../../../src/engine/plan/records.ts';
import type { Linux } from '../../../../src/linux/call-table.ts';
import { EACCES, EBUSY, EIO } from '../../../../src/linux/system-error.ts';
import { Difference } from '../../../../src/model/change.ts';
import { DEFAULT_SETTINGS } from '../../../../src/model/settings.ts';
import { finishDirectory } from '../../../../src/phases/syncing/finish-directories.ts';
import { type ApplyingScope, newApplyingScope } from '../../../../src/phases/syncing/scope/applying-scope.ts';
import { directoryRecord, entryAt } from '../../../support/applying.ts';
import { DIRECTORY, entryOf } from '../../../support/entries.ts';
import {
  type ContextChanges,
  makeTwoTrees,
  withCalls,
  type TwoTrees,
} from '../../../support/march-context.ts';

const LISTING: ContextChanges = { settings: { listChanges: true } };

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

describe('a directory that stays', () => {
  const entry = { mtimeSec: 1_500_000_000, mtimeNsec: 0 };

  async function finish(
    action: DirectoryAction,
    { path = 'd', mode = 0o751, differences = 0 } = {},
    context: WorkerContext = trees.context(LISTING),
  ): Promise<ApplyingScope> {
    const unit = newApplyingScope(context);
    const { uid, gid } = await entryAt(context, 'destination', '');
    const source = entryOf({ ...entry, mode: 0o040000 | mode, uid, gid });
    await finishDirectory(unit, directoryRecord(action, path, source, differences), { mayDelete: false });
    return unit;
  }

  it.each<DirectoryAction>(['create', 'claim', 'finishNew', 'finish'])(
    'gets the metadata of its source: %s',
    async (action) => {
      const unit = await finish(action);
      const { mode, mtimeMs } = statSync(pathAt('d'));
      expect([mode & 0o7777, mtimeMs]).toEqual([0o751, 1_500_000_000_000]);
      expect(unit.findings.problems).toEqual([]);
    },
  );

  it.each<[DirectoryAction, number, string[]]>([
    ['finish', Difference.mtime, ['.d..t......']],
    ['finish', 0, []],
    ['finishNew', Difference.missing, []],
  ])('is counted if it differed and existed: %s, %i', async (action, differences, listed) => {
    const unit = await finish(action, { differences });
    expect(unit.context.counters.totals().entriesAdjusted).toBe(listed.length);
    expect(unit.findings.listed.map(({ itemized }) => itemized)).toEqual(listed);
  });

  it.each([
    ['d', 'd/'],
    ['', './'],
  ])('is listed by its path, and the root by a dot: %j', async (path, listed) => {
    const unit = await finish('finish', { path, differences: Difference.mode });
    expect(unit.findings.listed.map((each) => each.path)).toEqual([listed]);
  });

  it.each<[DirectoryAction, number]>([
    ['finishNew', 0o050],
    ['finish', 0o750],
  ])('loses only the permissions of this run if modes are not kept: %s', async (action, expected) => {
    chmodSync(pathAt('d'), 0o750);
    const preserve = { ...DEFAULT_SETTINGS.preserve, mode: false };
    await finish(action, { mode: 0o000 }, trees.context({ settings: { preserve } }));
    expect(statSync(pathAt('d')).mode & 0o777).toBe(expected);
    chmodSync(pathAt('d'), 0o700);
  });

  it('that is gone is a problem', async () => {
    const unit = await finish('finish', { path: 'gone', differences: Difference.mtime });
    expect(unit.findings.problems).toMatchObject([
      { side: 'destination', path: 'gone', attempt: 'set metadata', code: 'ENOENT' },
    ]);
    expect(unit.context.counters.totals().entriesAdjusted).toBe(0);
    expect(unit.findings.listed).toEqual([]);
  });

  it('leaves no mark of an attempt that is made again', async () => {
    let tries = 0;
    const context = withCalls(trees.context(), 'destination', ({ futimens }) => ({
      futimens: (...given) => (tries++ === 0 ? -EBUSY : futimens(...given)),
    }));
    const unit = await finish('finish', {}, context);
    expect(unit.findings.problems).toEqual([]);
    expect(statSync(pathAt('d')).mtimeMs).toBe(1_500_000_000_000);
  });
});

const noAttributes = (): Partial<Linux> => ({ listxattr: () => 0 });

/** A directory that can be looked up but not opened. */
const denied = (): Partial<Linux> => {
  const { openat2 } = trees.context().source.linux;
  return { openat2: (fd, name, how, length) => (name === 'd' ? -EACCES : openat2(fd, name, how, length)) };
};

describe('the source of extended attributes', () => {
  const preserve = { ...DEFAULT_SETTINGS.preserve, acl: true };
  async function finishAs(
    source: Partial<Linux>,
    changes: { readonly inode?: bigint; readonly path?: string } = {},
  ): Promise<ApplyingScope> {
    const plain = withCalls(trees.context({ settings: { preserve } }), 'destination', noAttributes);
    const context = withCalls(plain, 'source', () => ({ ...noAttributes(), ...source }));
    const path = changes.path ?? 'd';
    const read = await entryAt(plain, 'source', path);
    const unit = newApplyingScope(context);
    const record = directoryRecord('finish', path, { ...read, inode: changes.inode ?? read.inode });
    await finishDirectory(unit, record, { mayDelete: true });
    return unit;
  }

  it('is opened, and closed again', async () => {
    utimesSync(trees.scratch.path('source/d'), 5, 5);
    expect((await finishAs({})).findings.problems).toEqual([]);
    expect(statSync(pathAt('d')).mtimeMs).toBe(5000);
    expect(trees.openDescriptors()).toBe(0);
  });

  it('is read by its name where it may not be listed', async () => {
    utimesSync(trees.scratch.path('source/d'), 5, 5);
    expect((await finishAs(denied())).findings.problems).toEqual([]);
    expect(statSync(pathAt('d')).mtimeMs).toBe(5000);
    expect(trees.openDescriptors()).toBe(0);
  });

  it('has vanished if another directory has its name by then', async () => {
    const unit = await finishAs(denied(), { inode: 1n });
    expect(unit.findings.problems).toMatchObject([
      { side: 'source', class: 'vanished', path: 'd', attempt: 'set metadata' },
    ]);
    expect(trees.openDescriptors()).toBe(0);
  });

  it('is the side that failed if it cannot be read', async () => {
    const unit = await finishAs({ listxattr: () => -EIO });
    expect(unit.findings.problems).toMatchObject([{ side: 'source', code: 'EIO' }]);
    expect(trees.openDescriptors()).toBe(0);
  });

  it('is no other directory where the root itself is denied', async () => {
    const unit = await finishAs({ openat2: () => -EACCES }, { path: '' });
    expect(unit.findings.problems).toMatchObject([{ side: 'source', path: '', code: 'EACCES' }]);
  });

  it('is not opened if no attributes are kept', async () => {
    mkdirSync(pathAt('only here'));
    const unit = newApplyingScope(trees.context());
    const { uid, gid } = await entryAt(unit.context, 'destination', '');
    const record = directoryRecord('finish', 'only here', entryOf({ mode: DIRECTORY, uid, gid }));
    await finishDirectory(unit, record, { mayDelete: true });
    expect(unit.findings.problems).toEqual([]);
  });
});
