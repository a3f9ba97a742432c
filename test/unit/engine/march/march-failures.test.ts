/** What only the destination has, what cannot be opened, and that no directory stays open whatever fails. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { visitDirectory, withSides } from '../../../../src/engine/march/march.ts';
import type { Sides, Visitor } from '../../../../src/engine/march/visitor.ts';
import type { DirectoryTask } from '../../../../src/engine/messages/directory-task.ts';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import { EACCES, EIO, MountPointError } from '../../../../src/linux/system-error.ts';
import type { Side } from '../../../../src/model/task.ts';
import {
  makeTwoTrees,
  withCalls,
  withListingThatFails,
  withUnopened,
  type TwoTrees,
} from '../../../support/march-context.ts';
import { recordVisit, visit } from '../../../support/recording-visitor.ts';

const BOTH: DirectoryTask = { path: 'd', sides: 'both', makesWay: false };
const EXTRANEOUS: DirectoryTask = { path: 'd', sides: 'destination', makesWay: false };

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
});
afterEach(async () => {
  expect(trees.openDescriptors()).toBe(0);
  await trees.remove();
});

async function sidesOf(task: DirectoryTask, context = trees.context()): Promise<Sides> {
  const { visitor } = recordVisit(context);
  let given: Sides | undefined;
  await withSides(visitor, task, async (sides) => {
    expect(trees.openDescriptors()).toBe(sides.destination === undefined ? 1 : 2);
    given = sides;
    return Promise.resolve();
  });
  return given as Sides;
}

describe('the given sides', () => {
  it('stay open while they are used, and list only the name of the task', async () => {
    trees.make('source', 'd/one', 'd/other');
    trees.make('destination', 'd/one/', 'd/third');
    const { source, destination } = await sidesOf({ ...BOTH, only: 'one' });
    expect(source.listing).toMatchObject({ directories: [], others: ['one'] });
    expect(destination?.listing).toMatchObject({ directories: ['one'], others: [] });
  });

  it('have the properties of the task', async () => {
    trees.make('source', 'd/');
    const task = { ...BOTH, rank: 'later', missingFrom: 'd', keepsExtraneous: true } as const;
    expect(await sidesOf(task)).toMatchObject({
      path: 'd',
      rank: 'later',
      missingFrom: 'd',
      keepsExtraneous: true,
    });
    expect(await sidesOf(BOTH)).toMatchObject({
      rank: undefined,
      missingFrom: undefined,
      keepsExtraneous: false,
    });
  });
});

describe('a directory that only the destination has', () => {
  it('is given with its names, without a look at the source', async () => {
    trees.make('source', 'd/file');
    trees.make('destination', 'd/file', 'd/e/');
    expect((await visit(EXTRANEOUS, trees.context())).shown).toEqual([
      ['extraneous directory', 'd', ['e'], ['file']],
    ]);
  });

  it.each<[string, string[], unknown[][]]>([
    ['is a name where it is a file', ['d'], [['extraneous name', 'd']]],
    ['is nothing where it has vanished', [], []],
  ])('%s', async (_, paths, shown) => {
    trees.make('destination', ...paths);
    expect((await visit(EXTRANEOUS, trees.context())).shown).toEqual(shown);
  });

  it('stays if it cannot be opened', async () => {
    trees.make('destination', 'd/');
    const { shown } = await visit(EXTRANEOUS, withUnopened(trees.context(), 'destination', 'd', EACCES));
    expect(shown).toEqual([
      ['failed', 'destination', 'd', 'list', 'EACCES'],
      ['extraneous stays', 'd'],
    ]);
  });
});

describe('a mount of another user at the destination', () => {
  const failed = ['failed', 'destination', 'd', 'list', 'EACCES'];

  it.each<[string, DirectoryTask, boolean, unknown[][]]>([
    ['fails', BOTH, false, [failed]],
    ['is left out with --one-file-system', BOTH, true, [['left', 'outside', 1]]],
    ['stays where it is extraneous', EXTRANEOUS, false, [failed, ['extraneous stays', 'd']]],
    ['stays unmentioned with --one-file-system', EXTRANEOUS, true, [['extraneous stays', 'd']]],
  ])('%s', async (_, task, oneFileSystem, expected) => {
    trees.make('source', 'd/');
    const { shown } = await visit(task, trees.context({ settings: { oneFileSystem } }), {
      openDestination: async () => Promise.reject(new MountPointError(-EACCES, 'openat2', 'd')),
    });
    expect(shown).toEqual(expected);
  });
});

it.each<[boolean, unknown[][]]>([
  [false, [['unopened', 'd', 'EACCES']]],
  [true, [['left', 'outside', 1]]],
])('a mount of another user in the source, with --one-file-system: %j', async (oneFileSystem, shown) => {
  const context = withCalls(trees.context({ settings: { oneFileSystem } }), 'source', () => ({
    openat2: () => {
      throw new MountPointError(-EACCES, 'openat2', 'd');
    },
  }));
  expect((await visit(BOTH, context)).shown).toEqual(shown);
});

const OPTIONAL: ReadonlySet<string> = new Set<keyof Visitor>([
  'left',
  'notVisited',
  'extraneous',
  'end',
  'extraneousDirectories',
]);

async function visitPlainly(task: DirectoryTask, context: WorkerContext): Promise<unknown[][]> {
  const { visitor, shown } = recordVisit(context);
  const needed = Object.entries(visitor).filter(([key]) => !OPTIONAL.has(key));
  await visitDirectory(Object.fromEntries(needed) as typeof visitor, task);
  return shown;
}

describe('a visitor with required methods only', () => {
  const failed = ['failed', 'destination', 'd', 'list', 'EACCES'];

  it.each<[string, DirectoryTask, unknown[][]]>([
    ['of both sides', BOTH, [['begin', 'd']]],
    ['only the destination has', EXTRANEOUS, []],
    ['is a file', { ...BOTH, path: 'd/gone' }, []],
    ['is a file of the destination', { ...EXTRANEOUS, path: 'd/gone' }, []],
  ])('is shown the rest: %s', async (_, task, shown) => {
    trees.make('source', 'd/gone');
    trees.make('destination', 'd/gone');
    const filters = [{ action: 'exclude', pattern: 'gone' } as const];
    expect(await visitPlainly(task, trees.context({ settings: { filters } }))).toEqual(shown);
  });

  it.each([BOTH, EXTRANEOUS])('learns of failures: %j', async (task) => {
    trees.make('source', 'd/');
    trees.make('destination', 'd/');
    expect(await visitPlainly(task, withUnopened(trees.context(), 'destination', 'd', EACCES))).toEqual([
      failed,
    ]);
  });
});

describe('every directory is closed if the visitor throws', () => {
  const excluded = { settings: { filters: [{ action: 'exclude', pattern: 'gone' } as const] } };

  it.each<[keyof Visitor, DirectoryTask, (context: WorkerContext) => WorkerContext]>([
    ['begin', BOTH, (context) => context],
    ['name', BOTH, (context) => context],
    ['directory', BOTH, (context) => context],
    ['extraneous', BOTH, (context) => context],
    ['end', BOTH, (context) => context],
    ['left', BOTH, (context) => context],
    ['openDestination', BOTH, (context) => context],
    ['openDestination', EXTRANEOUS, (context) => context],
    ['unopened', BOTH, (context) => withUnopened(context, 'source', 'd', EACCES)],
    ['failed', BOTH, (context) => withUnopened(context, 'destination', 'd', EACCES)],
    ['failed', BOTH, (context) => withListingThatFails(context, 'source', EIO)],
    ['failed', BOTH, (context) => withListingThatFails(context, 'destination', EIO)],
    ['notVisited', { ...BOTH, path: 'd/file' }, (context) => context],
    ['found', { ...BOTH, path: 'd/file' }, (context) => context],
  ])('%s, %j', async (method, task, change) => {
    trees.make('source', 'd/file', 'd/gone', 'd/below/');
    trees.make('destination', 'd/file', 'd/only');
    const fault = new Error(`thrown by ${method}`);
    const { visitor } = recordVisit(change(trees.context(excluded)), {
      [method]: () => {
        throw fault;
      },
    });
    // An error from openDestination becomes a failure of the destination.
    const outcome = await visitDirectory(visitor, task).catch((error: unknown) => error);
    expect(outcome).toBe(method === 'openDestination' ? undefined : fault);
    expect(trees.openDescriptors()).toBe(0);
  });

  it.each<keyof NonNullable<Visitor['extraneousDirectories']>>(['visit', 'name', 'stays'])(
    'extraneous directories: %s',
    async (method) => {
      trees.make('destination', ...(method === 'name' ? ['d'] : ['d/file']));
      const fault = (): never => {
        throw new Error(`thrown by ${method}`);
      };
      const { visitor } = recordVisit(
        method === 'stays' ? withUnopened(trees.context(), 'destination', 'd', EACCES) : trees.context(),
        { extraneousDirectories: { visit: fault, name: fault, stays: fault } },
      );
      await expect(visitDirectory(visitor, EXTRANEOUS)).rejects.toThrow(`thrown by ${method}`);
      expect(trees.openDescriptors()).toBe(0);
    },
  );

  it.each<Side>(['source', 'destination'])('the %s cannot be examined', async (side) => {
    trees.make('source', 'd/');
    trees.make('destination', 'd/');
    const context = withCalls(trees.context(), side, ({ local }) => ({
      local: { ...local, statx: () => -EIO },
    }));
    const { shown } = await visit(BOTH, context);
    expect(shown).toEqual([
      side === 'source' ? ['unopened', 'd', 'EIO'] : ['failed', 'destination', 'd', 'list', 'EIO'],
    ]);
  });
});
