/** What of a directory takes part, on both sides, and what the visitor is told of the rest. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerContext } from '../../../../src/engine/context/worker-context.ts';
import type { DirectoryTask } from '../../../../src/engine/messages/directory-task.ts';
import { readEntry, readOpenEntry } from '../../../../src/filesystem/entry-stat.ts';
import { EIO } from '../../../../src/linux/system-error.ts';
import type { RunFile } from '../../../../src/model/run/run-file.ts';
import type { Settings } from '../../../../src/model/settings.ts';
import type { FilterRule } from '../../../../src/model/filter-list.ts';
import type { Side } from '../../../../src/model/task.ts';
import { packPaths } from '../../../../src/policy/filter/path-keys.ts';
import { makeTwoTrees, withListingThatFails, type TwoTrees } from '../../../support/march-context.ts';
import { take } from '../../../support/recording-visitor.ts';

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

async function runFile(side: Side, name: string, use: RunFile['use']): Promise<RunFile> {
  const root = { ...trees.context()[side], path: '' };
  const found = await readEntry(root, name);
  return { what: '--log-file', use, directory: await readOpenEntry(root), name, found };
}

/** Entries below the root seem to be on another file system. */
function outside(side: Side, oneFileSystem = true): WorkerContext {
  const device = trees.context().setup[side].device + 1;
  return trees.context({ settings: { oneFileSystem }, [side]: { device } });
}

describe('names that a rule excludes', () => {
  it('are skipped and counted in the source, and stay in the destination listing', async () => {
    trees.make('source', 'a.tmp', 'b', 'c.tmp/', 'e/');
    trees.make('destination', 'a.tmp', 'b', 'z.tmp');
    const taking = await take(trees.context({ settings: excluding('*.tmp') }));
    expect(taking.source).toEqual(['e/', 'b']);
    expect(taking.destination).toEqual(['a.tmp', 'b', 'z.tmp']);
    expect(taking.told).toEqual([['left', 'excluded', 2]]);
  });

  it('are reported only if there are any', async () => {
    trees.make('source', 'd.tmp', 'e/');
    const taking = await take(trees.context({ settings: excluding('e/', 'd.tmp/') }));
    expect([taking.source, taking.told]).toEqual([['d.tmp'], [['left', 'excluded', 1]]]);
    const all = await take(trees.context({ settings: excluding('no-such-name') }));
    expect([all.source, all.told]).toEqual([['e/', 'd.tmp'], []]);
  });

  it('are matched as paths of the tree, not as names', async () => {
    trees.make('source', 'd/e/', 'd/f', 'd/e.tmp');
    const taking = await take(trees.context({ settings: excluding('/d/e', '/f') }), DIRECTORY);
    expect(taking.source).toEqual(['e.tmp', 'f']);
  });

  it('are visited if --files-from lists something below them', async () => {
    trees.make('source', 'e/file', 'x/file');
    const settings = { ...excluding('e', 'x'), ...listing('e/file', 'x') };
    expect(await take(trees.context({ settings }))).toMatchObject({
      source: ['e/'],
      told: [['left', 'excluded', 1]],
    });
  });
});

describe('a file of the run', () => {
  it.each<Side>(['source', 'destination'])('is skipped on both sides: in the %s', async (side) => {
    for (const each of ['source', 'destination'] as const) trees.make(each, 'log', 'log.1', 'other');
    const runFiles = { files: [await runFile(side, 'log', 'appended')], above: [] };
    const context = trees.context({ setup: { runFiles } });
    expect(await take(context)).toMatchObject({ source: ['other'], destination: ['other'], told: [] });
    expect(context.spared).toEqual([
      { side, path: 'log', what: '--log-file' },
      { side, path: 'log.1', what: '--log-file' },
    ]);
  });

  it('is not reported as missing if --files-from lists it, whether it exists or not', async () => {
    trees.make('destination', 'log', 'other');
    const runFiles = { files: [await runFile('destination', 'log', 'appended')], above: [] };
    const context = trees.context({ setup: { runFiles }, settings: listing('log', 'log.2', 'gone') });
    expect((await take(context)).told).toEqual([['unfound', 'gone', 'ENOENT']]);
  });
});

describe('--one-file-system', () => {
  beforeEach(() => {
    trees.make('source', 'd/file', 'd/e/');
    trees.make('destination', 'd/file', 'd/only');
  });

  it('a source directory on another file system counts as empty, on both sides', async () => {
    expect(await take(outside('source'), DIRECTORY)).toEqual({
      source: [],
      destination: [],
      keepsExtraneous: false,
      told: [['left', 'outside', 1]],
    });
  });

  it('one at the destination is written to, and nothing in it counts as extraneous', async () => {
    expect(await take(outside('destination'), DIRECTORY)).toEqual({
      source: ['e/', 'file'],
      destination: ['file', 'only'],
      keepsExtraneous: true,
      told: [],
    });
  });

  it.each<Side>(['source', 'destination'])(
    'without the option nothing in the %s is outside',
    async (side) => {
      expect(await take(outside(side, false), DIRECTORY)).toEqual({
        source: ['e/', 'file'],
        destination: ['file', 'only'],
        keepsExtraneous: false,
        told: [],
      });
    },
  );

  it('the roots themselves are never outside', async () => {
    expect(await take(outside('source'))).toMatchObject({ source: ['d/'], destination: ['d/'], told: [] });
  });
});

describe('an incomplete listing', () => {
  it.each<[Side, boolean]>([
    ['source', true],
    ['destination', false],
  ])('of the %s is reported, and keeps extraneous names: %j', async (side, keepsExtraneous) => {
    trees.make('source', 'file');
    trees.make('destination', 'file');
    expect(await take(withListingThatFails(trees.context(), side, EIO))).toMatchObject({
      source: ['file'],
      destination: ['file'],
      keepsExtraneous,
      told: [['failed', side, '', 'list', 'EIO']],
    });
  });
});
