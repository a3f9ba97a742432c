/** Each name of the source is shown once, with what is known of the destination. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import { withSides, visitNames } from '../../../../src/engine/march/march.ts';
import type { Sides, Visitor } from '../../../../src/engine/march/visitor.ts';
import { ROOT_TASK } from '../../../../src/engine/messages/directory-task.ts';
import type { Listing } from '../../../../src/filesystem/list-directory.ts';
import { EIO, SystemError } from '../../../../src/linux/system-error.ts';
import { makeTwoTrees, type TwoTrees } from '../../../support/march-context.ts';
import { recordVisit } from '../../../support/recording-visitor.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
});
afterEach(async () => trees.remove());

type Names = Partial<Listing>;

/** Visits the names as if the sides had listed these. */
async function show(
  listed: { source: Names; destination?: Names | undefined },
  context: WorkerContext = trees.context(),
  name?: Visitor['name'],
): Promise<unknown[][]> {
  const { visitor, shown } = recordVisit(context, name && { name });
  const whole = (names: Names): Listing => ({ directories: [], others: [], incomplete: undefined, ...names });
  await withSides(visitor, ROOT_TASK, async (given) => {
    const destination = listed.destination &&
      given.destination && { ...given.destination, listing: whole(listed.destination) };
    const sides: Sides = {
      ...given,
      source: { ...given.source, listing: whole(listed.source) },
      destination,
    };
    await visitNames(visitor, sides, sides);
  });
  return shown;
}

const incomplete = new SystemError(-EIO, 'getdents64', '');

it.each<[string, Names | undefined, boolean]>([
  ['nothing', undefined, false],
  ['no such name', { others: ['other'], directories: ['another'] }, false],
  ['the name', { others: ['name'] }, true],
  ['a directory of that name', { directories: ['name'] }, true],
  ['an incomplete listing without it', { others: ['other'], incomplete }, true],
])('a name, where the destination has %s', async (_, destination, mayBeThere) => {
  expect(await show({ source: { others: ['name'] }, destination })).toEqual([['name', 'name', mayBeThere]]);
});

it.each<[string, Names | undefined, string]>([
  ['nothing', undefined, 'nothing'],
  ['no such name', { others: ['other'], directories: ['another'] }, 'nothing'],
  ['the directory', { directories: ['d'] }, 'directory'],
  ['something else of that name', { others: ['d'] }, 'other kind'],
  ['an incomplete listing without it', { directories: ['another'], incomplete }, 'unknown'],
  ['an incomplete listing with it', { directories: ['d'], incomplete }, 'directory'],
  ['an incomplete listing with something else', { others: ['d'], incomplete }, 'other kind'],
])('a directory, where the destination has %s', async (_, destination, there) => {
  expect(await show({ source: { directories: ['d'] }, destination })).toEqual([['directory', 'd', there]]);
});

it('a repeated name is shown once', async () => {
  const source = { others: ['a', 'a', 'b'], directories: ['d', 'd'] };
  expect(await show({ source, destination: { others: ['b', 'b'] } })).toEqual([
    ['name', 'a', false],
    ['name', 'b', true],
    ['directory', 'd', 'nothing'],
  ]);
});

it('no name is shown once the run must stop', async () => {
  const context = trees.context();
  const names: string[] = [];
  await show({ source: { others: ['a', 'b', 'c'] } }, context, async (_, name) => {
    names.push(name);
    if (name === 'b') context.stop.raise();
    return Promise.resolve();
  });
  expect(names).toEqual(['a', 'b']);
});

it('as many names are visited at once as the worker has lanes', async () => {
  const context = { ...trees.context(), laneCount: 3 };
  let underWay = 0;
  let most = 0;
  await show({ source: { others: ['a', 'b', 'c', 'd', 'e'] } }, context, async () => {
    most = Math.max(most, ++underWay);
    await new Promise(setImmediate);
    underWay--;
  });
  expect(most).toBe(3);
});

it('the main isolate may pause before each source name, and the visit waits', async () => {
  const events: string[] = [];
  const breathe = async (): Promise<void> => {
    await new Promise(setImmediate);
    events.push('breath');
  };
  const source = { others: ['a', 'b'] };
  const destination = { others: ['only'] };
  await show({ source, destination }, { ...trees.context(), breathe }, async (_, name) => {
    events.push(name);
    return Promise.resolve();
  });
  expect(events).toEqual(['breath', 'a', 'breath', 'b']);
});

it('a failure of a name ends the visit, and no directory follows', async () => {
  const failing = show({ source: { others: ['a'], directories: ['d'] } }, trees.context(), async () =>
    Promise.reject(new Error('a bug')),
  );
  await expect(failing).rejects.toThrow('a bug');
});
