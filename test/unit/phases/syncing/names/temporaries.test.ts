/** Names that nobody can guess, and what is said where one cannot be removed. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import { newFindings } from '../../../../../src/engine/messages/findings.ts';
import { EIO } from '../../../../../src/linux/system-error.ts';
import { discard, newTemporaryName } from '../../../../../src/phases/syncing/names/temporaries.ts';
import {
  newApplyingScope,
  type ApplyingScope,
} from '../../../../../src/phases/syncing/scope/applying-scope.ts';
import { isOwnDirectoryName, isOwnName } from '../../../../../src/policy/names/temporary-name.ts';
import { inDestination } from '../../../../support/applying.ts';
import { makeTwoTrees, withCalls, type TwoTrees } from '../../../../support/march-context.ts';

describe('a temporary name', () => {
  it('is recognised by a later run as its own', () => {
    const name = newTemporaryName();
    expect([isOwnName(name), isOwnDirectoryName(name)]).toEqual([true, true]);
  });

  it('is never the same twice', () => {
    const names = Array.from({ length: 1000 }, newTemporaryName);
    expect(new Set(names).size).toBe(1000);
  });
});

/** Discards in a failed attempt, of which only the lasting findings remain. */
async function discardIn(context: WorkerContext): Promise<{ unit: ApplyingScope; isGone: boolean }> {
  const unit = { ...newApplyingScope(context), findings: newFindings() };
  const isGone = await inDestination(context, 'd', (directory) =>
    discard(unit, { directory, name: 'temporary' }),
  );
  return { unit, isGone };
}

describe('a temporary after a failure', () => {
  let trees: TwoTrees;

  beforeEach(async () => {
    trees = await makeTwoTrees();
    trees.make('destination', 'd/temporary');
  });
  afterEach(async () => trees.remove());

  it('is removed', async () => {
    const { unit, isGone } = await discardIn(trees.context());
    expect(isGone).toBe(true);
    expect(readdirSync(trees.scratch.path('destination/d'))).toEqual([]);
    expect(unit.lasting.problems).toEqual([]);
  });

  it('may never have been made', async () => {
    const context = trees.context();
    await discardIn(context);
    expect(await discardIn(context)).toMatchObject({ isGone: true, unit: { lasting: { problems: [] } } });
  });

  it('that stays is a problem of its own, even if the attempt is made again', async () => {
    const context = withCalls(trees.context(), 'destination', () => ({ unlinkat: () => -EIO }));
    const { unit, isGone } = await discardIn(context);
    expect(isGone).toBe(false);
    expect(unit.findings.problems).toEqual([]);
    expect(unit.lasting.problems).toMatchObject([
      { class: 'failed', side: 'destination', path: 'd/temporary', attempt: 'delete', code: 'EIO' },
    ]);
  });

  it('is a problem where a directory has taken its name', async () => {
    trees.make('destination', 'd/other/');
    writeFileSync(trees.scratch.path('destination/d/other/f'), '');
    const context = trees.context();
    const unit = newApplyingScope(context);
    const isGone = await inDestination(context, 'd', (directory) =>
      discard(unit, { directory, name: 'other' }),
    );
    expect(isGone).toBe(false);
    expect(unit.lasting.problems).toMatchObject([{ path: 'd/other', code: 'EISDIR' }]);
    expect(existsSync(trees.scratch.path('destination/d/other/f'))).toBe(true);
  });
});
