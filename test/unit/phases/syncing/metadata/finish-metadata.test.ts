/** What could not be set is told, or tried again, and who owns a copy is counted. */
import { chmodSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, it, expect } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import { readOpenEntry } from '../../../../../src/filesystem/entry-stat.ts';
import { closeRead, openForReading } from '../../../../../src/filesystem/open-file.ts';
import { EBUSY, EIO, EPERM } from '../../../../../src/linux/system-error.ts';
import type { Entry } from '../../../../../src/model/entry.ts';
import { DEFAULT_SETTINGS } from '../../../../../src/model/settings.ts';
import {
  countOwner,
  finishMetadata,
  keepsAttributes,
  type MetadataWork,
} from '../../../../../src/phases/syncing/metadata/finish-metadata.ts';
import {
  type ApplyingScope,
  newApplyingScope,
} from '../../../../../src/phases/syncing/scope/applying-scope.ts';
import { inDestination, entryAt, STRANGER } from '../../../../support/applying.ts';
import { entryOf } from '../../../../support/entries.ts';
import { makeTwoTrees, withCalls, type TwoTrees } from '../../../../support/march-context.ts';

const { preserve } = DEFAULT_SETTINGS;

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('destination', 'd/f');
  chmodSync(trees.scratch.path('destination/d/f'), 0o640);
});
afterEach(async () => trees.remove());

/** Finishes `d/f`, whose source differs in these fields. */
async function finish(
  source: Partial<Entry>,
  context: WorkerContext = trees.context(),
  { tries = 1, ...work }: Partial<MetadataWork> & { readonly tries?: number } = {},
): Promise<ApplyingScope> {
  const unit = { ...newApplyingScope(context), tries };
  const wanted = { ...(await entryAt(trees.context(), 'destination', 'd/f')), ...source };
  await inDestination(context, 'd', async (directory) => {
    const file = await openForReading(directory, 'f');
    try {
      const target = { isPathHandle: false, ...file };
      const actual = await readOpenEntry(file);
      const plain = { target, source: wanted, actual, attributeSource: undefined, isOurs: true };
      await finishMetadata(unit, { ...plain, ...work });
    } finally {
      await closeRead(file);
    }
  });
  return unit;
}

function modeOf(): number {
  return statSync(trees.scratch.path('destination/d/f')).mode & 0o7777;
}

describe('the permissions', () => {
  it('are those of the source', async () => {
    await finish({ mode: 0o100751 });
    expect(modeOf()).toBe(0o751);
  });

  it('are those of the file that is replaced, where they are kept', async () => {
    await finish({ mode: 0o100751 }, trees.context(), { keptMode: 0o604 });
    expect(modeOf()).toBe(0o604);
  });

  it.each([
    ['lose what this run gave itself, and the source has not', 0o100400, 0o200, 0o440],
    ['keep what the source has, too', 0o100600, 0o200, 0o640],
    ['stay if this run gave itself none', 0o100400, 0, 0o640],
  ])('%s, if modes are not preserved', async (...[, mode, givenMode, expected]) => {
    const context = trees.context({ settings: { preserve: { ...preserve, mode: false } } });
    await finish({ mode }, context, { givenMode });
    expect(modeOf()).toBe(expected);
  });
});

describe('an owner that cannot be set', () => {
  const rights = { ...STRANGER, isRoot: true };
  const failing = (errno: number) =>
    withCalls(trees.context({ settings: { retries: 1 }, setup: { rights } }), 'destination', () => ({
      fchownat: () => -errno,
    }));

  it('is a problem, and all else is set', async () => {
    const unit = await finish({ uid: 4242, mode: 0o104751 }, failing(EPERM));
    expect(unit.findings.problems).toMatchObject([
      { side: 'destination', path: 'd/f', attempt: 'set owner', code: 'EPERM' },
    ]);
    expect(modeOf()).toBe(0o751);
  });

  it('fails the attempt while another may help', async () => {
    await expect(finish({ uid: 4242 }, failing(EBUSY))).rejects.toMatchObject({ code: 'EBUSY' });
  });

  it('is a problem in the last attempt', async () => {
    const unit = await finish({ uid: 4242 }, failing(EBUSY), { tries: 2 });
    expect(unit.findings.problems).toMatchObject([{ attempt: 'set owner', code: 'EBUSY' }]);
  });
});

it('times that cannot be set fail the entry', async () => {
  const context = withCalls(trees.context(), 'destination', () => ({ futimens: () => -EIO }));
  await expect(finish({ mtimeSec: 5 }, context)).rejects.toMatchObject({ code: 'EIO', path: 'd/f' });
});

it.each([
  [{ xattr: true, acl: false }, true],
  [{ xattr: false, acl: true }, true],
  [{ xattr: false, acl: false }, false],
])('a source is opened for its attributes with %j: %s', (kept, expected) => {
  const context = trees.context({ settings: { preserve: { ...preserve, ...kept } } });
  expect(keepsAttributes(newApplyingScope(context))).toBe(expected);
});

it.each([
  ['root', { ...STRANGER, isRoot: true }, 0],
  ['another user', STRANGER, 1],
])('a copy by %s has its owner, or is counted', (_, rights, count) => {
  const context = trees.context({ setup: { rights } });
  countOwner(context, entryOf({ uid: 7, gid: 8 }));
  expect(context.counters.totals().ownershipNotKept).toBe(count);
});
