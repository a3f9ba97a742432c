/** `--partial`: which file a copy continues, from where, and which it must not write to. */
import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import { closeWritten } from '../../../../../src/filesystem/destination/files.ts';
import type { Linux } from '../../../../../src/linux/call-table.ts';
import { closeRead, openForReading } from '../../../../../src/filesystem/open-file.ts';
import { EACCES, EIO } from '../../../../../src/linux/system-error.ts';
import { permissionsOf } from '../../../../../src/model/entry.ts';
import { partialNameOf } from '../../../../../src/phases/own-names.ts';
import { keepPartial, mayResume, openPartial } from '../../../../../src/phases/syncing/files/partial-file.ts';
import type { ChangePlace } from '../../../../../src/phases/syncing/names/change-place.ts';
import { newApplyingScope } from '../../../../../src/phases/syncing/scope/applying-scope.ts';
import { entryAt, STRANGER, withPlace } from '../../../../support/applying.ts';
import { entryOf } from '../../../../support/entries.ts';
import {
  makeTwoTrees,
  withCalls,
  type ContextChanges,
  type TwoTrees,
} from '../../../../support/march-context.ts';

const MIB = 1024 * 1024;
const SIZE_BYTES = 10 * MIB;

let trees: TwoTrees;
let partialPath: string;

beforeEach(async () => {
  trees = await makeTwoTrees();
  for (const side of ['source', 'destination'] as const) mkdirSync(join(trees.scratch.path(side), 'd'));
  writeFileSync(trees.scratch.path('source/d/f'), Buffer.alloc(SIZE_BYTES, 'x'));
  partialPath = trees.scratch.path(`destination/d/${partialNameOf('f')}`);
});
afterEach(async () => trees.remove());

/** Uses the place of `d/f` with its current source. */
async function inPlace<T>(context: WorkerContext, use: (place: ChangePlace) => Promise<T>): Promise<T> {
  return withPlace(context, 'd/f', { source: await entryAt(context, 'source', 'd/f') }, use);
}

/** Leaves a partial file of that size, as an interrupted run does. */
async function leavePartial(sizeBytes: number, mode = 0o600, changes: ContextChanges = {}): Promise<void> {
  const context = trees.context(changes);
  const unit = newApplyingScope(context);
  await inPlace(context, async (place) => {
    const source = await openForReading(place.source, 'f');
    const partial = await openPartial(unit, place, { source, mode });
    await closeRead(source);
    if (partial === undefined) throw new Error('no partial file');
    truncateSync(partialPath, sizeBytes);
    expect(await keepPartial(unit, partial.file, place.change.source)).toBe(true);
    await closeWritten(partial.file);
  });
}

/** The offset at which a copy of `d/f` resumes. */
async function startOf(context = trees.context(), mode = 0o600): Promise<number | undefined> {
  const unit = newApplyingScope(context);
  return inPlace(context, async (place) => {
    const source = await openForReading(place.source, 'f');
    try {
      const partial = await openPartial(unit, place, { source, mode });
      if (partial === undefined) return undefined;
      expect(partial.name).toBe(partialNameOf('f'));
      expect(statSync(partialPath).size).toBe(partial.startBytes);
      await closeWritten(partial.file);
      return partial.startBytes;
    } finally {
      await closeRead(source);
    }
  });
}

describe('a file may be resumed', () => {
  it.each([
    ['if it is large and --partial is given', true, MIB, 0o100644, true],
    ['not without --partial', false, MIB, 0o100644, false],
    ['not if it is small', true, MIB - 1, 0o100644, false],
    ['not if running it grants rights', true, MIB, 0o104755, false],
  ])('%s', async (...[, partial, sizeBytes, mode, expected]) => {
    const unit = newApplyingScope(trees.context({ settings: { partial } }));
    const may = await withPlace(
      unit.context,
      'd/f',
      { source: entryOf({ sizeBytes, mode }) },
      async (place) => Promise.resolve(mayResume(unit, place)),
    );
    expect(may).toBe(expected);
  });
});

describe('a copy', () => {
  it('begins a partial file with that mode if there is none', async () => {
    expect(await startOf()).toBe(0);
    expect(statSync(partialPath).mode & 0o777).toBe(0o600);
  });

  it('continues where the last blocks are sure to be written', async () => {
    await leavePartial(9 * MIB);
    expect(await startOf()).toBe(MIB);
  });

  it('starts again if the source has changed since', async () => {
    await leavePartial(9 * MIB);
    writeFileSync(trees.scratch.path('source/d/f'), Buffer.alloc(SIZE_BYTES, 'y'));
    expect(await startOf()).toBe(0);
  });

  it('starts again with a file that nobody marked', async () => {
    writeFileSync(partialPath, Buffer.alloc(9 * MIB));
    expect(await startOf()).toBe(0);
  });

  it('continues only since this boot if the destination is a local disk', async () => {
    await leavePartial(9 * MIB, 0o600, { destination: { isRemote: true } });
    expect(await startOf()).toBe(0);
  });

  it('continues after any boot of the client if a server has the file', async () => {
    const remote = { destination: { isRemote: true } };
    await leavePartial(9 * MIB, 0o600, remote);
    expect(await startOf(trees.context(remote))).toBe(MIB);
  });

  it('does not continue a file that others may have open: it takes a new one', async () => {
    await leavePartial(9 * MIB, 0o644);
    const theirs = openSync(partialPath, 'r');
    expect(await startOf()).toBe(0);
    expect(statSync(partialPath).mode & 0o777).toBe(0o600);
    const { nlink, size } = fstatSync(theirs);
    closeSync(theirs);
    expect({ nlink, size }).toEqual({ nlink: 0, size: 9 * MIB });
  });

  it('continues a file with fewer permissions than it would get', async () => {
    await leavePartial(9 * MIB, 0o600);
    expect(await startOf(trees.context(), 0o640)).toBe(MIB);
  });
});

describe('nothing is written', () => {
  it.each([
    ['through a symbolic link', () => symlinkSync('victim', partialPath)],
    ['to a file with another name', () => linkSync(trees.scratch.path('destination/d/victim'), partialPath)],
    ['into a directory', () => mkdirSync(partialPath)],
  ])('%s', async (_, take) => {
    trees.make('destination', 'd/victim');
    take();
    expect(await startOf()).toBeUndefined();
    expect(readFileSync(trees.scratch.path('destination/d/victim'), 'utf8')).toBe('x');
  });

  it('to a file of another user', async () => {
    await leavePartial(9 * MIB);
    expect(await startOf(trees.context({ setup: { rights: STRANGER } }))).toBeUndefined();
    expect(statSync(partialPath).size).toBe(9 * MIB);
  });

  it('where this user may not', async () => {
    const context = withCalls(trees.context(), 'destination', () => ({ openat: () => -EACCES }));
    expect(await startOf(context)).toBeUndefined();
  });

  it('that would stay behind with set-id bits', async () => {
    chmodSync(trees.scratch.path('source/d/f'), 0o4755);
    expect(permissionsOf(await entryAt(trees.context(), 'source', 'd/f'))).toBe(0o4755);
    expect(await startOf()).toBeUndefined();
    expect(existsSync(partialPath)).toBe(false);
  });
});

it.each<[string, (linux: Linux) => Partial<Linux>, string]>([
  ['cannot be looked at', ({ local }) => ({ local: { ...local, statx: () => -EIO } }), 'statx'],
  ['cannot be cut', () => ({ ftruncate: () => -EIO }), 'ftruncate'],
])('a file that %s fails the copy, and is closed', async (_, calls, syscall) => {
  await leavePartial(9 * MIB);
  const before = await entryAt(trees.context(), 'source', 'd/f');
  const context = withCalls(trees.context(), 'destination', calls);
  const unit = newApplyingScope(context);
  await withPlace(context, 'd/f', { source: before }, async (place) => {
    const source = await openForReading(place.source, 'f');
    const opened = openPartial(unit, place, { source, mode: 0o600 });
    await expect(opened).rejects.toMatchObject({ code: 'EIO', syscall });
    await closeRead(source);
  });
  expect(trees.openDescriptors()).toBe(0);
});

it('a file that cannot be marked is useless', async () => {
  const context = withCalls(trees.context(), 'destination', () => ({ futimens: () => -EIO }));
  const unit = newApplyingScope(context);
  const file = { ...trees.scratch.open('destination/d/unmarked'), linux: context.destination.linux };
  expect(await keepPartial(unit, file, entryOf())).toBe(false);
});
