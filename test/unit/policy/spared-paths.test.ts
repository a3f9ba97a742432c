import { describe, expect, test } from 'vitest';
import type { RunFile, RunFiles, SparedPath } from '../../../src/model/run/run-file.ts';
import {
  describeSpared,
  inodesOn,
  isMovedByRun,
  isSillyName,
  isUnfinishedName,
  leadsToRunFile,
  lowBits,
  mayBeSilly,
  runFileNamed,
  runFileOf,
  runFilesIn,
} from '../../../src/policy/spared-paths.ts';

const LOGS = { device: 1, inode: 10n };
const REPORTS = { device: 1, inode: 20n };
const STATE = { device: 2, inode: 10n };

const LOG: RunFile = {
  what: '--log-file',
  use: 'appended',
  directory: LOGS,
  name: 'run.log',
  found: { device: 1, inode: 11n },
};
const REPORT: RunFile = {
  what: '--report',
  use: 'replaced',
  directory: REPORTS,
  name: 'r.html',
  found: undefined,
};
const HISTORY: RunFile = {
  what: '--state-dir',
  use: 'fixed',
  directory: STATE,
  name: 'history',
  found: { device: 2, inode: 0xf_0000_000bn },
};
const ALL: RunFiles = { files: [LOG, REPORT, HISTORY], above: [LOGS, { device: 2, inode: 2n }] };

test('files in a directory are found by its device and inode', () => {
  expect(runFilesIn(ALL, LOGS)).toEqual([LOG]);
  expect(runFilesIn(ALL, STATE)).toEqual([HISTORY]);
  expect(runFilesIn(ALL, { device: 1, inode: 11n })).toEqual([]);
  expect(runFilesIn(ALL, { device: 3, inode: 10n })).toEqual([]);
});

describe('by name', () => {
  test.each([
    'run.log',
    'run.log.1',
    'run.log.12',
    'run.log.2.gz',
    'run.log-20260131',
    'run.log-20260131-1769817600.zst',
  ])('%s is the log, or was', (name) => expect(runFileNamed([LOG], name)).toBe(LOG));

  test.each(['gz', 'bz2', 'xz', 'zst', 'lz4', 'Z'])('.1.%s was the log', (end) => {
    expect(runFileNamed([LOG], `run.log.1.${end}`)).toBe(LOG);
  });

  test.each([
    'run',
    'run.logs',
    'run.log.old',
    'run.log.1.txt',
    'run.log1',
    'run.log.1.gz.1',
    'run.log.',
    'run.log-2026-',
    'xrun.log.1',
    'Run.log',
    'run.lo.1',
    '.1',
    'r.html',
    '.0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f.efs-sync',
  ])('%s is an unrelated file beside the log', (name) => expect(runFileNamed([LOG], name)).toBeUndefined());

  test('a replaced file has a temporary name until it is complete', () => {
    expect(runFileNamed([REPORT], 'r.html')).toBe(REPORT);
    expect(runFileNamed([REPORT], '.0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f.efs-sync')).toBe(REPORT);
    expect(runFileNamed([REPORT], 'r.html.1')).toBeUndefined();
    expect(runFileNamed([REPORT], '.efs-sync')).toBeUndefined();
  });

  test('a file that is never renamed has one name', () => {
    expect(runFileNamed([HISTORY], 'history')).toBe(HISTORY);
    expect(runFileNamed([HISTORY], 'history.1')).toBeUndefined();
    expect(runFileNamed([HISTORY], '.0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f.efs-sync')).toBeUndefined();
  });

  test('each of several files is found', () => {
    expect(runFileNamed([LOG, REPORT], 'r.html')).toBe(REPORT);
    expect(runFileNamed([], 'run.log')).toBeUndefined();
  });
});

test.each([
  ['.0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f.efs-sync', true],
  ['0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f.efs-sync', false],
  ['x.0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f.efs-sync', false],
  ['.0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f.efs-sync.x', false],
  ['.0a1b2c3d-0a1b-0a1b-0a1b2c3d4e5f.efs-sync', false],
  ['.0a1b2c3g-0a1b-0a1b-0a1b-0a1b2c3d4e5f.efs-sync', false],
])('%s is incomplete: %s', (name, is) => expect(isUnfinishedName(name)).toBe(is));

test('by inode, whatever the name', () => {
  expect(runFileOf(ALL, { device: 1, inode: 11n })).toBe(LOG);
  expect(runFileOf(ALL, { device: 2, inode: 11n })).toBeUndefined();
  expect(runFileOf(ALL, { device: 2, inode: 0xf_0000_000bn })).toBe(HISTORY);
  expect(runFileOf(ALL, REPORTS)).toBeUndefined();
});

test('halves of inode numbers, by device', () => {
  expect(inodesOn(ALL, 1)).toEqual(new Set([11]));
  expect(inodesOn(ALL, 2)).toEqual(new Set([11]));
  expect(inodesOn(ALL, 3)).toBeUndefined();
  expect(inodesOn({ files: [REPORT], above: [] }, 1)).toBeUndefined();
  expect(lowBits(0xf_ffff_fffen)).toBe(0xffff_fffe);
});

test('directories above', () => {
  expect(leadsToRunFile(ALL, LOGS)).toBe(true);
  expect(leadsToRunFile(ALL, { device: 2, inode: 2n })).toBe(true);
  expect(leadsToRunFile(ALL, REPORTS)).toBe(false);
});

test('names appear and disappear if files are appended to or replaced', () => {
  expect(isMovedByRun(ALL, LOGS)).toBe(true);
  expect(isMovedByRun(ALL, REPORTS)).toBe(true);
  expect(isMovedByRun(ALL, STATE)).toBe(false);
  expect(isMovedByRun(ALL, { device: 9, inode: 9n })).toBe(false);
});

const NAME = '.nfs00000000000abcde0000001f';
const INODE = 0xabcden;

describe('a name of the NFS client', () => {
  test('holds the number of the file', () => {
    expect(mayBeSilly(NAME)).toBe(true);
    expect(isSillyName(NAME, INODE)).toBe(true);
    expect(isSillyName('.nfsffffffffffffffff00000000', 2n ** 64n - 1n)).toBe(true);
  });

  test.each([INODE + 1n, INODE - 1n, 0x1fn, 0n])('with another number is that of a copy: %s', (inode) => {
    expect(isSillyName(NAME, inode)).toBe(false);
  });

  test.each([
    '.nfs00000000000abcde0000001',
    '.nfs00000000000abcde0000001f0',
    'xnfs00000000000abcde0000001f',
    'x.nfs00000000000abcde0000001f',
    '.nfs',
    '',
  ])('is not %s', (name) => {
    expect(mayBeSilly(name)).toBe(false);
    expect(isSillyName(name, INODE)).toBe(false);
  });

  test.each(['.nfs00000000000ABCDE0000001f', '.nfs00000000000abcde0000001g', '.nfs 0000000000abcde0000001f'])(
    'is not %s either, of the same length',
    (name) => expect(isSillyName(name, INODE)).toBe(false),
  );
});

const LOG_PATH: SparedPath = { side: 'destination', path: 'logs/run.log', what: '--log-file' };
const STATE_PATH: SparedPath = { side: 'source', path: 'a\nb', what: '--state-dir' };
const OPEN: SparedPath = { side: 'destination', path: '.nfs1', what: undefined };

test('nothing is said of nothing', () => expect(describeSpared([])).toEqual([]));

test('each with its side and what it is, by path', () => {
  expect(describeSpared([LOG_PATH, STATE_PATH])).toEqual([
    'skipped because this run uses them: a\\#012b in the source (--state-dir), logs/run.log in the destination (--log-file)',
  ]);
});

test('files that are open are another matter', () => {
  expect(describeSpared([OPEN, LOG_PATH])).toEqual([
    'skipped because this run uses them: logs/run.log in the destination (--log-file)',
    'skipped because they are deleted files that a process still has open: .nfs1 in the destination',
  ]);
});

test.each([
  [10, ''],
  [11, ' and 1 more'],
  [25, ' and 15 more'],
])('of %s at most ten are named', (count, end) => {
  const paths = Array.from({ length: count }, (_, index) => ({ ...OPEN, path: `n${index}` }));
  const [text = ''] = describeSpared(paths);
  expect(text.split(', ')).toHaveLength(10);
  expect(text.endsWith(`in the destination${end}`)).toBe(true);
});
