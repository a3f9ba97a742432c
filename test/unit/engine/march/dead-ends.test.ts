/** `--files-from`: which directories lead to a path that takes part, and which paths are not there. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT_TASK, type DirectoryTask } from '../../../../src/engine/messages/directory-task.ts';
import { NOTHING_SPARED } from '../../../../src/engine/march/spare.ts';
import type { Visitor } from '../../../../src/engine/march/visitor.ts';
import { EIO, SystemError } from '../../../../src/linux/system-error.ts';
import type { Settings } from '../../../../src/model/settings.ts';
import type { FilterRule } from '../../../../src/model/filter-list.ts';
import { packPaths } from '../../../../src/policy/filter/path-keys.ts';
import {
  makeTwoTrees,
  withCalls,
  withListingThatFails,
  withUnopened,
  type TwoTrees,
} from '../../../support/march-context.ts';
import { entryOf } from '../../../support/entries.ts';
import { take, visit, type Taking } from '../../../support/recording-visitor.ts';

const DIRECTORY: DirectoryTask = { path: 'd', sides: 'both', makesWay: false };

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
});
afterEach(async () => {
  expect(trees.openDescriptors()).toBe(0);
  await trees.remove();
});

function excluding(...patterns: string[]): { filters: FilterRule[] } {
  return { filters: patterns.map((pattern) => ({ action: 'exclude', pattern })) };
}

function listing(...paths: string[]): Partial<Settings> {
  return { filesFrom: packPaths(paths, false) };
}

async function takeListed(
  paths: string[],
  task = ROOT_TASK,
  settings: Partial<Settings> = {},
): Promise<Taking> {
  return take(trees.context({ settings: { ...settings, ...listing(...paths) } }), task);
}

describe('--files-from', () => {
  it('visits listed names, and reports missing ones and paths below them', async () => {
    trees.make('source', 'one', 'other', 'e/file', 'e/more');
    expect(await takeListed(['one', 'gone', 'none/below', 'e/file', 'e/gone'])).toMatchObject({
      source: ['e/', 'one'],
      told: [
        ['unfound', 'gone', 'ENOENT'],
        ['unfound', 'none/below', 'ENOENT'],
      ],
    });
  });

  it.each<[string, string[], string[], unknown[][]]>([
    ['nothing that is there', ['d/f'], ['d/gone'], [['unfound', 'd/gone', 'ENOENT']]],
    ['nothing at the end of the way', ['d/e/f'], ['d/e/gone'], [['unfound', 'd/e/gone', 'ENOENT']]],
    [
      'a file on the way',
      ['d/f'],
      ['d/f/a', 'd/f/b', 'd/f/c/x'],
      [
        ['unfound', 'd/f/a', 'ENOTDIR'],
        ['unfound', 'd/f/b', 'ENOTDIR'],
        ['unfound', 'd/f/c/x', 'ENOTDIR'],
      ],
    ],
    [
      'a symbolic link on the way',
      ['d/l -> ..', 'd/m -> ..', 'd/k/file'],
      ['d/l/a', 'd/m/k/file'],
      [
        ['unfound', 'd/l/a', 'ENOTDIR'],
        ['unfound', 'd/m/k/file', 'ELOOP'],
      ],
    ],
  ])('a directory that leads to %s is skipped', async (_, paths, listed, told) => {
    trees.make('source', ...paths);
    expect(await takeListed(listed, DIRECTORY)).toEqual({
      source: undefined,
      destination: undefined,
      keepsExtraneous: undefined,
      told,
    });
  });

  it('a directory that leads to a path is visited, and reports nothing below', async () => {
    trees.make('source', 'd/e/f', 'd/file');
    expect(await takeListed(['d/e/f', 'd/e/gone', 'd/file/x'], DIRECTORY)).toMatchObject({
      source: ['e/'],
      told: [['unfound', 'd/file/x', 'ENOTDIR']],
    });
  });

  it.each([
    ['it is listed itself', ['d', 'd/gone']],
    ['it was listed with all that is in it', ['d/', 'd/gone']],
  ])('a directory that leads nowhere is visited if %s', async (_, listed) => {
    trees.make('source', 'd/');
    const { source, told } = await takeListed(listed, DIRECTORY);
    expect([source, told]).toEqual([[], [['unfound', 'd/gone', 'ENOENT']]]);
  });

  it('the root is always visited', async () => {
    expect(await takeListed(['gone'])).toMatchObject({ source: [], told: [['unfound', 'gone', 'ENOENT']] });
  });

  it.each<[string, string[], string[] | undefined]>([
    ['leads nowhere, and that is no failure', ['/d/f'], undefined],
    ['leads on where another path takes part', ['/d/other'], ['f']],
  ])('a directory whose listed name a rule excludes %s', async (_, patterns, source) => {
    trees.make('source', 'd/f');
    const taking = await takeListed(['d/f'], DIRECTORY, excluding(...patterns));
    expect([taking.source, taking.told]).toEqual([source, []]);
  });

  it('an excluded listed path is no failure', async () => {
    trees.make('source', 'd/e/f');
    const taking = await takeListed(['d/e/f'], DIRECTORY, excluding('f'));
    expect([taking.source, taking.told]).toEqual([undefined, []]);
  });

  it('reports nothing as missing from an incomplete listing', async () => {
    trees.make('source', 'd/f');
    const settings = listing('d', 'd/', 'd/gone');
    const context = withListingThatFails(trees.context({ settings }), 'source', EIO);
    expect((await take(context, DIRECTORY)).told).toEqual([['failed', 'source', 'd', 'list', 'EIO']]);
  });

  it('reports why a parent cannot be examined', async () => {
    trees.make('source', 'd/e/f');
    const context = trees.context({ settings: listing('d/e/f') });
    expect(await take(withUnopened(context, 'source', 'd/e', EIO), DIRECTORY)).toMatchObject({
      source: undefined,
      told: [['unfound', 'd/e/f', 'EIO']],
    });
  });

  it('a listed file stays, even if paths below it are listed', async () => {
    trees.make('source', 'file');
    expect(await takeListed(['file', 'file/x'])).toMatchObject({
      source: ['file'],
      told: [['unfound', 'file/x', 'ENOTDIR']],
    });
  });

  it('a listed but excluded directory is visited only for paths below it', async () => {
    trees.make('source', 'd/f');
    const excluded = excluding('d');
    expect((await takeListed(['d', 'd/gone'], DIRECTORY, excluded)).source).toBeUndefined();
    expect((await takeListed(['d', 'd/f'], DIRECTORY, excluded)).source).toEqual(['f']);
  });

  it('a directory is visited if its parent was listed recursively', async () => {
    trees.make('source', 'p/d/');
    const { source } = await takeListed(['p/', 'p/d/gone'], { ...DIRECTORY, path: 'p/d' });
    expect(source).toEqual([]);
  });

  it('a missing name does not hide the next one in its directory', async () => {
    trees.make('source', 'd/e/f');
    expect(await takeListed(['d/e/a', 'd/e/f'], DIRECTORY)).toMatchObject({ source: ['e/'], told: [] });
  });

  it('opens a non-directory once for all names that are listed in it', async () => {
    trees.make('source', 'd/f');
    const opened: string[] = [];
    const context = trees.context({ settings: listing('d/f/a', 'd/f/b', 'd/f/c') });
    const counting = withCalls(context, 'source', ({ openat2 }) => ({
      openat2: (fd, name, how, length) => {
        opened.push(name);
        return openat2(fd, name, how, length);
      },
    }));
    expect((await take(counting, DIRECTORY)).told).toHaveLength(3);
    expect(opened).toEqual(['d', 'd/f']);
  });

  it('explains why a link or a file has nothing below, and passes on other errors', async () => {
    trees.make('source', 'f', 'l -> .', 'k/e/');
    const reasons: string[] = [];
    const context = trees.context({ settings: listing('f/x', 'k/e/x', 'l/k/x') });
    const unfound: Visitor['unfound'] = (path, { reason }) => reasons.push(`${path}: ${reason}`);
    await visit(ROOT_TASK, context, { unfound });
    await visit({ ...DIRECTORY, path: 'k' }, context, { unfound });
    const noWay = 'A component of its path is not a directory, or is a symbolic link, which is not followed';
    expect(reasons).toEqual([`f/x: ${noWay}`, `l/k/x: ${noWay}`, 'k/e/x: No such file or directory']);
  });

  it('a directory that cannot be opened is no dead end, and reports nothing as missing', async () => {
    const incomplete = new SystemError(-EIO, 'openat2', 'd');
    const unopened: Visitor['unopened'] = async () =>
      Promise.resolve({
        directory: undefined,
        entry: entryOf(),
        listing: { directories: [], others: [], incomplete },
        isOutside: false,
        spared: NOTHING_SPARED,
      });
    const context = withUnopened(trees.context({ settings: listing('d/gone') }), 'source', 'd', EIO);
    const { shown } = await visit(DIRECTORY, context, { unopened });
    expect(shown).toEqual([['begin', 'd'], ['end']]);
  });
});
