/** Staging directories are there while files are written, when it pays, and never afterwards. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import type { PlannedChange, Section } from '../../../../../src/engine/plan/section.ts';
import { EACCES, EIO } from '../../../../../src/linux/system-error.ts';
import { STAGING_DIRECTORIES } from '../../../../../src/model/concurrency.ts';
import { paysToStage, Staging, withStaging } from '../../../../../src/phases/syncing/names/staging.ts';
import {
  newApplyingScope,
  type ApplyingScope,
} from '../../../../../src/phases/syncing/scope/applying-scope.ts';
import { isOwnDirectoryName } from '../../../../../src/policy/names/temporary-name.ts';
import { inDestination } from '../../../../support/applying.ts';
import { DIRECTORY, entryOf, SYMLINK } from '../../../../support/entries.ts';
import { makeTwoTrees, withCalls, type TwoTrees } from '../../../../support/march-context.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('destination', 'd/');
});
afterEach(async () => trees.remove());

const files = (count: number, planned: Partial<PlannedChange> = {}): PlannedChange[] =>
  Array.from({ length: count }, (_, i) => ({
    action: 'write',
    name: `f${i}`,
    differences: 1,
    source: entryOf(),
    leaderPath: '',
    staleInode: 0n,
    ...planned,
  }));

function pays(section: Partial<Section>, callStyle: 'blocking' | 'overlapping' = 'overlapping'): boolean {
  const unit = newApplyingScope(trees.context({ destination: { callStyle } }));
  const whole = { directoryPath: 'd', directoryNames: 60, makes: undefined, changes: files(32) };
  return paysToStage(unit, { ...whole, ...section }, 100);
}

describe('staging pays', () => {
  it.each<[string, boolean, Partial<Section>]>([
    ['for many files in the one large directory', true, {}],
    ['not for few', false, { changes: files(31) }],
    ['not for one directory of many', false, { directoryNames: 50 }],
    ['not if the directory is made with its files', false, { makes: entryOf({ mode: DIRECTORY }) }],
    ['not for files that are not written', false, { changes: files(32, { action: 'adjust' }) }],
    ['not for links', false, { changes: files(32, { source: entryOf({ mode: SYMLINK }) }) }],
    ['for the files among others', true, { changes: [...files(32), ...files(9, { action: 'adjust' })] }],
  ])('%s', (_, expected, section) => {
    expect(pays(section)).toBe(expected);
  });

  it('not at a destination that answers at once', () => {
    expect(pays({}, 'blocking')).toBe(false);
  });
});

it('directories are used in turn', async () => {
  await inDestination(trees.context(), 'd', async (directory) => {
    const [a, b] = [
      { ...directory, path: 'a' },
      { ...directory, path: 'b' },
    ];
    const staging = new Staging([a, b]);
    expect([staging.next(), staging.next(), staging.next()].map(({ path }) => path)).toEqual(['a', 'b', 'a']);
    return Promise.resolve();
  });
});

interface Staged {
  readonly unit: ApplyingScope;
  /** The names that exist while files are written. */
  readonly names: readonly string[];
  readonly isStaged: boolean;
}

async function stage(
  context: WorkerContext = trees.context(),
  use: (staging: Staging | undefined) => void = () => undefined,
): Promise<Staged> {
  const unit = newApplyingScope(context);
  let names: string[] = [];
  let isStaged = false;
  await inDestination(context, 'd', (within) =>
    withStaging(unit, within, async (staging) => {
      names = left();
      isStaged = staging !== undefined;
      use(staging);
      return Promise.resolve();
    }),
  );
  return { unit, names, isStaged };
}

function left(): string[] {
  return readdirSync(trees.scratch.path('destination/d'));
}

describe('the directories', () => {
  it('are the run’s own, and only there while files are written', async () => {
    const paths: string[] = [];
    const { names, unit } = await stage(trees.context(), (staging) => {
      for (let i = 0; i < STAGING_DIRECTORIES; i++) paths.push(staging?.next().path ?? '');
    });
    expect(names).toHaveLength(STAGING_DIRECTORIES);
    expect(names.every(isOwnDirectoryName)).toBe(true);
    expect(paths.toSorted()).toEqual(names.map((name) => join('d', name)).toSorted());
    expect(left()).toEqual([]);
    expect(unit.findings.problems).toEqual([]);
    expect(trees.openDescriptors()).toBe(0);
  });

  it('can be entered only by their owner', async () => {
    await stage(trees.context(), () => {
      for (const name of left()) {
        expect(statSync(trees.scratch.path(`destination/d/${name}`)).mode & 0o777).toBe(0o700);
      }
    });
  });

  it('go even if the work fails', async () => {
    const failing = stage(trees.context(), () => {
      throw new Error('a bug');
    });
    await expect(failing).rejects.toThrow('a bug');
    expect(left()).toEqual([]);
    expect(trees.openDescriptors()).toBe(0);
  });

  it('that cannot be removed are a problem', async () => {
    const { unit, names } = await stage(trees.context(), (staging) => {
      writeFileSync(trees.scratch.path(`destination/${staging?.next().path}/f`), '');
    });
    const [kept, ...others] = left();
    expect(others).toEqual([]);
    expect(names).toContain(kept);
    expect(unit.findings.problems).toMatchObject([
      { side: 'destination', path: `d/${kept}`, attempt: 'delete directory', code: 'ENOTEMPTY' },
    ]);
  });
});

/** Fails only the second call. */
function failingAfterOne(call: 'mkdirat' | 'openat2'): WorkerContext {
  let calls = 0;
  return withCalls(trees.context(), 'destination', ({ mkdirat, openat2 }) => ({
    mkdirat: (...given) => (call === 'mkdirat' && calls++ === 1 ? -EACCES : mkdirat(...given)),
    openat2: (fd, name, how, length) =>
      call === 'openat2' && isOwnDirectoryName(name) && calls++ === 1 ? -EIO : openat2(fd, name, how, length),
  }));
}

describe('where they cannot be made', () => {
  it('files are written without, and report the cause themselves', async () => {
    const context = withCalls(trees.context(), 'destination', () => ({ mkdirat: () => -EACCES }));
    const { isStaged, unit } = await stage(context);
    expect(isStaged).toBe(false);
    expect(unit.findings.problems).toEqual([]);
  });

  it.each(['mkdirat', 'openat2'] as const)('those are used that could: %s fails', async (call) => {
    const { isStaged, names, unit } = await stage(failingAfterOne(call));
    expect(isStaged).toBe(true);
    expect(names).toHaveLength(1);
    expect(left()).toEqual([]);
    expect(unit.findings.problems).toEqual([]);
  });

  it('one whose reply was lost goes, too', async () => {
    const context = withCalls(trees.context(), 'destination', ({ mkdirat }) => ({
      mkdirat: async (...given) => {
        await mkdirat(...given);
        return -EIO;
      },
    }));
    const { names } = await stage(context);
    expect(names).toEqual([]);
    expect(left()).toEqual([]);
  });
});
