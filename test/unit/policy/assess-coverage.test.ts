/** "Everything" is never claimed for less, and a run that proved no file claims "nothing". */
import { describe, it, expect } from 'vitest';
import type { Coverage } from '../../../src/model/run/outcome.ts';
import { DEFAULT_SETTINGS as DEFAULT } from '../../../src/model/settings.ts';
import { type CounterName, LEFT_ALONE, LEFT_ALONE_CAUSES } from '../../../src/model/tally.ts';
import { coverageOf, type CoveredRun, lacksUsualMetadata } from '../../../src/policy/assess-coverage.ts';
import { packPaths } from '../../../src/policy/filter/path-keys.ts';
import { tallyOf } from '../../support/reports.ts';

const NONE = Object.fromEntries(LEFT_ALONE_CAUSES.map((cause) => [cause, 0]));
const COMPARED = { entriesVerified: 10, filesVerified: 5 };
/** Not preserved by default. */
const RARE = ['atime', 'xattr', 'acl'];

function cover(counts: Partial<Record<CounterName, number>>, run: Partial<CoveredRun> = {}): Coverage {
  return coverageOf({
    command: 'sync',
    settings: DEFAULT,
    hasVerified: true,
    mapped: undefined,
    ...run,
    tally: tallyOf(counts),
  });
}

function preserving(preserve: Partial<typeof DEFAULT.preserve>): Partial<CoveredRun> {
  return { settings: { ...DEFAULT, preserve: { ...DEFAULT.preserve, ...preserve } } };
}

function listing(paths: string[]): Partial<CoveredRun> {
  return { settings: { ...DEFAULT, filesFrom: packPaths(paths, false) } };
}

it.for(['sync', 'verify'] as const)('%s: everything was compared', (command) => {
  expect(cover(COMPARED, { command })).toEqual({
    scope: 'everything',
    content: 'all',
    leftAlone: NONE,
    uncompared: RARE,
    otherOwners: 0,
  });
});

it('a source without files is proven by its directory', () => {
  expect(cover({ entriesVerified: 1 }).scope).toBe('everything');
});

describe('entries that options left alone', () => {
  it.for(LEFT_ALONE_CAUSES)('%s: everything requested was compared, with counts', (cause) => {
    const found = cover({ ...COMPARED, [LEFT_ALONE.verifying[cause]]: 3, [LEFT_ALONE.preparing[cause]]: 7 });
    expect(found.scope).toBe('asked for');
    expect(found.leftAlone).toEqual({ ...NONE, [cause]: 3 });
  });

  it.for(LEFT_ALONE_CAUSES)('%s: nothing, if no file was compared', (cause) => {
    expect(cover({ entriesVerified: 1, [LEFT_ALONE.verifying[cause]]: 1 }).scope).toBe('nothing');
  });

  it('files that were read and found to differ, with --size-only, are no proof', () => {
    const read = { entriesVerified: 1, filesVerified: 2, sameSizeUnverified: 2 };
    expect(cover(read).scope).toBe('nothing');
    expect(cover({ ...read, filesVerified: 3 }).scope).toBe('asked for');
  });

  it('only Preparing counts if nothing was verified', () => {
    const counts = { excludedEntries: 7, excludedUnverified: 0 };
    const dry = cover(counts, { command: 'prepare', hasVerified: false });
    expect(dry).toMatchObject({ scope: 'nothing', content: 'none', leftAlone: { ...NONE, excluded: 7 } });
  });

  it('only Verifying counts if only it was interrupted', () => {
    const counts = { ...COMPARED, excludedUnverified: 7 };
    const interrupted = cover(counts, { command: 'verify', hasVerified: false });
    expect(interrupted).toMatchObject({ scope: 'nothing', content: 'none', leftAlone: { excluded: 7 } });
  });

  it('a list leaves out all other paths', () => {
    expect(cover(COMPARED, listing(['a', 'b', 'a']))).toMatchObject({ scope: 'asked for', listedPaths: 2 });
    expect(cover({ entriesVerified: 1 }, listing([]))).toMatchObject({ scope: 'nothing', listedPaths: 0 });
    expect(cover(COMPARED)).not.toHaveProperty('listedPaths');
  });
});

describe('the share of content', () => {
  const transferred = { settings: { ...DEFAULT, verify: 'transferred' } } as const;

  it('--verify=none: nothing', () => {
    const run = { settings: { ...DEFAULT, verify: 'none' }, hasVerified: false } as const;
    expect(cover({ filesTransferred: 5 }, run)).toMatchObject({ scope: 'nothing', content: 'none' });
  });

  it('--verify=transferred: the transferred files, if any', () => {
    const left = { excludedEntries: 2, excludedUnverified: 0 };
    const found = cover({ entriesVerified: 1, ...left }, transferred);
    expect(found).toMatchObject({ scope: 'asked for', content: 'transferred', leftAlone: { excluded: 2 } });
    expect(cover({}, transferred)).toMatchObject({ scope: 'nothing', content: 'transferred' });
  });

  it('verify compares everything, whatever a sync would', () => {
    const found = cover(COMPARED, { command: 'verify', ...transferred });
    expect(found).toMatchObject({ scope: 'everything', content: 'all' });
  });
});

describe('metadata', () => {
  it.for([
    ['owner', { uid: false }],
    ['group', { gid: false }],
    ['mode', { mode: false }],
    ['mtime', { mtime: false }],
  ] as const)('%s was not compared: not everything', ([name, preserve]) => {
    const found = cover(COMPARED, preserving(preserve));
    expect(found).toMatchObject({ scope: 'asked for', uncompared: [name, ...RARE] });
    expect(lacksUsualMetadata(found)).toBe(true);
  });

  it('rarely wanted metadata is reported if it was not compared', () => {
    const found = cover(COMPARED, preserving({ xattr: true, acl: true, atime: true }));
    expect(found).toMatchObject({ scope: 'everything', uncompared: ['atime'] });
    expect(lacksUsualMetadata(found)).toBe(false);
    expect(cover(COMPARED, preserving({ xattr: true })).uncompared).toEqual(['atime', 'acl']);
  });

  it('access times are compared only by verify, if they are preserved', () => {
    const run = { command: 'verify', ...preserving({ atime: true }) } as const;
    expect(cover(COMPARED, run).uncompared).toEqual(['xattr', 'acl']);
  });

  it('times that the destination does not keep: not everything', () => {
    expect(cover({ ...COMPARED, timesNotKept: 1 }).scope).toBe('asked for');
    expect(cover({ ...COMPARED, entriesOfOthers: 1 }).scope).toBe('asked for');
  });

  it.for([
    [{ uid: 5, gid: undefined }, ['group', ...RARE]],
    [{ uid: undefined, gid: 5 }, ['owner', ...RARE]],
    [{ uid: 5, gid: 5 }, RARE],
  ])('an owner from --chown is compared: %j', ([ownerOverride, uncompared]) => {
    const preserve = { ...DEFAULT.preserve, uid: false, gid: false };
    const settings = { ...DEFAULT, preserve, ownerOverride: ownerOverride as typeof DEFAULT.ownerOverride };
    expect(cover(COMPARED, { settings }).uncompared).toEqual(uncompared);
  });

  it('omitted times, unless no times are kept: not everything', () => {
    const omitting = { ...DEFAULT, omitDirectoryTimes: true, omitLinkTimes: true };
    expect(cover(COMPARED, { settings: omitting })).toMatchObject({
      scope: 'asked for',
      uncompared: ['directoryTimes', 'linkTimes', ...RARE],
    });
    const preserve = { ...DEFAULT.preserve, mtime: false };
    expect(cover(COMPARED, { settings: { ...omitting, preserve } }).uncompared).toEqual(['mtime', ...RARE]);
  });

  it('times within a window: not everything', () => {
    const found = cover(COMPARED, { settings: { ...DEFAULT, modifyWindowSec: 0 } });
    expect(found).toMatchObject({ scope: 'asked for', uncompared: ['timesWithinWindow', ...RARE] });
  });

  it('unmapped ids cannot be distinguished', () => {
    const found = cover(COMPARED, { mapped: { uids: [], gids: [] } });
    expect(found).toMatchObject({ scope: 'asked for', uncompared: ['owner', 'group', ...RARE] });
  });

  it.for([
    [{ ownershipNotKept: 2 }, 2],
    [{ ownershipUnverified: 3 }, 3],
    [{ ownershipNotKept: 1, ownershipUnverified: 4 }, 4],
  ] as const)('owners that could not be set: %j', ([counts, otherOwners]) => {
    expect(cover({ ...COMPARED, ...counts })).toMatchObject({ scope: 'asked for', otherOwners });
  });
});
