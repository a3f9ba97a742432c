/** Which failures of a link are the destination's refusal, and what then becomes of the name. */
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import { readLinkRecord, type LinkRecord } from '../../../../src/engine/plan/records.ts';
import { Plan } from '../../../../src/engine/plan/plan.ts';
import type { PlannedChange } from '../../../../src/engine/plan/section.ts';
import { statName } from '../../../../src/filesystem/entry-stat.ts';
import { StatBuffer } from '../../../../src/linux/stat-buffer.ts';
import {
  EACCES,
  EEXIST,
  EIO,
  EMLINK,
  ENOENT,
  ENOSYS,
  EOPNOTSUPP,
  EPERM,
  EXDEV,
  SystemError,
} from '../../../../src/linux/system-error.ts';
import { Difference } from '../../../../src/model/change.ts';
import { noteForRelink, refusalOf, type LinkRefusal } from '../../../../src/phases/syncing/refused-links.ts';
import { newApplyingScope, type ApplyingScope } from '../../../../src/phases/syncing/scope/applying-scope.ts';
import { entryAt, STRANGER, withPlace } from '../../../support/applying.ts';
import { makeTwoTrees, withCalls, type TwoTrees } from '../../../support/march-context.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('source', 'd/f');
  trees.make('destination', 'd/leader');
  for (const name of ['two', 'three']) {
    linkSync(trees.scratch.path('destination/d/leader'), trees.scratch.path(`destination/d/${name}`));
  }
});
afterEach(async () => trees.remove());

/** Interprets a failed link to `d/leader`, which has three names. */
async function refusal(error: unknown, context = trees.context()): Promise<LinkRefusal | undefined> {
  return withPlace(context, 'd/f', {}, async (place) => {
    const leader = new StatBuffer();
    await statName(place.destination, 'leader', leader);
    return refusalOf(newApplyingScope(context), place, { error, leader });
  });
}

function failure(errno: number, syscall = 'linkat'): SystemError {
  return new SystemError(-errno, syscall, 'd/f');
}

/** A destination in which names that match `isFixed` are immutable. */
function withFixed(isFixed: (name: string) => boolean): WorkerContext {
  return withCalls(trees.context(), 'destination', ({ local }) => ({
    local: {
      ...local,
      statx: async (...given) => {
        const result = await local.statx(...given);
        const [, name, , , buffer] = given;
        if (isFixed(name)) buffer?.set([0x10], 8);
        return result;
      },
    },
  }));
}

describe('a link that fails', () => {
  it.each([
    ['EMLINK', EMLINK],
    ['EOPNOTSUPP', EOPNOTSUPP],
    ['ENOSYS', ENOSYS],
    ['EPERM', EPERM],
  ])('with %s shows how many names a file may have', async (_, errno) => {
    expect(await refusal(failure(errno))).toEqual({ limit: 3 });
  });

  it('between two mounts is refused for its place', async () => {
    expect(await refusal(failure(EXDEV))).toEqual({ limit: undefined });
  });

  it.each([
    ['EIO', failure(EIO)],
    ['EEXIST', failure(EEXIST)],
    ['ENOENT', failure(ENOENT)],
    ['EMLINK of another call', failure(EMLINK, 'renameat')],
    ['a bug', Object.assign(new Error('a bug'), { errno: -EMLINK, syscall: 'linkat' })],
  ])('with %s is no refusal', async (_, error) => {
    expect(await refusal(error)).toBeUndefined();
  });
});

describe('EPERM is no refusal', () => {
  it('for a leader that may not be changed', async () => {
    expect(
      await refusal(
        failure(EPERM),
        withFixed((name) => name === 'leader'),
      ),
    ).toBeUndefined();
  });

  it('in a directory that may not be changed', async () => {
    expect(
      await refusal(
        failure(EPERM),
        withFixed((name) => name === ''),
      ),
    ).toBeUndefined();
  });

  it('for the leader of another user', async () => {
    expect(await refusal(failure(EPERM), trees.context({ setup: { rights: STRANGER } }))).toBeUndefined();
  });

  it('unless root asks, who may link every file', async () => {
    const rights = { ...STRANGER, isRoot: true };
    expect(await refusal(failure(EPERM), trees.context({ setup: { rights } }))).toEqual({ limit: 3 });
  });

  it('if the directory cannot be looked at: that is the failure', async () => {
    const context = withCalls(trees.context(), 'destination', ({ local }) => ({
      local: {
        ...local,
        statx: (fd, name, ...others) => (name === '' ? -EACCES : local.statx(fd, name, ...others)),
      },
    }));
    await expect(refusal(failure(EPERM), context)).rejects.toMatchObject({ code: 'EACCES', path: 'd' });
  });
});

interface Noted {
  readonly unit: ApplyingScope;
  readonly record: LinkRecord;
}

/** The new plan for `d/f`. */
async function note(
  refused: LinkRefusal | undefined,
  planned: Partial<PlannedChange> = {},
  context = trees.context(),
): Promise<Noted> {
  const unit = newApplyingScope(context);
  const change = { action: 'link', source: await entryAt(context, 'source', 'd/f'), ...planned } as const;
  await withPlace(context, 'd/f', change, (place) => noteForRelink(unit, place, refused));
  const plan = new Plan(trees.spools.plan);
  plan.take(context.plan.takeRecords());
  expect(plan.links.count).toBe(1);
  return { unit, record: readLinkRecord(trees.spools.plan.read(plan.links.at(0))) };
}

describe('the name is decided on again', () => {
  it('as one to write if it is missing', async () => {
    const { record } = await note({ limit: 3 });
    expect(record).toMatchObject({
      directoryPath: 'd',
      change: { action: 'write', name: 'f', differences: Difference.missing },
      destinationInode: 0n,
      destinationDevice: 0,
      wasRefused: true,
    });
  });

  it('as another kind if a link or directory has its name', async () => {
    symlinkSync('leader', trees.scratch.path('destination/d/f'));
    const { record } = await note({ limit: 3 });
    expect(record.change).toMatchObject({ action: 'write', differences: Difference.kind });
  });

  it('as right if it is, whatever its name may lead to, with its own inode', async () => {
    trees.make('destination', 'd/f');
    const context = trees.context();
    const there = await entryAt(context, 'destination', 'd/f');
    const { record } = await note({ limit: 3 }, { source: there, differences: Difference.name }, context);
    expect(record).toMatchObject({
      change: { action: 'adjust', differences: 0 },
      destinationInode: there.inode,
      destinationDevice: there.device,
    });
  });

  it('with what only reading has shown', async () => {
    trees.make('destination', 'd/f');
    const context = trees.context();
    const source = await entryAt(context, 'destination', 'd/f');
    const { content, name, acl } = Difference;
    const { record } = await note({ limit: 3 }, { source, differences: content | name | acl }, context);
    expect(record.change).toMatchObject({ action: 'write', differences: content | name });
  });

  it('and still as a name that the destination may take for another', async () => {
    const { record } = await note({ limit: 3 }, { differences: Difference.name | Difference.missing });
    expect(record.change.differences).toBe(Difference.name | Difference.missing);
  });

  it('without a refusal if only its leader is wrong', async () => {
    const { unit, record } = await note(undefined);
    expect(record.wasRefused).toBe(false);
    expect(unit.refusals).toMatchObject({ names: 1, limit: 0 });
  });

  it.each<[string, LinkRefusal]>([
    ['unless it is its place', { limit: undefined }],
    ['unless one was larger', { limit: 2 }],
  ])('and the largest limit is kept, %s', async (_, refused) => {
    const context = trees.context();
    const unit = newApplyingScope(context);
    const source = await entryAt(context, 'source', 'd/f');
    await withPlace(context, 'd/f', { action: 'link', source }, async (place) => {
      await noteForRelink(unit, place, { limit: 3 });
      await noteForRelink(unit, place, refused);
    });
    expect(unit.refusals).toMatchObject({ names: 2, limit: 3 });
  });

  it('not at all if the destination cannot be asked', async () => {
    const context = withCalls(trees.context(), 'destination', () => ({ statx: () => -EIO }));
    await expect(note({ limit: 3 }, {}, context)).rejects.toMatchObject({ code: 'EIO', path: 'd/f' });
  });
});

it('a directory of that name is another kind', async () => {
  mkdirSync(trees.scratch.path('destination/d/f'));
  const { record } = await note({ limit: 3 });
  expect(record.change.differences).toBe(Difference.kind);
});
