/** What a run is told of its hard links: files that are split, contents that are left, changes of a dry run. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Run, createRunSpools, type RunSpools } from '../../../src/engine/context/run.ts';
import { leftKey } from '../../../src/engine/messages/left-names.ts';
import { lastName, parentPath } from '../../../src/filesystem/root.ts';
import { Difference } from '../../../src/model/change.ts';
import type { LinkLimit } from '../../../src/phases/resolve-links.ts';
import { nameHash } from '../../../src/policy/compare/fingerprint.ts';
import { lines, resolveNames, type LinkedName, type Resolved } from '../../support/link-records.ts';
import { ON_DISK } from '../../support/open-files.ts';
import { partsOfRun, type RunParts } from '../../support/run-parts.ts';

const { missing } = Difference;
const NO_LIMIT: LinkLimit = { limit: Infinity, isReason: true };

let spools: RunSpools;

beforeEach(async () => {
  spools = await createRunSpools(ON_DISK);
});
afterEach(async () => spools.close());

function runOf(settings: RunParts['settings'] = {}): ReturnType<typeof partsOfRun> {
  return partsOfRun({ spools, settings });
}

function resolve(names: readonly LinkedName[], run: Run, limits = NO_LIMIT): Resolved {
  return resolveNames(run, names, limits, []);
}

function keyOf(path: string): bigint {
  return leftKey(parentPath(path), nameHash(lastName(path)));
}

describe('more names than one file may have', () => {
  const names = ['a', 'b', 'c', 'd', 'e'].map((path) => ({ path, inode: 1 }));

  it('become several files, which is reported once', () => {
    const { run, told } = runOf();
    const limits = { limit: 2, isReason: true };
    expect(lines(resolve(names, run, limits))).toEqual([
      'write a',
      'write c',
      'write e',
      'link b -> a',
      'link d -> c',
    ]);
    resolve(names, run, limits);
    expect(told.splits).toEqual([{ path: 'a', names: 5, files: 3, limit: 2 }]);
    expect(run.counters.totals().linkGroupsSplit).toBe(1);
  });

  it('do not blame an unrelated limit', () => {
    const { run, told } = runOf();
    resolve(names, run, { limit: 3, isReason: false });
    expect(told.splits).toEqual([{ path: 'a', names: 5, files: 2 }]);
  });

  it('that were refused make one more file, counted over all names of the source', () => {
    const { run, told } = runOf();
    const refused = ['d', 'e'].map((path) => ({
      path,
      inode: 1,
      wasRefused: true,
      source: { linkCount: 5 },
    }));
    resolve(refused, run, { limit: 3, isReason: true });
    expect(told.splits).toEqual([{ path: 'd', names: 5, files: 2, limit: 3 }]);
  });
});

describe('--size-only', () => {
  it('leaves the content of names whose file stays, but not of names whose file is written', () => {
    const names = [
      { path: 'd/a', inode: 1, there: 10 },
      { path: 'd/b', inode: 1 },
      { path: 'd/c', inode: 2 },
      { path: 'd/e', inode: 2 },
    ];
    const { run } = runOf({ sizeOnly: true });
    resolve(names, run);
    expect(run.results.leftLinks).toEqual(new Set([keyOf('d/a'), keyOf('d/b')]));
    const plain = runOf().run;
    resolve(names, plain);
    expect(plain.results.leftLinks.size).toBe(0);
  });
});

describe('a dry run', () => {
  const names = [
    { path: 'd/a', inode: 1, differences: missing, source: { sizeBytes: 7 } },
    { path: 'b', inode: 1, differences: missing },
  ];

  it('lists each change, with the target of a link', () => {
    const { run, told } = runOf({ listChanges: true, dryRun: true });
    resolve(names, run);
    expect(told.changes).toEqual([
      { itemized: '>f+++++++++', path: 'b', sizeBytes: 5 },
      { itemized: 'hf+++++++++', path: 'd/a', sizeBytes: 7, linkedTo: 'b' },
    ]);
  });

  it.each([
    ['nobody asked for a list', { dryRun: true }],
    ['the changes will be made', { listChanges: true }],
  ])('lists nothing if %s', (_, settings) => {
    const { run, told } = runOf(settings);
    resolve(names, run);
    expect(told.changes).toEqual([]);
  });
});
