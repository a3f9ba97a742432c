/** Which names only the destination has, which of them a killed run left, and which are protected. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import {
  extraneousNames,
  isProtected,
  leftoverNames,
  unprotectedNames,
} from '../../../../src/engine/march/extraneous-names.ts';
import { withSides } from '../../../../src/engine/march/march.ts';
import type { NamesByKind } from '../../../../src/engine/march/sorted-names.ts';
import { ROOT_TASK, type DirectoryTask } from '../../../../src/engine/messages/directory-task.ts';
import { withDirectory } from '../../../../src/filesystem/open-directory.ts';
import type { OpenDirectory } from '../../../../src/filesystem/root.ts';
import type { Settings } from '../../../../src/model/settings.ts';
import { closeSync, openSync } from 'node:fs';
import { partialName, temporaryName } from '../../../../src/policy/names/temporary-name.ts';
import { makeTwoTrees, withLookupsNoted, type TwoTrees } from '../../../support/march-context.ts';
import { recordVisit } from '../../../support/recording-visitor.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';
const [TEMPORARY, PARTIAL] = [temporaryName(TOKEN), partialName(TOKEN)];
const NOTHING: NamesByKind = { directories: [], others: [] };

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
});
afterEach(async () => trees.remove());

interface Found extends NamesByKind {
  readonly leftovers: string[];
}

async function find(
  context: WorkerContext = trees.context(),
  task: DirectoryTask = ROOT_TASK,
): Promise<Found> {
  const { visitor } = recordVisit(context);
  let found: Found | undefined;
  await withSides(visitor, task, async (sides) => {
    const { directories, others } = await extraneousNames(visitor, sides);
    found = { directories, others, leftovers: leftoverNames(sides) };
  });
  return found as Found;
}

function excluding(pattern: string, more: Partial<Settings> = {}): WorkerContext {
  return trees.context({ settings: { filters: [{ action: 'exclude', pattern }], ...more } });
}

describe('names that the source does not have', () => {
  it('are extraneous, whatever other names the source has', async () => {
    trees.make('source', 'both', 'both-d/', 'was-d', 'was-file/', 'source-only');
    trees.make('destination', 'both', 'both-d/', 'was-d/', 'was-file', 'only', 'only-d/', 'l -> only');
    expect(await find()).toEqual({ directories: ['only-d'], others: ['l', 'only'], leftovers: [] });
  });

  it('do not exist if the destination has no such directory', async () => {
    trees.make('source', 'd/');
    expect(await find(trees.context(), { path: 'd', sides: 'both', makesWay: false })).toEqual({
      ...NOTHING,
      leftovers: [],
    });
  });
});

describe('names of the program itself', () => {
  it('are leftovers of a killed run, and not extraneous', async () => {
    trees.make('destination', TEMPORARY, PARTIAL, 'only');
    expect(await find()).toEqual({
      directories: [],
      others: ['only'],
      leftovers: [PARTIAL, TEMPORARY].toSorted(),
    });
  });

  it('include incomplete directories, but no partial file', async () => {
    trees.make('destination', `${TEMPORARY}/`, `${PARTIAL}/`);
    expect(await find()).toEqual({ directories: [PARTIAL], others: [], leftovers: [TEMPORARY] });
  });

  it('are copied if the source has them', async () => {
    trees.make('source', TEMPORARY, `${PARTIAL}/`);
    trees.make('destination', TEMPORARY, PARTIAL);
    expect(await find()).toEqual({ ...NOTHING, leftovers: [] });
  });
});

describe('names that a rule excludes', () => {
  beforeEach(() => {
    trees.make('destination', 'd/a.tmp', 'd/b.tmp/', 'd/c', 'd/e/');
    trees.make('source', 'd/');
  });
  const task: DirectoryTask = { path: 'd', sides: 'both', makesWay: false };

  it.each<[string, NamesByKind]>([
    ['*.tmp', { directories: ['e'], others: ['c'] }],
    ['*.tmp/', { directories: ['e'], others: ['a.tmp', 'c'] }],
    ['/d/c', { directories: ['b.tmp', 'e'], others: ['a.tmp'] }],
    ['/c', { directories: ['b.tmp', 'e'], others: ['a.tmp', 'c'] }],
  ])('are protected: %s', async (pattern, names) => {
    expect(await find(excluding(pattern), task)).toMatchObject(names);
  });

  it('are not checked for mounts', async () => {
    const { context, asked } = withLookupsNoted(excluding('*.tmp', { oneFileSystem: true }), 'destination');
    const names = { directories: [], others: ['a.tmp', 'c'] };
    await withDirectory(context.destination, 'd', async (directory) => {
      asked.length = 0;
      await unprotectedNames({ context, freshness: 'server' }, heldIn(context, directory), names);
    });
    expect([...new Set(asked)]).toEqual(['c']);
  });

  it('are not protected with --delete-excluded', async () => {
    const names = { directories: ['b.tmp', 'e'], others: ['a.tmp', 'c'] };
    expect(await find(excluding('*.tmp', { deleteExcluded: true }), task)).toMatchObject(names);
  });

  it('are matched one by one, also as files', async () => {
    expect(await isProtectedIn(excluding('*.tmp'), 'd/a.tmp')).toBe(true);
    expect(await isProtectedIn(excluding('*.tmp'), 'd/c')).toBe(false);
    expect(await isProtectedIn(excluding('*.tmp/'), 'd/a.tmp')).toBe(false);
    expect(await isProtectedIn(excluding('*.tmp', { deleteExcluded: true }), 'd/a.tmp')).toBe(false);
    expect(await isProtectedIn(trees.context(), 'd/a.tmp')).toBe(false);
  });
});

function heldIn(context: WorkerContext, directory: OpenDirectory): Parameters<typeof unprotectedNames>[1] {
  return { directory, filter: context.filters.destination.everywhere, isDoomed: false };
}

async function isProtectedIn(context: WorkerContext, path: string): Promise<boolean> {
  return isProtected({ context, freshness: 'cached' }, path);
}

function below(realPath: string, oneFileSystem: boolean): WorkerContext {
  return trees.context({ settings: { oneFileSystem }, destination: { realPath } });
}

/** Every machine has a mount at /proc, and none at /etc. */
describe('mount points', () => {
  const names = { directories: ['proc'], others: ['etc', 'gone', 'proc'] };

  it.each<[boolean, 'cached' | 'server', string[]]>([
    [true, 'cached', ['etc', 'gone']],
    [true, 'server', ['etc', 'gone']],
    [false, 'cached', ['etc', 'gone', 'proc']],
    [false, 'server', ['etc', 'gone', 'proc']],
  ])('--one-file-system %j, %s: of the others', async (oneFileSystem, freshness, others) => {
    const context = below('/', oneFileSystem);
    const fd = openSync('/', 'r');
    try {
      const root = { ...context.destination, fd };
      const free = await withDirectory(root, '', async (directory) =>
        unprotectedNames({ context, freshness }, heldIn(context, directory), names),
      );
      // Directories are checked later, when they are opened.
      expect(free).toEqual({ directories: ['proc'], others, staying: [] });
    } finally {
      closeSync(fd);
    }
  });

  it('are found in the mounts at the start, or in the current ones', async () => {
    const context = below('/', true);
    trees.make('destination', 'proc');
    await withDirectory(context.destination, '', async (directory) => {
      const ask = async (freshness: 'cached' | 'server'): Promise<readonly string[]> =>
        (
          await unprotectedNames({ context, freshness }, heldIn(context, directory), {
            directories: [],
            others: ['proc'],
          })
        ).others;
      expect([await ask('cached'), await ask('server')]).toEqual([[], ['proc']]);
    });
  });

  it('are checked one by one', async () => {
    expect(await isProtectedIn(below('/', true), 'proc')).toBe(true);
    expect(await isProtectedIn(below('/', true), 'etc/proc')).toBe(false);
    expect(await isProtectedIn(below('/', false), 'proc')).toBe(false);
  });
});
