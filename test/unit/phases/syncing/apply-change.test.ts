/** One change is applied, retried after a transient error, counted and listed, or becomes a problem of its path. */
import { linkSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import type { PlannedChange } from '../../../../src/engine/plan/section.ts';
import { EACCES, ESTALE } from '../../../../src/linux/system-error.ts';
import { Difference } from '../../../../src/model/change.ts';
import { applyWithRetries } from '../../../../src/phases/syncing/apply-change.ts';
import { newApplyingScope, type ApplyingScope } from '../../../../src/phases/syncing/scope/applying-scope.ts';
import { entryAt, withPlace } from '../../../support/applying.ts';
import { makeTwoTrees, withCalls, type TwoTrees } from '../../../support/march-context.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('source', 'd/f', 'd/l -> f');
  trees.make('destination', 'd/');
});
afterEach(async () => trees.remove());

function there(name: string): string {
  return trees.scratch.path(`destination/d/${name}`);
}

async function apply(
  name: string,
  planned: Partial<PlannedChange> = {},
  context: WorkerContext = trees.context({ settings: { listChanges: true } }),
): Promise<ApplyingScope> {
  const unit = newApplyingScope(context);
  const source = await entryAt(trees.context(), 'source', `d/${name}`);
  await withPlace(context, `d/${name}`, { source, ...planned }, (place) => applyWithRetries(unit, place));
  return unit;
}

function countsOf({ context }: ApplyingScope): Record<string, number> {
  const { filesTransferred, entriesCreated, entriesAdjusted, entriesLinked, retries } =
    context.counters.totals();
  const all = { filesTransferred, entriesCreated, entriesAdjusted, entriesLinked, retries };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}

describe('a change', () => {
  it('of a missing file copies it', async () => {
    const unit = await apply('f');
    expect(readFileSync(there('f'), 'utf8')).toBe('x');
    expect(countsOf(unit)).toEqual({ filesTransferred: 1 });
    expect(unit.findings.listed).toEqual([{ itemized: '>f+++++++++', path: 'd/f', sizeBytes: 1 }]);
  });

  it.each([
    [Difference.missing, 'entriesCreated'],
    [Difference.content, 'entriesAdjusted'],
  ])('of a symbolic link, with differences %i, counts as %s', async (differences, counter) => {
    const unit = await apply('l', { differences });
    expect(readlinkSync(there('l'))).toBe('f');
    expect(countsOf(unit)).toEqual({ [counter]: 1 });
    expect(unit.findings.listed).toMatchObject([{ path: 'd/l', linkedTo: 'f' }]);
  });

  it('of metadata adjusts the entry and leaves its content', async () => {
    writeFileSync(there('f'), 'y', { mode: 0o600 });
    const { ino } = statSync(there('f'));
    const unit = await apply('f', { action: 'adjust', differences: Difference.mode | Difference.mtime });
    expect(readFileSync(there('f'), 'utf8')).toBe('y');
    expect(statSync(there('f'))).toMatchObject({
      ino,
      mode: statSync(trees.scratch.path('source/d/f')).mode,
    });
    expect(countsOf(unit)).toEqual({ entriesAdjusted: 1 });
  });

  it('of a name links it to its leader', async () => {
    trees.make('source', 'd/leader');
    await apply('leader');
    linkSync(trees.scratch.path('source/d/leader'), trees.scratch.path('source/d/second'));
    const source = await entryAt(trees.context(), 'source', 'd/leader');
    const unit = await apply('second', { action: 'link', leaderPath: 'd/leader', source });
    expect(unit.findings.problems).toEqual([]);
    expect(statSync(there('second')).ino).toBe(statSync(there('leader')).ino);
    expect(countsOf(unit)).toMatchObject({ entriesLinked: 1 });
    expect(unit.findings.listed).toMatchObject([{ path: 'd/second', linkedTo: 'd/leader' }]);
  });

  it('is not listed unless changes are', async () => {
    const unit = await apply('f', {}, trees.context());
    expect(unit.findings.listed).toEqual([]);
  });
});

describe('a failure', () => {
  it('that passes is retried in directories that are opened again', async () => {
    let calls = 0;
    const context = withCalls(trees.context(), 'destination', ({ openat }) => ({
      openat: (...given) => (calls++ === 0 ? -ESTALE : openat(...given)),
    }));
    const unit = await apply('f', {}, context);
    expect(readFileSync(there('f'), 'utf8')).toBe('x');
    expect(countsOf(unit)).toEqual({ filesTransferred: 1, retries: 1 });
    expect(unit.findings.problems).toEqual([]);
    expect(trees.openDescriptors()).toBe(0);
  });

  it('that stays is a problem of the path and side, and not counted', async () => {
    const context = withCalls(trees.context(), 'source', () => ({ openat: () => -EACCES }));
    const unit = await apply('f', {}, context);
    expect(unit.findings.problems).toMatchObject([
      { path: 'd/f', side: 'source', attempt: 'copy', code: 'EACCES' },
    ]);
    expect(countsOf(unit)).toEqual({});
    expect(readdirSync(trees.scratch.path('destination/d'))).toEqual([]);
  });

  it.each([
    [false, 'a directory that is not empty is in the way; use --delete or --force to remove it'],
    [true, /^a directory that is not empty is in the way; its contents are new, protected /],
  ])('because a directory is in the way says so, with --delete %j', async (isDeleting, reason) => {
    mkdirSync(there('f'));
    writeFileSync(there('f/kept'), '');
    const context = trees.context({ settings: { delete: isDeleting } });
    const unit = await apply('f', { differences: Difference.kind }, context);
    const [problem] = unit.findings.problems;
    expect(problem?.path).toBe('d/f');
    expect(problem?.reason).toMatch(reason);
    expect(readdirSync(there('f'))).toEqual(['kept']);
    expect(readdirSync(trees.scratch.path('destination/d'))).toEqual(['f']);
  });
});

describe('a name that has appeared since planning', () => {
  it('is not replaced if the destination may treat names as one', async () => {
    writeFileSync(there('f'), 'theirs');
    const unit = await apply('f', { differences: Difference.missing | Difference.name });
    expect(readFileSync(there('f'), 'utf8')).toBe('theirs');
    expect(countsOf(unit)).toEqual({});
  });

  it('is replaced otherwise', async () => {
    writeFileSync(there('f'), 'theirs');
    const unit = await apply('f');
    expect(readFileSync(there('f'), 'utf8')).toBe('x');
    expect(countsOf(unit)).toEqual({ filesTransferred: 1 });
  });
});
