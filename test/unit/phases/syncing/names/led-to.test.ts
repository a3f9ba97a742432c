/** Nothing is removed that a name of this run leads to, under whatever name the destination has it. */
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../../src/engine/context/worker-context.ts';
import { EIO } from '../../../../../src/linux/system-error.ts';
import {
  isLedTo,
  keyOf,
  withoutLedTo,
  type Removable,
} from '../../../../../src/phases/syncing/names/led-to.ts';
import { entryAt, inDestination } from '../../../../support/applying.ts';
import {
  makeTwoTrees,
  withCalls,
  withListingThatFails,
  type TwoTrees,
} from '../../../../support/march-context.ts';

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
  trees.make('destination', 'd/extra', 'd/other', 'd/kept');
  // Files of one size that are made in one tick of the clock count as one.
  writeFileSync(trees.scratch.path('destination/d/extra'), 'longer');
});
afterEach(async () => trees.remove());

async function removable(
  context: WorkerContext,
  names: readonly string[],
  made: readonly string[],
): Promise<Removable> {
  const record = { directoryPath: 'd', areTemporaries: false, directory: undefined, names, made };
  return inDestination(context, 'd', (directory) => withoutLedTo(context, directory, record));
}

const lead = (name: string) => (name === 'folded' ? 'extra' : name);

/** `folded` is not listed, but leads to the listed entry `extra`. */
function folding(): WorkerContext {
  return withCalls(trees.context(), 'destination', ({ local, statx }) => ({
    statx: (fd, name, ...others) => statx(fd, lead(name), ...others),
    local: { ...local, statx: (fd, name, ...others) => local.statx(fd, lead(name), ...others) },
  }));
}

describe('of the names to be removed', () => {
  it('all go if this run makes none, and nothing is listed', async () => {
    const context = withListingThatFails(trees.context(), 'destination', EIO);
    expect(await removable(context, ['extra', 'gone'], [])).toEqual({ names: ['extra', 'gone'], gone: [] });
  });

  it('those go that are still listed', async () => {
    expect(await removable(trees.context(), ['extra', 'gone', 'other'], ['kept'])).toEqual({
      names: ['extra', 'other'],
      gone: ['gone'],
    });
  });

  it('directories are listed, too', async () => {
    trees.make('destination', 'd/e/');
    expect(await removable(trees.context(), ['e'], ['kept'])).toEqual({ names: ['e'], gone: [] });
  });

  it('one stays that a name of this run leads to', async () => {
    expect(await removable(folding(), ['other', 'extra'], ['kept', 'folded'])).toEqual({
      names: ['other'],
      gone: [],
    });
  });

  it('all go if the name of this run leads elsewhere', async () => {
    expect(await removable(folding(), ['other'], ['folded'])).toEqual({ names: ['other'], gone: [] });
  });

  it('all go if the name of this run does not exist', async () => {
    expect(await removable(trees.context(), ['extra'], ['never made'])).toEqual({
      names: ['extra'],
      gone: [],
    });
  });

  it('one goes that is a hard link to a name of this run, which is listed', async () => {
    linkSync(trees.scratch.path('destination/d/kept'), trees.scratch.path('destination/d/linked'));
    expect(await removable(trees.context(), ['linked'], ['kept'])).toEqual({ names: ['linked'], gone: [] });
  });

  it('none goes if the listing does not come to its end', async () => {
    const context = withListingThatFails(trees.context({ settings: { retries: 0 } }), 'destination', EIO);
    await expect(removable(context, ['extra'], ['kept'])).rejects.toMatchObject({ code: 'EIO' });
  });
});

describe('a directory', () => {
  it('is led to if it existed when it was to be made', async () => {
    mkdirSync(trees.scratch.path('destination/d/e'));
    const context = trees.context();
    const key = keyOf(await entryAt(context, 'destination', 'd/e'));
    const ask = async (path: string, found: readonly string[]) =>
      inDestination(context, path, (directory) => isLedTo(directory, found));
    expect(await ask('d/e', ['1:1', key])).toBe(true);
    expect(await ask('d', ['1:1', key])).toBe(false);
  });

  it('is not even looked at if there was none', async () => {
    const context = withCalls(trees.context(), 'destination', ({ local }) => ({
      local: { ...local, statx: () => -EIO },
    }));
    expect(await inDestination(context, 'd', (directory) => isLedTo(directory, []))).toBe(false);
  });
});

it('entries are told apart by device and inode', () => {
  expect(keyOf({ device: 5, inode: 2n ** 63n } as Parameters<typeof keyOf>[0])).toBe('5:9223372036854775808');
});
