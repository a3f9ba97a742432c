/** `--inplace`: only a file that a new one would equal is written to, and it is marked first. */
import { chmodSync, linkSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, it, expect } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import type { PlannedChange } from '../../../../../src/engine/plan/section.ts';
import type { Linux } from '../../../../../src/linux/call-table.ts';
import { closeWritten } from '../../../../../src/filesystem/destination/files.ts';
import { closeRead, openForReading } from '../../../../../src/filesystem/open-file.ts';
import { EACCES, EIO, EPERM } from '../../../../../src/linux/system-error.ts';
import { Difference } from '../../../../../src/model/change.ts';
import { DEFAULT_SETTINGS } from '../../../../../src/model/settings.ts';
import { newOwner, openInPlace } from '../../../../../src/phases/syncing/files/in-place-file.ts';
import { newApplyingScope } from '../../../../../src/phases/syncing/scope/applying-scope.ts';
import { entryAt, STRANGER, withPlace } from '../../../../support/applying.ts';
import { entryOf } from '../../../../support/entries.ts';
import {
  type ContextChanges,
  makeTwoTrees,
  withCalls,
  type TwoTrees,
} from '../../../../support/march-context.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  for (const side of ['source', 'destination'] as const) {
    trees.make(side, 'f');
    chmodSync(trees.scratch.path(`${side}/f`), 0o640);
  }
  utimesSync(trees.scratch.path('destination/f'), 5, 5);
});
afterEach(async () => trees.remove());

const IN_PLACE: ContextChanges = { settings: { inPlace: true } };
const there = () => trees.scratch.path('destination/f');

function modeThere(): number {
  return statSync(there()).mode & 0o7777;
}

/** The file's permissions before it was opened; undefined if it may not be written in place. */
async function open(
  planned: Partial<PlannedChange> = {},
  context: WorkerContext = trees.context(IN_PLACE),
): Promise<number | undefined> {
  const unit = newApplyingScope(context);
  const source = planned.source ?? (await entryAt(trees.context(), 'source', 'f'));
  const change = { differences: Difference.mtime, ...planned, source };
  return withPlace(context, 'f', change, async (place) => {
    const reading = await openForReading(place.source, 'f');
    try {
      const opened = await openInPlace(unit, place, reading);
      if (opened === undefined) return undefined;
      await closeWritten(opened.file);
      return opened.mode;
    } finally {
      await closeRead(reading);
    }
  });
}

describe('a file as a new one would be', () => {
  it('is opened and marked before its first byte', async () => {
    expect(await open()).toBe(0o640);
    expect(modeThere()).toBe(0o1640);
  });

  it('is opened again if a killed run has marked it', async () => {
    // Only without modes is the planned mode compared without the mark.
    chmodSync(there(), 0o1640);
    const preserve = { ...DEFAULT_SETTINGS.preserve, mode: false };
    expect(await open({}, trees.context({ settings: { inPlace: true, preserve } }))).toBe(0o640);
    expect(modeThere()).toBe(0o1640);
  });

  it('may have other permissions if modes are not preserved', async () => {
    chmodSync(there(), 0o600);
    const preserve = { ...DEFAULT_SETTINGS.preserve, mode: false };
    expect(await open({}, trees.context({ settings: { inPlace: true, preserve } }))).toBe(0o600);
  });

  it('may have as many names as its source', async () => {
    for (const side of ['source', 'destination']) {
      linkSync(trees.scratch.path(`${side}/f`), trees.scratch.path(`${side}/g`));
    }
    expect(await open()).toBe(0o640);
  });

  it.each([
    [Difference.size | Difference.content, 0o640],
    [Difference.xattr | Difference.atime, 0o640],
    [Difference.linkGroup, undefined],
    [Difference.missing, undefined],
    [Difference.kind, undefined],
    [Difference.uid, undefined],
    [Difference.gid, undefined],
    [Difference.mode, undefined],
    [Difference.acl, undefined],
    [Difference.privilege, undefined],
  ])('differs as planned: %i', async (differences, expected) => {
    expect(await open({ differences: differences | Difference.mtime })).toBe(expected);
  });

  it('is replaced without --inplace', async () => {
    expect(await open({}, trees.context())).toBeUndefined();
    expect(modeThere()).toBe(0o640);
  });
});

async function isReplaced(planned: Partial<PlannedChange> = {}, context?: WorkerContext): Promise<void> {
  const before = statSync(there());
  expect(await open(planned, context)).toBeUndefined();
  const after = statSync(there());
  expect([after.ino, after.mode, after.ctimeMs]).toEqual([before.ino, before.mode, before.ctimeMs]);
  expect(trees.openDescriptors()).toBe(0);
}

describe('a file is replaced, and not touched', () => {
  it('if it has other permissions by now', async () => {
    chmodSync(there(), 0o644);
    await isReplaced();
  });

  it('if it has a name that its source has not', async () => {
    linkSync(there(), trees.scratch.path('destination/unknown'));
    await isReplaced();
  });

  it('if another user owns it', async () => {
    const source = { ...(await entryAt(trees.context(), 'source', 'f')), uid: 4242 };
    const asRoot = { ...STRANGER, isRoot: true, uid: 0 };
    await isReplaced({ source }, trees.context({ ...IN_PLACE, setup: { rights: asRoot } }));
  });

  it('if running it grants rights', async () => {
    const source = { ...(await entryAt(trees.context(), 'source', 'f')), mode: 0o104640 };
    const preserve = { ...DEFAULT_SETTINGS.preserve, mode: false };
    await isReplaced({ source }, trees.context({ settings: { inPlace: true, preserve } }));
  });

  it('if its source has the mark itself', async () => {
    const source = { ...(await entryAt(trees.context(), 'source', 'f')), mode: 0o101640 };
    const preserve = { ...DEFAULT_SETTINGS.preserve, mode: false };
    await isReplaced({ source }, trees.context({ settings: { inPlace: true, preserve } }));
  });

  it.each(['system.posix_acl_access', 'security.capability'])('if it has %s', async (name) => {
    const list = Buffer.from(`user.a\0${name}\0`);
    const listxattr: Linux['listxattr'] = (_, buffer) => list.copy(buffer as Buffer);
    await isReplaced(
      {},
      withCalls(trees.context(IN_PLACE), 'destination', () => ({ listxattr })),
    );
  });

  it('if its mark cannot be set', async () => {
    await isReplaced(
      {},
      withCalls(trees.context(IN_PLACE), 'destination', () => ({ fchmod: () => -EPERM })),
    );
  });

  it('if its mark is not kept', async () => {
    await isReplaced(
      {},
      withCalls(trees.context(IN_PLACE), 'destination', () => ({ fchmod: () => 0 })),
    );
  });
});

describe('nothing is opened', () => {
  it('if the file is gone', async () => {
    rmSync(there());
    expect(await open()).toBeUndefined();
  });

  it('that would wait for a reader: a FIFO fails at once', async () => {
    rmSync(there());
    execFileSync('mkfifo', ['-m', '640', there()]);
    await expect(open()).rejects.toMatchObject({ code: 'ENXIO', path: 'f' });
  });

  it('through a symbolic link', async () => {
    rmSync(there());
    trees.make('destination', 'victim');
    symlinkSync('victim', there());
    await expect(open()).rejects.toMatchObject({ code: 'ELOOP' });
  });

  it.each<[string, (linux: Linux) => Partial<Linux>]>([
    ['it cannot be looked at', ({ local }) => ({ local: { ...local, statx: () => -EIO } })],
    ['its attributes cannot be listed', () => ({ listxattr: () => -EIO })],
    ['marking it fails', () => ({ fchmod: () => -EIO })],
    ['its mark cannot be flushed', () => ({ fsync: () => -EIO })],
  ])('if %s, and the file is closed', async (_, calls) => {
    const plain = trees.context({ settings: { inPlace: true, fsync: true } });
    const failing = open({}, withCalls(plain, 'destination', calls));
    await expect(failing).rejects.toMatchObject({ code: 'EIO' });
    expect(trees.openDescriptors()).toBe(0);
  });

  it('where this user may not write: that is told', async () => {
    const context = withCalls(trees.context(IN_PLACE), 'destination', () => ({ openat: () => -EACCES }));
    await expect(open({}, context)).rejects.toMatchObject({ code: 'EACCES' });
  });
});

it('the mark is flushed only with --fsync', async () => {
  const context = withCalls(trees.context(IN_PLACE), 'destination', () => ({ fsync: () => -EIO }));
  expect(await open({}, context)).toBe(0o640);
});

it.each<[string, ContextChanges, object]>([
  ['the source’s for root', { setup: { rights: { ...STRANGER, isRoot: true } } }, { uid: 7, gid: 8 }],
  ['this user’s for others', { setup: { rights: STRANGER } }, { uid: 4242, gid: 4242 }],
  [
    'this user’s, and the directory’s group, if owners are not preserved',
    { settings: { preserve: { ...DEFAULT_SETTINGS.preserve, uid: false, gid: false } } },
    { uid: process.geteuid?.(), gid: process.getegid?.() },
  ],
])('the owner of a new file is %s', async (_, changes, expected) => {
  const unit = newApplyingScope(trees.context(changes));
  const owner = await withPlace(unit.context, 'f', { source: entryOf({ uid: 7, gid: 8 }) }, async (place) =>
    Promise.resolve(newOwner(unit, place)),
  );
  expect(owner).toEqual(expected);
});
