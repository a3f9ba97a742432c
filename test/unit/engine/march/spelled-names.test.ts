/** Names that the destination may treat as one: which take part, and which are looked up. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import { withSides } from '../../../../src/engine/march/march.ts';
import { takePart } from '../../../../src/engine/march/take-part.ts';
import type { DirectoryTask } from '../../../../src/engine/messages/directory-task.ts';
import { EIO } from '../../../../src/linux/system-error.ts';
import { makeTwoTrees, withCalls, withLookupsNoted, type TwoTrees } from '../../../support/march-context.ts';
import { recordVisit, take } from '../../../support/recording-visitor.ts';

const DIRECTORY: DirectoryTask = { path: 'd', sides: 'both', makesWay: false };

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
});
afterEach(async () => {
  expect(trees.openDescriptors()).toBe(0);
  await trees.remove();
});

/** A destination that ignores case in `Name`. */
function folding(): WorkerContext {
  return withCalls(trees.context(), 'destination', ({ local }) => ({
    local: {
      ...local,
      statx: (fd, name, ...rest) => local.statx(fd, name === 'name' ? 'Name' : name, ...rest),
    },
  }));
}

describe('names that the destination may treat as one', () => {
  it('are ranked if both are new: the directory first', async () => {
    trees.make('source', 'd/name', 'd/Name/', 'd/other');
    const { visitor } = recordVisit(trees.context(), { makesNames: true });
    await withSides(visitor, DIRECTORY, async (given) => {
      const { spellings } = (await takePart(visitor, given)) ?? {};
      expect([...(spellings?.rivals ?? [])]).toEqual([
        ['Name', 'first'],
        ['name', 'later'],
      ]);
    });
  });

  it('are not searched for without a destination, or if nothing is created', async () => {
    trees.make('source', 'd/name', 'd/Name/');
    const { visitor } = recordVisit(trees.context());
    await withSides(visitor, DIRECTORY, async (given) => {
      expect(await takePart(visitor, given)).toEqual({ sides: given, spellings: undefined });
    });
  });

  it('keep extraneous names if a lookup fails', async () => {
    trees.make('source', 'name');
    trees.make('destination', 'Name');
    const context = withCalls(trees.context(), 'destination', ({ local }) => ({
      local: {
        ...local,
        statx: (fd, name, ...rest) => (name === 'name' ? -EIO : local.statx(fd, name, ...rest)),
      },
    }));
    expect(await take(context)).toEqual({
      source: ['name'],
      destination: ['Name'],
      keepsExtraneous: true,
      told: [['failed', 'destination', 'name', 'compare', 'EIO']],
    });
  });

  it('are one name if the destination has another spelling', async () => {
    trees.make('source', 'name');
    trees.make('destination', 'Name', 'only');
    expect(await take(folding())).toMatchObject({
      source: ['name'],
      destination: ['name', 'only'],
      told: [],
    });
  });

  it('are reported if the source has both, and only the listed one is synced', async () => {
    trees.make('source', 'name', 'Name');
    trees.make('destination', 'Name');
    expect(await take(folding())).toMatchObject({
      source: ['Name'],
      destination: ['Name'],
      told: [['taken', 'name', 'Name']],
    });
  });

  it.each([true, false])(
    'are looked up if they fold to no listed name, and the visitor asks for all: %j',
    async (all) => {
      trees.make('source', 'd/new');
      trees.make('destination', 'd/other');
      const { context, asked } = withLookupsNoted(trees.context(), 'destination');
      const { visitor } = recordVisit(context, { looksUpEveryName: all });
      await withSides(visitor, DIRECTORY, async (given) => {
        await takePart(visitor, given);
      });
      expect(asked.includes('new')).toBe(all);
    },
  );
});
