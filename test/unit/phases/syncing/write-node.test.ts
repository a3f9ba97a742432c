/** Links and special files appear whole, with their metadata, whatever had their name. */
import { execFileSync } from 'node:child_process';
import { lstatSync, lutimesSync, readdirSync, readlinkSync, symlinkSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, it, expect } from 'vitest';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import type { PlannedChange } from '../../../../src/engine/plan/section.ts';
import { EIO, EEXIST } from '../../../../src/linux/system-error.ts';
import { Difference } from '../../../../src/model/change.ts';
import { DEFAULT_SETTINGS } from '../../../../src/model/settings.ts';
import { type ApplyingScope, newApplyingScope } from '../../../../src/phases/syncing/scope/applying-scope.ts';
import { writeNode } from '../../../../src/phases/syncing/write-node.ts';
import { isOwnName } from '../../../../src/policy/names/temporary-name.ts';
import { entryAt, withPlace } from '../../../support/applying.ts';
import { CHARACTER_DEVICE, entryOf } from '../../../support/entries.ts';
import { makeTwoTrees, withCalls, type TwoTrees } from '../../../support/march-context.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  for (const side of ['source', 'destination'] as const) trees.make(side, 'd/');
  symlinkSync('target\u00e9', trees.scratch.path('source/d/link'));
  lutimesSync(trees.scratch.path('source/d/link'), 5, 5);
  execFileSync('mkfifo', ['-m', '640', trees.scratch.path('source/d/fifo')]);
  utimesSync(trees.scratch.path('source/d/fifo'), 6, 6);
});
afterEach(async () => trees.remove());

function pathAt(path: string): string {
  return trees.scratch.path(`destination/${path}`);
}

async function write(
  name: 'link' | 'fifo',
  planned: Partial<PlannedChange> = {},
  context: WorkerContext = trees.context(),
): Promise<{ readonly unit: ApplyingScope; readonly isInPlace: boolean }> {
  const unit = newApplyingScope(context);
  const source = await entryAt(trees.context(), 'source', `d/${name}`);
  const isInPlace = await withPlace(context, `d/${name}`, { source, ...planned }, (place) =>
    writeNode(unit, place),
  );
  expect(trees.openDescriptors()).toBe(0);
  return { unit, isInPlace };
}

/** Records the names passed to a call. */
function noting(
  call: 'symlinkat' | 'mknodat',
  context: WorkerContext,
): { context: WorkerContext; names: string[] } {
  const names: string[] = [];
  return {
    names,
    context: withCalls(context, 'destination', ({ symlinkat, mknodat }) => ({
      symlinkat: (target, fd, name) => {
        if (call === 'symlinkat') names.push(name);
        return symlinkat(target, fd, name);
      },
      mknodat: (fd, name, mode, device) => {
        if (call === 'mknodat') names.push(name);
        return mknodat(fd, name, mode, device);
      },
    })),
  };
}

describe('a node', () => {
  it('is a link with the same target and time', async () => {
    expect((await write('link')).isInPlace).toBe(true);
    expect(readlinkSync(pathAt('d/link'))).toBe('target\u00e9');
    expect(lstatSync(pathAt('d/link')).mtimeMs).toBe(5000);
  });

  it('is a FIFO with the same permissions and time', async () => {
    expect((await write('fifo')).isInPlace).toBe(true);
    const { mode, mtimeMs } = lstatSync(pathAt('d/fifo'));
    expect([mode, mtimeMs]).toEqual([0o010640, 6000]);
  });

  it('has what the umask leaves if modes are not preserved', async () => {
    const preserve = { ...DEFAULT_SETTINGS.preserve, mode: false };
    const source = { ...(await entryAt(trees.context(), 'source', 'd/fifo')), mode: 0o010666 };
    await write('fifo', { source }, trees.context({ settings: { preserve } }));
    expect(lstatSync(pathAt('d/fifo')).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  it.each<[string, () => void]>([
    ['a file', () => trees.make('destination', 'd/link')],
    ['another link', () => trees.make('destination', 'd/link -> elsewhere')],
    ['an empty directory', () => trees.make('destination', 'd/link/')],
  ])('replaces %s', async (_, take) => {
    take();
    expect((await write('link', { differences: Difference.content })).isInPlace).toBe(true);
    expect(readlinkSync(pathAt('d/link'))).toBe('target\u00e9');
    expect(readdirSync(pathAt('d'))).toEqual(['link']);
  });
});

describe('the name', () => {
  it('is its own at once if it is new', async () => {
    const { context, names } = noting('symlinkat', trees.context());
    await write('link', {}, context);
    expect(names).toEqual(['link']);
  });

  it.each<[string, Partial<PlannedChange>, object]>([
    ['it replaces another', { differences: Difference.content }, {}],
    ['no later run would finish it', {}, { overwrite: 'never' }],
  ])('is a temporary one first if %s', async (_, planned, settings) => {
    const { context, names } = noting('mknodat', trees.context({ settings }));
    expect((await write('fifo', planned, context)).isInPlace).toBe(true);
    expect(names.map(isOwnName)).toEqual([true]);
    expect(readdirSync(pathAt('d'))).toEqual(['fifo']);
  });

  it('is a temporary one if somebody has taken its own', async () => {
    trees.make('destination', 'd/link');
    const { context, names } = noting('symlinkat', trees.context());
    expect((await write('link', {}, context)).isInPlace).toBe(true);
    expect(names.map(isOwnName)).toEqual([false, true]);
    expect(readlinkSync(pathAt('d/link'))).toBe('target\u00e9');
  });
});

describe('a failure', () => {
  it('to make it leaves what was there', async () => {
    trees.make('destination', 'd/fifo');
    const context = withCalls(trees.context(), 'destination', () => ({ mknodat: () => -EEXIST }));
    await expect(write('fifo', {}, context)).rejects.toMatchObject({ code: 'EEXIST', path: 'd/fifo' });
    expect(readdirSync(pathAt('d'))).toEqual(['fifo']);
  });

  it('to move it leaves no temporary', async () => {
    trees.make('destination', 'd/link');
    const context = withCalls(trees.context(), 'destination', () => ({ renameat: () => -EIO }));
    await expect(write('link', {}, context)).rejects.toMatchObject({ code: 'EIO' });
    expect(lstatSync(pathAt('d/link')).isFile()).toBe(true);
    expect(readdirSync(pathAt('d'))).toEqual(['link']);
  });

  it('whose reply was lost leaves no temporary', async () => {
    const context = withCalls(trees.context(), 'destination', ({ mknodat }) => ({
      mknodat: async (...given) => {
        await mknodat(...given);
        return -EIO;
      },
    }));
    const differences = Difference.content;
    await expect(write('fifo', { differences }, context)).rejects.toMatchObject({ code: 'EIO' });
    expect(readdirSync(pathAt('d'))).toEqual([]);
  });
});

it('one that others have replaced meanwhile gets no metadata, and takes no place', async () => {
  trees.make('destination', 'd/fifo');
  // Another process replaces the new FIFO with a file.
  const context = withCalls(trees.context(), 'destination', ({ mknodat }) => ({
    mknodat: (fd, name) => mknodat(fd, name, 0o100600, 0),
  }));
  const { unit, isInPlace } = await write('fifo', { differences: Difference.content }, context);
  expect(isInPlace).toBe(false);
  expect(unit.findings.problems).toMatchObject([
    { class: 'failed', side: 'destination', path: 'd/fifo', attempt: 'set metadata' },
  ]);
  expect(lstatSync(pathAt('d/fifo')).isFile()).toBe(true);
  expect(readdirSync(pathAt('d'))).toEqual(['fifo']);
});

it.each([
  [1, 3, 0x103],
  [8, 17, 0x811],
  [4095, 255, 0xfffff],
  [1, 256, 0x100100],
  [259, 0xfffff, 0xfff103ff],
])('the device %i:%i has the number that the kernel knows', async (major, minor, expected) => {
  const made: (number | bigint)[] = [];
  const context = withCalls(trees.context(), 'destination', () => ({
    mknodat: (_fd, _name, _mode, device) => {
      made.push(device);
      return -EIO;
    },
  }));
  const source = entryOf({ mode: CHARACTER_DEVICE, specialDevice: major * 2 ** 32 + minor });
  await expect(write('fifo', { source }, context)).rejects.toMatchObject({ code: 'EIO' });
  expect(made[0]).toBe(expected);
});
