/** Names are respelled at destinations that fold them, whatever those make of a rename, and nothing is replaced. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import type { Respelling } from '../../../../../src/engine/plan/records.ts';
import type { Linux } from '../../../../../src/linux/call-table.ts';
import { EACCES, EIO } from '../../../../../src/linux/system-error.ts';
import { respellNames } from '../../../../../src/phases/syncing/names/respell-names.ts';
import {
  newApplyingScope,
  type ApplyingScope,
} from '../../../../../src/phases/syncing/scope/applying-scope.ts';
import { foldedName } from '../../../../../src/policy/names/folded-name.ts';
import {
  makeTwoTrees,
  withCalls,
  withListingThatFails,
  type TwoTrees,
} from '../../../../support/march-context.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
});
afterEach(async () => trees.remove());

/** The listed name that this name resolves to. */
function storedAs(directoryFd: number, name: string): string {
  const names = readdirSync(`/proc/self/fd/${directoryFd}`, 'latin1');
  return names.includes(name) ? name : (names.find((each) => foldedName(each) === foldedName(name)) ?? name);
}

/** @param ignores renames that succeed without any effect */
function folding(
  ignores: (from: string, to: string) => boolean,
  changed: (linux: Linux) => Partial<Linux> = () => ({}),
): WorkerContext {
  const context = trees.context({ settings: { listChanges: true, retries: 0 } });
  return withCalls(context, 'destination', (linux) => {
    const { statx, renameat, local } = linux;
    return {
      statx: (fd, name, ...others) => statx(fd, storedAs(fd, name), ...others),
      local: { ...local, statx: (fd, name, ...others) => local.statx(fd, storedAs(fd, name), ...others) },
      renameat: (fd, from, toFd, to) => {
        if (foldedName(from) === foldedName(to) && ignores(from, to)) return 0;
        return renameat(fd, storedAs(fd, from), toFd, to);
      },
      ...changed(linux),
    };
  });
}

const OBEYS = () => false;
const IGNORES = () => true;

async function respell(context: WorkerContext, ...respelled: readonly Respelling[]): Promise<ApplyingScope> {
  const unit = newApplyingScope(context);
  await respellNames(unit, { directoryPath: 'd', respelled });
  return unit;
}

function namesLeft(): string[] {
  return readdirSync(trees.scratch.path('destination/d'), 'latin1').toSorted();
}

function adjusted(unit: ApplyingScope): number {
  return unit.context.counters.totals().entriesAdjusted;
}

const README = { listed: 'readme', name: 'README' };
/** "é" as one character, then as a letter with a combining accent. */
const COMPOSED = 'caf\xc3\xa9';
const DECOMPOSED = 'cafe\xcc\x81';
const CAFE = { listed: DECOMPOSED, name: COMPOSED };

function make(...names: readonly string[]): void {
  trees.make('destination', 'd/');
  for (const name of names) {
    writeFileSync(Buffer.from(trees.scratch.path(`destination/d/${name}`), 'latin1'), name);
  }
}

describe('a name that differs in case', () => {
  it('is renamed, counted and listed', async () => {
    make('readme', 'other');
    const unit = await respell(folding(OBEYS), README);
    expect(namesLeft()).toEqual(['README', 'other']);
    expect(adjusted(unit)).toBe(1);
    expect(unit.findings.listed).toEqual([{ itemized: '*renaming  ', path: 'd/README', sizeBytes: 0 }]);
    expect(unit.findings.problems).toEqual([]);
  });

  it('is renamed twice where a single rename has no effect', async () => {
    make('readme');
    const unit = await respell(folding(IGNORES), README);
    expect(namesLeft()).toEqual(['README']);
    expect(readFileSync(trees.scratch.path('destination/d/README'), 'utf8')).toBe('readme');
    expect(adjusted(unit)).toBe(1);
  });

  it('gets its old name back if the second rename fails', async () => {
    make('readme');
    const context = folding(IGNORES, ({ renameat }) => ({
      renameat: (fd, from, toFd, to) => {
        if (from === 'readme' && to === 'README') return 0;
        return to === 'README' ? -EACCES : renameat(fd, from, toFd, to);
      },
    }));
    const unit = await respell(context, README);
    expect(namesLeft()).toEqual(['readme']);
    expect(adjusted(unit)).toBe(0);
    expect(unit.findings.problems).toMatchObject([
      { side: 'destination', path: 'd/readme', attempt: 'rename', code: 'EACCES' },
    ]);
  });
});

describe('a name that differs in its Unicode form', () => {
  it('is renamed where the destination keeps the form', async () => {
    make(DECOMPOSED);
    expect(adjusted(await respell(folding(OBEYS), CAFE))).toBe(1);
    expect(namesLeft()).toEqual([COMPOSED]);
  });

  it('stays without a word where the destination has a form of its own', async () => {
    make(DECOMPOSED);
    const unit = await respell(folding(IGNORES), CAFE);
    expect(namesLeft()).toEqual([DECOMPOSED]);
    expect(adjusted(unit)).toBe(0);
    expect(unit.findings.problems).toEqual([]);
  });

  const DOT = { listed: 'dot', name: 'dot.' };

  it('tells by the first whether the others are worth a try', async () => {
    make(DECOMPOSED, 'dot', 'readme');
    const asked: string[] = [];
    const context = folding((_, to) => {
      asked.push(to);
      return true;
    });
    const unit = await respell(context, CAFE, DOT, README);
    expect(asked).toEqual([COMPOSED, 'README']);
    expect(namesLeft()).toEqual(['README', DECOMPOSED, 'dot'].toSorted());
    expect(adjusted(unit)).toBe(1);
  });

  it('is renamed with all others if the first was', async () => {
    make(DECOMPOSED, 'dot', 'readme');
    const unit = await respell(folding(OBEYS), CAFE, DOT, README);
    expect(namesLeft()).toEqual(['README', COMPOSED, 'dot.'].toSorted());
    expect(adjusted(unit)).toBe(3);
    expect(unit.findings.listed.map(({ path }) => path).toSorted()).toEqual(
      ['d/README', `d/${COMPOSED}`, 'd/dot.'].toSorted(),
    );
  });
});

describe('nothing is renamed', () => {
  it('if the new name is another file by now', async () => {
    make('readme');
    writeFileSync(trees.scratch.path('destination/d/README'), 'of somebody else');
    const unit = await respell(folding(OBEYS), README);
    expect(namesLeft()).toEqual(['README', 'readme']);
    expect(readFileSync(trees.scratch.path('destination/d/README'), 'utf8')).toBe('of somebody else');
    expect(adjusted(unit)).toBe(0);
  });

  it('if the file is gone', async () => {
    make('other');
    const unit = await respell(folding(OBEYS), README);
    expect(namesLeft()).toEqual(['other']);
    expect(unit.findings.problems).toEqual([]);
  });

  it('once the run must stop', async () => {
    make('readme');
    const context = folding(OBEYS);
    context.stop.raise();
    expect(adjusted(await respell(context, README))).toBe(0);
    expect(namesLeft()).toEqual(['readme']);
  });
});

describe('a failure', () => {
  it('of one name does not keep the others from being renamed', async () => {
    make('readme', 'license');
    const context = folding(OBEYS, ({ renameat }) => ({
      renameat: (fd, from, toFd, to) => (from === 'readme' ? -EACCES : renameat(fd, from, toFd, to)),
    }));
    const unit = await respell(context, README, { listed: 'license', name: 'LICENSE' });
    expect(namesLeft()).toEqual(['LICENSE', 'readme']);
    expect(unit.findings.problems.map(({ path }) => path)).toContain('d/readme');
  });

  it('of the directory is its own', async () => {
    const unit = await respell(folding(OBEYS), README);
    expect(unit.findings.problems).toMatchObject([
      { side: 'destination', path: 'd', attempt: 'open', code: 'ENOENT' },
    ]);
  });

  it('of the listing leaves no name counted', async () => {
    make('readme');
    const unit = await respell(withListingThatFails(folding(OBEYS), 'destination', EIO), README);
    expect(unit.findings.problems).toMatchObject([{ path: 'd', attempt: 'open', code: 'EIO' }]);
    expect(adjusted(unit)).toBe(0);
  });
});
