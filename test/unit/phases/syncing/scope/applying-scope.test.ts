/** What a unit keeps of its attempts, and which failures end the run. */
import { chmodSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, it, expect } from 'vitest';
import { problemOf } from '../../../../../src/engine/messages/findings.ts';
import { EACCES, EIO, EPERM, EROFS, SystemError } from '../../../../../src/linux/system-error.ts';
import { Difference } from '../../../../../src/model/change.ts';
import { FatalError } from '../../../../../src/model/run/errors.ts';
import { DEFAULT_SETTINGS } from '../../../../../src/model/settings.ts';
import {
  addProblem,
  type ApplyingScope,
  isInTaken,
  listDone,
  mayMakeWritable,
  newApplyingScope,
  openUp,
  retryApplying,
} from '../../../../../src/phases/syncing/scope/applying-scope.ts';
import { inDestination, STRANGER } from '../../../../support/applying.ts';
import { entryOf } from '../../../../support/entries.ts';
import { makeTwoTrees, withCalls, type TwoTrees } from '../../../../support/march-context.ts';

const AT = { phase: 'syncing', side: 'destination', path: 'd/f', attempt: 'copy' } as const;
const transient = () => new SystemError(-116, 'openat', 'd/f');

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('destination', 'd/');
});
afterEach(async () => trees.remove());

describe('an attempt', () => {
  it('keeps what it found if it succeeds', async () => {
    const unit = newApplyingScope(trees.context());
    const result = await retryApplying(unit, async ({ findings }) => {
      findings.problems.push(problemOf('failed', AT, 'metadata'));
      return Promise.resolve('done');
    });
    expect(result).toBe('done');
    expect(unit.findings.problems).toMatchObject([{ reason: 'metadata' }]);
  });

  it('that is made again leaves only what the last one found, and what lasts', async () => {
    const unit = newApplyingScope(trees.context());
    const tries: number[] = [];
    await retryApplying(unit, async (attempt) => {
      tries.push(attempt.tries);
      attempt.findings.problems.push(problemOf('failed', AT, `attempt ${attempt.tries}`));
      if (attempt.tries === 1) attempt.lasting.problems.push(problemOf('failed', AT, 'left behind'));
      if (attempt.tries < 3) throw transient();
      return Promise.resolve();
    });
    expect(tries).toEqual([1, 2, 3]);
    expect(unit.findings.problems.map(({ reason }) => reason)).toEqual(['left behind', 'attempt 3']);
  });

  it('that fails for good leaves nothing but what lasts', async () => {
    chmodSync(trees.scratch.path('destination/d'), 0o500);
    const unit = newApplyingScope(trees.context({ setup: { rights: STRANGER } }));
    const failed = retryApplying(unit, async (attempt) => {
      attempt.findings.listed.push({ itemized: '', path: 'd/f', sizeBytes: 0 });
      await inDestination(attempt.context, 'd', (directory) => openUp(attempt, directory));
      throw new SystemError(-EACCES, 'openat', 'd/f');
    });
    await expect(failed).rejects.toThrow('EACCES');
    expect(unit.findings.listed).toEqual([]);
    expect(unit.findings.unlocked).toEqual([{ path: 'd', lockedMode: 0o500 }]);
  });

  it('shares what is counted of the unit', async () => {
    const unit = newApplyingScope(trees.context(), [], true);
    await retryApplying(unit, async (attempt) => {
      attempt.taken.push('d');
      attempt.foundThere.push('1:2');
      attempt.refusals.names++;
      return Promise.resolve();
    });
    expect(unit).toMatchObject({
      taken: ['d'],
      foundThere: ['1:2'],
      refusals: { names: 1, mayReplaceLeader: true },
    });
  });
});

async function modeAfter(unit: ApplyingScope): Promise<number> {
  await inDestination(unit.context, 'd', (directory) => openUp(unit, directory));
  return statSync(trees.scratch.path('destination/d')).mode & 0o777;
}

describe('a directory that its owner has locked', () => {
  const preserve = { ...DEFAULT_SETTINGS.preserve, mode: false };

  beforeEach(() => chmodSync(trees.scratch.path('destination/d'), 0o550));
  afterEach(() => chmodSync(trees.scratch.path('destination/d'), 0o700));

  it('is opened up, and its permissions are known for the end', async () => {
    const unit = newApplyingScope(trees.context({ setup: { rights: STRANGER } }));
    expect(await modeAfter(unit)).toBe(0o750);
    expect(await modeAfter(unit)).toBe(0o750);
    expect(unit.lasting.unlocked).toEqual([{ path: 'd', lockedMode: 0o550 }]);
  });

  it.each([
    ['root, who is never denied', { setup: { rights: { ...STRANGER, isRoot: true } } }],
    ['a run that would not restore them', { setup: { rights: STRANGER }, settings: { preserve } }],
  ])('is left as it is by %s', async (_, changes) => {
    const unit = newApplyingScope(trees.context(changes));
    expect(mayMakeWritable(unit)).toBe(false);
    expect(await modeAfter(unit)).toBe(0o550);
    expect(unit.lasting.unlocked).toEqual([]);
  });

  it('is left as it is if somebody else owns it', async () => {
    const context = withCalls(trees.context({ setup: { rights: STRANGER } }), 'destination', () => ({
      fchmod: () => -EPERM,
    }));
    const unit = newApplyingScope(context);
    expect(await modeAfter(unit)).toBe(0o550);
    expect(unit.lasting.unlocked).toEqual([]);
  });
});

describe('a failed call', () => {
  it('is a problem of its path, in this phase', async () => {
    const unit = newApplyingScope(trees.context());
    await addProblem(unit, new SystemError(-EACCES, 'openat', 'd/f'), { ...AT, side: 'source' });
    expect(unit.findings.problems).toEqual([
      {
        class: 'failed',
        phase: 'syncing',
        side: 'source',
        path: 'd/f',
        attempt: 'copy',
        code: 'EACCES',
        reason: 'Permission denied',
      },
    ]);
  });

  it('is told with the reason given, also an empty one', async () => {
    const unit = newApplyingScope(trees.context());
    for (const reason of ['another', '']) {
      await addProblem(unit, new SystemError(-EIO, 'openat', 'd/f'), { ...AT, reason });
    }
    expect(unit.findings.problems.map(({ reason }) => reason)).toEqual(['another', '']);
  });

  it('that is a bug is thrown', async () => {
    const unit = newApplyingScope(trees.context());
    await expect(addProblem(unit, new TypeError('a bug'), AT)).rejects.toThrow('a bug');
  });
});

function readOnly(): ApplyingScope {
  return newApplyingScope(withCalls(trees.context(), 'destination', () => ({ futimens: () => -EROFS })));
}

const refused = () => new SystemError(-EROFS, 'openat', 'd/f');

describe('a destination that is read-only as a whole', () => {
  it.each([
    ['d/f', '/d/f'],
    ['', ''],
  ])('ends the run, with the path: %j', async (path, shown) => {
    const unit = readOnly();
    const { realPath } = unit.context.setup.destination;
    const error = refused();
    const added = addProblem(unit, error, { ...AT, path });
    await expect(added).rejects.toThrow(
      `cannot copy ${realPath}${shown}: Read-only file system at the destination`,
    );
    await expect(added).rejects.toBeInstanceOf(FatalError);
  });

  it('does not end the run if the call concerned the source', async () => {
    const unit = readOnly();
    await addProblem(unit, refused(), { ...AT, side: 'source' });
    expect(unit.findings.problems).toMatchObject([{ side: 'source', code: 'EROFS' }]);
  });
});

describe('what was done', () => {
  const done = {
    action: 'write',
    path: 'd/f',
    differences: Difference.missing,
    source: entryOf({ sizeBytes: 9 }),
  } as const;

  it('is listed if changes are', () => {
    const unit = newApplyingScope(trees.context({ settings: { listChanges: true } }));
    listDone(unit, done);
    listDone(unit, { ...done, action: 'link', linkedTo: 'd/e' });
    expect(unit.findings.listed).toEqual([
      { itemized: '>f+++++++++', path: 'd/f', sizeBytes: 9 },
      { itemized: 'hf+++++++++', path: 'd/f', sizeBytes: 9, linkedTo: 'd/e' },
    ]);
  });

  it('is not listed else', () => {
    const unit = newApplyingScope(trees.context());
    listDone(unit, done);
    expect(unit.findings.listed).toEqual([]);
  });
});

it.each([
  ['d', true],
  ['d/e', true],
  ['d2', false],
  ['a', false],
  ['', false],
  ['x/y/z', true],
])('%j is in a directory whose name is taken: %s', (path, expected) => {
  const unit = newApplyingScope(trees.context());
  unit.taken.push('d', 'x/y');
  expect(isInTaken(unit, path)).toBe(expected);
});
