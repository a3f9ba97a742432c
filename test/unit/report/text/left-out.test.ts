/** Left-out entries are reported with their number and option, in a fixed order. */
import { test, expect } from 'vitest';
import { leftOutParts, limitsOfSuccess, uncomparedText } from '../../../../src/report/text/left-out.ts';
import type { Coverage } from '../../../../src/model/run/outcome.ts';
import { DEFAULT_SETTINGS as DEFAULT } from '../../../../src/model/settings.ts';
import type { FilterRule } from '../../../../src/model/filter-list.ts';
import { LEFT_ALONE_CAUSES } from '../../../../src/model/tally.ts';

function coverage(count: number, rest: Partial<Coverage> = {}): Coverage {
  return {
    scope: 'asked for',
    content: 'all',
    leftAlone: Object.fromEntries(LEFT_ALONE_CAUSES.map((cause) => [cause, count])) as Coverage['leftAlone'],
    uncompared: [],
    otherOwners: 0,
    ...rest,
  };
}

const SIZES = { ...DEFAULT, minSizeBytes: 10, maxSizeBytes: 1_048_576 };

test('each cause, for one entry', () => {
  expect(leftOutParts(coverage(1), SIZES)).toEqual([
    '1 excluded (filter rules)',
    '1 empty directory (--prune-empty-dirs)',
    '1 file larger than 1.00 MiB (--max-size)',
    '1 file smaller than 10 bytes (--min-size)',
    '1 device, FIFO or socket (no --devices or --specials)',
    '1 symbolic link out of the source (--safe-links)',
    'the contents of 1 mount point (--one-file-system)',
    '1 file newer at the destination (--update)',
    '1 entry already at the destination (--ignore-existing)',
    '1 entry missing at the destination (--existing)',
    '1 file of the same size but different content (--size-only)',
  ]);
});

test('each cause, for many entries, if only Preparing ran and sizes are unknown', () => {
  expect(leftOutParts(coverage(1234, { content: 'none' }))).toEqual([
    '1,234 excluded (filter rules)',
    '1,234 empty directories (--prune-empty-dirs)',
    '1,234 files that are larger (--max-size)',
    '1,234 files that are smaller (--min-size)',
    '1,234 devices, FIFOs or sockets (no --devices or --specials)',
    '1,234 symbolic links out of the source (--safe-links)',
    'the contents of 1,234 mount points (--one-file-system)',
    '1,234 files newer at the destination (--update)',
    '1,234 entries already at the destination (--ignore-existing)',
    '1,234 entries missing at the destination (--existing)',
    '1,234 files of the same size but a different time (--size-only)',
  ]);
});

test('nothing, and lists', () => {
  expect(leftOutParts(coverage(0))).toEqual([]);
  expect(leftOutParts(coverage(0, { listedPaths: 0 }))).toEqual([
    'everything, because the list is empty (--files-from)',
  ]);
  expect(leftOutParts(coverage(0, { listedPaths: 1 }))).toEqual([
    'everything except 1 listed path (--files-from or --relative)',
  ]);
  expect(leftOutParts(coverage(0, { listedPaths: 2 }))).toEqual([
    'everything except 2 listed paths (--files-from or --relative)',
  ]);
});

function rule(pattern: string, action: FilterRule['action'] = 'exclude'): FilterRule {
  return { action, pattern };
}

function parts(filters: FilterRule[]): string | undefined {
  return leftOutParts(coverage(1), { ...DEFAULT, filters })[0];
}

test('rules are listed in order, limited and escaped', () => {
  expect(parts([rule('*/', 'include'), rule('a\n\xff')])).toBe(
    '1 excluded (--include=*/, --exclude=a\\#012\\#377)',
  );
  const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((pattern) => rule(pattern));
  expect(parts(many.slice(0, 6))).toMatch(/--exclude=e, --exclude=f\)$/);
  expect(parts(many)).toMatch(/--exclude=f, 1 more rule\)$/);
  expect(parts([...many, ...many])).toMatch(/--exclude=f, 8 more rules\)$/);
});

test('metadata that was not compared', () => {
  const all = [
    'owner',
    'group',
    'mode',
    'mtime',
    'timesWithinWindow',
    'directoryTimes',
    'linkTimes',
    'atime',
    'xattr',
    'acl',
  ] as const;
  expect(uncomparedText({ uncompared: all })).toBe(
    'owner, group, mode, modification time, times that differ by less than --modify-window, times of directories, times of symbolic links, access time, extended attributes, ACLs',
  );
  expect(uncomparedText({ uncompared: [] })).toBe('');
});

test('in a history', () => {
  expect(limitsOfSuccess(coverage(0, { scope: 'everything', uncompared: ['acl'] }))).toBeUndefined();
  const one = { ...coverage(0).leftAlone, excluded: 1, newer: 2 };
  expect(limitsOfSuccess(coverage(0, { leftAlone: one }))).toBe(
    'left out: 1 excluded (filter rules), 2 files newer at the destination (--update)',
  );
  expect(limitsOfSuccess(coverage(0, { scope: 'nothing', content: 'none' }))).toBe('no files were verified');
  expect(limitsOfSuccess(coverage(0, { scope: 'nothing', content: 'transferred' }))).toBe(
    'no files were verified',
  );
  const owners = { content: 'transferred', uncompared: ['mode', 'acl'], otherOwners: 2 } as const;
  expect(limitsOfSuccess(coverage(0, owners))).toBe(
    'only transferred entries were verified; not compared: mode, ACLs; 2 entries with a different owner',
  );
});
