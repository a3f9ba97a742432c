/** Metadata goes to the entry that was meant, and not to one that has taken its name. */
import { chmodSync, lstatSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, it, expect } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import type { PlannedChange } from '../../../../../src/engine/plan/section.ts';
import { EIO } from '../../../../../src/linux/system-error.ts';
import { Difference } from '../../../../../src/model/change.ts';
import { DEFAULT_SETTINGS } from '../../../../../src/model/settings.ts';
import type { Side } from '../../../../../src/model/task.ts';
import { finishNamed } from '../../../../../src/phases/syncing/metadata/finish-named.ts';
import {
  type ApplyingScope,
  newApplyingScope,
} from '../../../../../src/phases/syncing/scope/applying-scope.ts';
import { entryAt, withPlace } from '../../../../support/applying.ts';
import { makeTwoTrees, withCalls, type TwoTrees } from '../../../../support/march-context.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  for (const side of ['source', 'destination'] as const) {
    trees.make(side, 'd/f');
    utimesSync(trees.scratch.path(`${side}/d/f`), 5, 5);
  }
  chmodSync(trees.scratch.path('source/d/f'), 0o640);
  chmodSync(trees.scratch.path('destination/d/f'), 0o600);
});
afterEach(async () => trees.remove());

interface Finished {
  readonly unit: ApplyingScope;
  readonly isDone: boolean;
  readonly side: Side;
}

async function finish(
  planned: Partial<PlannedChange> = {},
  context: WorkerContext = trees.context(),
  name = 'f',
): Promise<Finished> {
  const unit = newApplyingScope(context);
  const source = planned.source ?? (await entryAt(trees.context(), 'source', 'd/f'));
  const change = { action: 'adjust', differences: Difference.mode, ...planned, source } as const;
  const finished = await withPlace(context, 'd/f', change, async (place) => {
    const isDone = await finishNamed(unit, place, name);
    return { unit, isDone, side: place.at.side };
  });
  expect(trees.openDescriptors()).toBe(0);
  return finished;
}

function modeOf(name = 'd/f'): number {
  return lstatSync(trees.scratch.path(`destination/${name}`)).mode & 0o7777;
}

const REPLACED = [
  {
    class: 'failed',
    side: 'destination',
    path: 'd/f',
    attempt: 'set metadata',
    reason: 'something else has taken its name in the meantime',
  },
];

describe('an entry to adjust', () => {
  it('gets the metadata of its source', async () => {
    const { isDone, unit } = await finish();
    expect([isDone, modeOf()]).toEqual([true, 0o640]);
    expect(unit.findings.problems).toEqual([]);
  });

  it('may differ as planned', async () => {
    utimesSync(trees.scratch.path('destination/d/f'), 6, 6);
    const { isDone } = await finish({ differences: Difference.mode | Difference.mtime });
    expect(isDone).toBe(true);
    expect(statSync(trees.scratch.path('destination/d/f')).mtimeMs).toBe(5000);
  });

  it.each<[string, () => void]>([
    ['has another size', () => writeFileSync(trees.scratch.path('destination/d/f'), 'longer')],
    ['has another time', () => utimesSync(trees.scratch.path('destination/d/f'), 6, 6)],
    [
      'is another kind',
      () => {
        renameSync(trees.scratch.path('destination/d/f'), trees.scratch.path('destination/d/g'));
        trees.make('destination', 'd/f -> g');
      },
    ],
  ])('is another if it %s, and is left as it is', async (_, replace) => {
    replace();
    const before = modeOf();
    const { isDone, unit } = await finish();
    expect([isDone, modeOf()]).toEqual([false, before]);
    expect(unit.findings.problems).toMatchObject(REPLACED);
  });

  it('gets no set-id bits that were not planned: somebody else may have written it', async () => {
    chmodSync(trees.scratch.path('source/d/f'), 0o4640);
    const { isDone, unit } = await finish();
    expect([isDone, modeOf()]).toEqual([false, 0o600]);
    expect(unit.findings.problems).toMatchObject(REPLACED);
  });
});

describe('an entry that was written', () => {
  it('may still have another time', async () => {
    utimesSync(trees.scratch.path('destination/d/f'), 6, 6);
    const { isDone } = await finish({ action: 'write', differences: Difference.missing });
    expect([isDone, modeOf()]).toEqual([true, 0o640]);
  });

  it('is known by its temporary name, and told of by its own', async () => {
    trees.make('destination', 'd/temporary -> f');
    const { isDone, unit } = await finish({ action: 'write' }, trees.context(), 'temporary');
    expect(isDone).toBe(false);
    expect(unit.findings.problems).toMatchObject(REPLACED);
    expect(modeOf()).toBe(0o600);
  });
});

describe('the source', () => {
  const preserve = { ...DEFAULT_SETTINGS.preserve, xattr: true };
  const context = () => trees.context({ settings: { preserve } });

  it('is not opened if no attributes are kept', async () => {
    const unreadable = withCalls(trees.context(), 'source', () => ({ openat: () => -EIO }));
    expect((await finish({}, unreadable)).isDone).toBe(true);
  });

  it('is the side that fails if it cannot be opened', async () => {
    const unreadable = withCalls(context(), 'source', () => ({ openat: () => -EIO }));
    await expect(finish({}, unreadable)).rejects.toMatchObject({ code: 'EIO', path: 'd/f' });
  });

  it('has changed if another file has its name, whose attributes are not taken', async () => {
    const source = { ...(await entryAt(trees.context(), 'source', 'd/f')), inode: 1n };
    const { isDone, unit } = await finish({ source }, context());
    expect([isDone, modeOf()]).toEqual([false, 0o600]);
    expect(unit.findings.problems).toMatchObject([{ class: 'changed', side: 'source', path: 'd/f' }]);
  });

  it('leaves the destination as the side of what follows', async () => {
    const noAttributes = withCalls(context(), 'source', () => ({ listxattr: () => 0 }));
    const { isDone, side } = await finish({}, noAttributes);
    expect([isDone, side]).toEqual([true, 'destination']);
  });
});
