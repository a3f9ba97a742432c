/** Under which name a file is written, and with which permissions. */
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, it, expect } from 'vitest';
import { readOwnRights } from '../../../../../src/filesystem/metadata/own-rights.ts';
import { EIO } from '../../../../../src/linux/system-error.ts';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import { Difference } from '../../../../../src/model/change.ts';
import { DEFAULT_SETTINGS } from '../../../../../src/model/settings.ts';
import { putInPlace } from '../../../../../src/phases/syncing/files/destination-file.ts';
import { HiddenDirectory } from '../../../../../src/phases/syncing/names/hidden-directory.ts';
import { Staging } from '../../../../../src/phases/syncing/names/staging.ts';
import { partialNameOf } from '../../../../../src/phases/own-names.ts';
import { isOwnName } from '../../../../../src/policy/names/temporary-name.ts';
import { inDestination } from '../../../../support/applying.ts';
import {
  type ContextChanges,
  makeTwoTrees,
  withCalls,
  type TwoTrees,
} from '../../../../support/march-context.ts';
import { withWritten, type Writing } from '../../../../support/written-file.ts';

const MIB = 1024 * 1024;
const KEEPS_MODES = { ...DEFAULT_SETTINGS.preserve, mode: false };

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  for (const side of ['source', 'destination'] as const) trees.make(side, 'd/');
  writeFileSync(trees.scratch.path('source/d/f'), Buffer.alloc(MIB, 'x'));
  chmodSync(trees.scratch.path('source/d/f'), 0o754);
});
afterEach(async () => trees.remove());

function left(path = 'd'): string[] {
  return readdirSync(trees.scratch.path(`destination/${path}`));
}

function modeOf(name: string): number {
  return statSync(trees.scratch.path(`destination/d/${name}`)).mode & 0o7777;
}

/** Pretends that this user may change owners. */
function asRoot(settings: NonNullable<ContextChanges['settings']>): WorkerContext {
  return trees.context({ settings, setup: { rights: { ...readOwnRights(), isRoot: true } } });
}

describe('a file is written', () => {
  it('under a temporary name, with its permissions', async () => {
    await withWritten(trees, {}, (written) => {
      expect(left()).toEqual([written.name]);
      expect(isOwnName(written.name)).toBe(true);
      expect(modeOf(written.name)).toBe(0o754 & ~process.umask());
      expect(written).toMatchObject({ isTemporary: true, inPlace: false, createdMode: 0o754 });
    });
  });

  it('without what others would get before its owner is right', async () => {
    await withWritten(trees, { context: asRoot({}), source: { uid: 4242 } }, (written) => {
      expect(written.createdMode).toBe(0o744);
      expect(modeOf(written.name) & ~0o744).toBe(0);
    });
  });

  it('so that its attributes can be set', async () => {
    const preserve = { ...DEFAULT_SETTINGS.preserve, xattr: true };
    const context = trees.context({ settings: { preserve } });
    await withWritten(trees, { context, source: { mode: 0o100444 } }, ({ createdMode }) => {
      expect(createdMode).toBe(0o644);
    });
  });

  it('in a directory where it need not wait, if there is one', async () => {
    mkdirSync(trees.scratch.path('destination/d/staging'));
    await inDestination(trees.context(), 'd/staging', (directory) =>
      withWritten(trees, { place: { staging: new Staging([directory]) } }, async (written, place, unit) => {
        expect(left('d/staging')).toEqual([written.name]);
        await putInPlace(unit, place, written);
        expect([left('d/staging'), left().toSorted()]).toEqual([[], ['f', 'staging']]);
      }),
    );
  });

  it.each<[string, ContextChanges, number, string]>([
    ['under the name where the next run finds it', { settings: { partial: true } }, MIB, partialNameOf('f')],
    ['under a temporary one if it is small', { settings: { partial: true } }, MIB - 1, '.tmp'],
  ])('%s', async (_, changes, sizeBytes, name) => {
    await withWritten(trees, { context: trees.context(changes), source: { sizeBytes } }, (written) => {
      expect(written.name).toContain(name);
      expect(written.resumedBytes).toBe(sizeBytes < MIB ? undefined : 0);
    });
  });

  it('where it is, with --inplace, and gets its permissions back', async () => {
    writeFileSync(trees.scratch.path('destination/d/f'), 'old');
    chmodSync(trees.scratch.path('destination/d/f'), 0o640);
    const context = trees.context({ settings: { inPlace: true, preserve: KEEPS_MODES } });
    await withWritten(trees, { context, differences: Difference.content }, (written) => {
      expect(left()).toEqual(['f']);
      expect(written).toMatchObject({ inPlace: true, isTemporary: false, keptMode: 0o640 });
    });
  });
});

const hidden = () => new HiddenDirectory('d');

describe('in a hidden directory a file is written', () => {
  it('under its own name, and is unfinished until it is in place', async () => {
    const directory = hidden();
    await withWritten(trees, { place: { hidden: directory } }, async (written, place, unit) => {
      expect(left()).toEqual(['f']);
      expect([...directory.unfinished]).toEqual(['f']);
      await putInPlace(unit, place, written);
      expect(left()).toEqual(['f']);
      expect(directory.unfinished.size).toBe(0);
    });
  });

  it('under a temporary one if its name is taken, which stays', async () => {
    trees.make('destination', 'd/f');
    const directory = hidden();
    await withWritten(trees, { place: { hidden: directory } }, (written) => {
      expect(isOwnName(written.name)).toBe(true);
      expect(directory.unfinished.size).toBe(0);
    });
  });

  it('and stays unfinished if an earlier attempt of this run has its name', async () => {
    trees.make('destination', 'd/f');
    const directory = hidden();
    directory.unfinished.add('f');
    await withWritten(trees, { place: { hidden: directory } }, () => {
      expect([...directory.unfinished]).toEqual(['f']);
    });
  });

  it('and not left if the reply to its creation was lost', async () => {
    const directory = hidden();
    const context = withCalls(trees.context(), 'destination', ({ openat, close }) => ({
      openat: async (...given) => {
        await close(await openat(...given));
        return -EIO;
      },
    }));
    const writing = withWritten(trees, { context, place: { hidden: directory } }, () =>
      expect.fail('opened'),
    );
    await expect(writing).rejects.toMatchObject({ code: 'EIO' });
    expect(left()).toEqual([]);
    expect(directory.unfinished.size).toBe(0);
  });
});

async function kept(mode: number, given: Partial<Writing> = {}): Promise<number | undefined> {
  trees.make('destination', 'd/f');
  chmodSync(trees.scratch.path('destination/d/f'), mode);
  let found: number | undefined;
  const context = trees.context({ settings: { preserve: KEEPS_MODES } });
  await withWritten(trees, { context, differences: Difference.content, ...given }, ({ keptMode }) => {
    found = keptMode;
  });
  return found;
}

describe('the permissions of a file that is replaced', () => {
  it('stay if modes are not preserved', async () => {
    expect(await kept(0o604)).toBe(0o604);
    expect(await kept(0o4711)).toBe(0o4711);
  });

  it('lose set-id bits if the owner, who set them, does not stay', async () => {
    const context = asRoot({ preserve: KEEPS_MODES });
    expect(await kept(0o4711, { context, source: { uid: 4242 } })).toBe(0o711);
    expect(await kept(0o2711, { context, source: { gid: 4242 } })).toBe(0o711);
  });

  it('lose the mark of a killed run', async () => {
    expect(await kept(0o1640)).toBe(0o640);
  });

  it.each([Difference.missing, Difference.kind])('are none if it is another: %i', async (differences) => {
    expect(await kept(0o604, { differences })).toBeUndefined();
  });

  it('are those of the source if modes are preserved', async () => {
    expect(await kept(0o604, { context: trees.context() })).toBeUndefined();
  });
});
