/** Which directories are visited, what their visitor is shown of both sides, and that none stays open. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOTHING_SPARED } from '../../../../src/engine/march/spare.ts';
import type { Visitor } from '../../../../src/engine/march/visitor.ts';
import { ROOT_TASK, type DirectoryTask } from '../../../../src/engine/messages/directory-task.ts';
import { readEntry } from '../../../../src/filesystem/entry-stat.ts';
import { EMPTY_LISTING } from '../../../../src/filesystem/list-directory.ts';
import { EACCES, EIO, ENOENT, ENOTDIR, ESTALE } from '../../../../src/linux/system-error.ts';
import type { RunFile } from '../../../../src/model/run/run-file.ts';
import { packPaths } from '../../../../src/policy/filter/path-keys.ts';
import type { Side } from '../../../../src/model/task.ts';
import {
  makeTwoTrees,
  withCalls,
  withListingThatFails,
  withUnopened,
  type TwoTrees,
} from '../../../support/march-context.ts';
import { visit } from '../../../support/recording-visitor.ts';
import { entryOf } from '../../../support/entries.ts';

const BOTH: DirectoryTask = { path: 'd', sides: 'both', makesWay: false };

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
});
afterEach(async () => {
  expect(trees.openDescriptors()).toBe(0);
  await trees.remove();
});

async function isRunFile(side: Side, name: string): Promise<RunFile> {
  const root = trees.context()[side];
  const found = await readEntry({ ...root, path: '' }, name);
  return { what: '--log-file', use: 'fixed', directory: { device: 1, inode: 1n }, name, found };
}

describe('a directory on both sides', () => {
  it('shows each source name once, with its presence at the destination', async () => {
    trees.make('source', 'both', 'file', 'was-directory', 'both-d/', 'new-d/', 'was-file/', 'link -> both');
    trees.make('destination', 'both', 'was-directory/', 'both-d/', 'was-file', 'only', 'only-d/');
    const { shown } = await visit(ROOT_TASK, trees.context());
    expect(shown).toEqual([
      ['begin', ''],
      ['name', 'both', true],
      ['name', 'file', false],
      ['name', 'link', false],
      ['name', 'was-directory', true],
      ['directory', 'both-d', 'directory'],
      ['directory', 'new-d', 'nothing'],
      ['directory', 'was-file', 'other kind'],
      ['extraneous'],
      ['end'],
    ]);
  });

  it('is not visited if the visitor declines', async () => {
    trees.make('source', 'file', 'd/');
    const { shown } = await visit(ROOT_TASK, trees.context(), {
      begin: async () => Promise.resolve(undefined),
    });
    expect(shown).toEqual([]);
  });

  it('may hold names that an incomplete listing of the destination lacks', async () => {
    trees.make('source', 'file', 'new-d/', 'was-file/');
    trees.make('destination', 'was-file');
    const { shown } = await visit(ROOT_TASK, withListingThatFails(trees.context(), 'destination', EIO));
    expect(shown).toEqual([
      ['failed', 'destination', '', 'list', 'EIO'],
      ['begin', ''],
      ['name', 'file', true],
      ['directory', 'new-d', 'unknown'],
      ['directory', 'was-file', 'other kind'],
      ['extraneous'],
      ['end'],
    ]);
  });

  it('has nothing extraneous if the source listing is incomplete', async () => {
    trees.make('source', 'file');
    trees.make('destination', 'only');
    const { shown } = await visit(ROOT_TASK, withListingThatFails(trees.context(), 'source', EIO));
    expect(shown).toEqual([
      ['failed', 'source', '', 'list', 'EIO'],
      ['begin', ''],
      ['name', 'file', false],
      ['end'],
    ]);
  });

  it('is opened again if its listing fails temporarily', async () => {
    trees.make('source', 'd/file');
    trees.make('destination', 'd/');
    const opened: number[] = [];
    const context = withCalls(trees.context(), 'source', ({ openat2, getdents64 }) => ({
      openat2: async (fd, name, how, length) => {
        const result = await openat2(fd, name, how, length);
        if (name === 'd') opened.push(result);
        return result;
      },
      getdents64: (fd, buffer, length) => (opened.length === 1 ? -ESTALE : getdents64(fd, buffer, length)),
    }));
    const { shown } = await visit(BOTH, context);
    expect(shown).toEqual([['begin', 'd'], ['name', 'file', false], ['extraneous'], ['end']]);
    expect(opened).toHaveLength(2);
  });

  it.each<[string, string[]]>([
    ['has vanished', []],
    ['is a file by now', ['d']],
    ['is a symbolic link by now', ['other/', 'd -> other']],
  ])('counts as new if the destination directory %s', async (_, paths) => {
    trees.make('source', 'd/file', 'd/below/');
    trees.make('destination', ...paths);
    const { shown } = await visit(BOTH, trees.context());
    expect(shown).toEqual([
      ['begin', 'd'],
      ['name', 'file', false],
      ['directory', 'below', 'nothing'],
      ['end'],
    ]);
  });

  it.each([
    [BOTH, 'd', EACCES, 'EACCES'],
    [ROOT_TASK, '.', ENOENT, 'ENOENT'],
    [ROOT_TASK, '.', ENOTDIR, 'ENOTDIR'],
  ])('%j is left out if the destination lists it with error %s: %d', async (task, opened, errno, code) => {
    trees.make('source', 'd/file');
    trees.make('destination', 'd/');
    const { shown } = await visit(task, withUnopened(trees.context(), 'destination', opened, errno));
    expect(shown).toEqual([['failed', 'destination', task.path, 'list', code]]);
  });

  it.each<Side>(['source', 'destination'])('is skipped if in the %s it belongs to the run', async (side) => {
    trees.make('source', 'd/file');
    trees.make('destination', 'd/file');
    const runFiles = { files: [await isRunFile(side, 'd')], above: [] };
    const { shown } = await visit(BOTH, trees.context({ setup: { runFiles } }));
    expect(shown).toEqual([]);
  });
});

describe('a directory on the source only', () => {
  it('does not look at the destination', async () => {
    trees.make('source', 'd/both', 'd/e/');
    trees.make('destination', 'd/both', 'd/e/', 'd/only');
    const { shown } = await visit({ path: 'd', sides: 'source', makesWay: false }, trees.context());
    expect(shown).toEqual([['begin', 'd'], ['name', 'both', false], ['directory', 'e', 'nothing'], ['end']]);
  });

  it('is reported to the visitor if it cannot be opened', async () => {
    trees.make('source', 'd/file');
    trees.make('destination', 'd/');
    const { shown, found } = await visit(BOTH, withUnopened(trees.context(), 'source', 'd', EACCES));
    expect([shown, found]).toEqual([[['unopened', 'd', 'EACCES']], []]);
  });

  it('is still visited if the visitor knows its kind', async () => {
    trees.make('destination', 'd/only');
    const source = { directory: undefined, entry: entryOf(), listing: EMPTY_LISTING, isOutside: false };
    const unopened: Visitor['unopened'] = async () => Promise.resolve({ ...source, spared: NOTHING_SPARED });
    const { shown } = await visit(BOTH, trees.context(), { unopened });
    expect(shown).toEqual([['begin', 'd'], ['extraneous'], ['end']]);
  });

  it('is unopened if it is the root, whatever it is by now', async () => {
    const { shown, found } = await visit(ROOT_TASK, withUnopened(trees.context(), 'source', '.', ENOTDIR));
    expect([shown, found]).toEqual([[['unopened', '', 'ENOTDIR']], []]);
  });
});

describe('an entry that was listed as a directory, but is a file', () => {
  const asName = { path: 'a', sides: 'both', makesWay: false, only: 'd' };

  it.each([
    ['is found as a name of the directory above', {}, asName],
    ['with the missing directory that it is in', { missingFrom: 'a' }, { ...asName, missingFrom: 'a' }],
  ])('%s', async (_, more, task) => {
    trees.make('source', 'a/d');
    trees.make('destination', 'a/d/');
    const { shown, found } = await visit({ ...BOTH, path: 'a/d', ...more }, trees.context());
    expect([shown, found]).toEqual([[['notVisited']], [task]]);
  });

  it('is counted if a rule excludes it', async () => {
    trees.make('source', 'a/d');
    const context = trees.context({ settings: { filters: [{ action: 'exclude', pattern: 'd' }] } });
    const { shown, found } = await visit({ ...BOTH, path: 'a/d' }, context);
    expect([shown, found]).toEqual([[['notVisited'], ['left', 'excluded', 1]], []]);
  });

  it('is no directory to a rule for directories', async () => {
    trees.make('source', 'a/d');
    const context = trees.context({ settings: { filters: [{ action: 'exclude', pattern: 'd/' }] } });
    expect((await visit({ ...BOTH, path: 'a/d' }, context)).found).toEqual([asName]);
  });
});

it('a directory that leads to nothing that --files-from lists is not visited', async () => {
  trees.make('source', 'd/file');
  const filesFrom = packPaths(['d/gone'], false);
  const { shown } = await visit(BOTH, trees.context({ settings: { filesFrom } }));
  expect(shown).toEqual([['unfound', 'd/gone', 'ENOENT'], ['notVisited']]);
});

it('leaves a single name to the visitor, and opens nothing', async () => {
  const { shown } = await visit({ ...BOTH, only: 'file' }, trees.context());
  expect(shown).toEqual([['alone', 'd', 'file']]);
});
