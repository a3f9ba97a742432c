/** Names that share an inode in the source share one at the destination, and no others do. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunSpools, type RunSpools } from '../../../../src/engine/context/run.ts';
import type { Suspicion } from '../../../../src/engine/messages/findings.ts';
import { parseMounts } from '../../../../src/filesystem/mounts/mounts.ts';
import { Difference } from '../../../../src/model/change.ts';
import { compareLinkGroups } from '../../../../src/phases/verifying/compare-link-groups.ts';
import { stateHash } from '../../../../src/policy/compare/fingerprint.ts';
import { entryOf } from '../../../support/entries.ts';
import { planOf, type LinkedName } from '../../../support/link-records.ts';
import { ON_DISK } from '../../../support/open-files.ts';
import { PROBLEM } from '../../../support/reports.ts';
import { partsOfRun, type RunParts } from '../../../support/run-parts.ts';

let spools: RunSpools;

beforeEach(async () => {
  spools = await createRunSpools(ON_DISK);
});
afterEach(async () => spools.close());

function runOf(parts: Partial<RunParts> = {}): ReturnType<typeof partsOfRun> {
  return partsOfRun({ spools, ...parts });
}

function compare(names: readonly LinkedName[], { run } = runOf()): Suspicion[] {
  return compareLinkGroups(run, planOf(spools, names).links);
}

/** The suspected name, the name it is compared with, and the reason. */
function said(suspicions: readonly Suspicion[]): [string, string | undefined, string][] {
  return suspicions.map(({ verdict, linkedTo }) => [verdict.path, linkedTo?.path, verdict.detail]);
}

const separate = (first: string) => `linked to ${first} in the source, separate at the destination`;
const merged = (owner: string) => `linked to ${owner} at the destination, separate in the source`;

it('reports no groups that are equal on both sides', () => {
  const alike = [
    { path: 'a', inode: 1, there: 10 },
    { path: 'd/b', inode: 1, there: 10 },
    { path: 'c', inode: 2, there: 20 },
    { path: 'e', inode: 2, there: 20 },
  ];
  expect(compare(alike)).toEqual([]);
});

const stateOf = (fields: object): number => stateHash(entryOf({ inode: 1n, linkCount: 2, ...fields }));

describe('names of one file of the source', () => {
  it('are reported if they are not linked to the first of them: names in the root come first', () => {
    const names = [
      { path: 'd/c', inode: 1, there: 10 },
      { path: 'b', inode: 1, there: 20 },
      { path: 'd/a', inode: 1, there: 20 },
      { path: 'z', inode: 1, there: 30 },
    ];
    expect(said(compare(names))).toEqual([
      ['z', 'b', separate('b')],
      ['d/c', 'b', separate('b')],
    ]);
  });

  it('are separate if only the inode number is the same', () => {
    const names = [
      { path: 'a', inode: 1, there: 10, device: 1 },
      { path: 'b', inode: 1, there: 10, device: 2 },
    ];
    expect(said(compare(names))).toEqual([['b', 'a', separate('a')]]);
  });

  it('carry the states of both names, as either may explain it', () => {
    const [one, other] = [{ mtimeSec: 1 }, { mtimeSec: 2 }];
    const [suspicion] = compare([
      { path: 'd/a', inode: 1, there: 10, source: one },
      { path: 'd/b', inode: 1, there: 20, source: other },
    ]);
    expect(suspicion).toEqual({
      verdict: {
        class: 'links differ',
        path: 'd/b',
        differences: Difference.linkGroup,
        detail: separate('d/a'),
      },
      isDirectory: false,
      sourceState: stateOf(other),
      linkedTo: { path: 'd/a', isDirectory: false, sourceState: stateOf(one) },
      preparedState: undefined,
    });
  });

  it('are compared with those that did not fail', () => {
    const run = runOf();
    run.run.results.addProblem({ ...PROBLEM, path: 'a', attempt: 'link' });
    const names = [
      { path: 'a', inode: 1, there: 10 },
      { path: 'b', inode: 1, there: 20 },
      { path: 'c', inode: 1, there: 20 },
      { path: 'e', inode: 1, there: 30 },
    ];
    expect(said(compare(names, run))).toEqual([['e', 'b', separate('b')]]);
    for (const path of ['b', 'c', 'e']) run.run.results.addProblem({ ...PROBLEM, path, attempt: 'link' });
    expect(compare(names, run)).toEqual([]);
  });
});

describe('names of several files of the source', () => {
  it('are reported if they share one at the destination, by path and whatever their inodes', () => {
    const names = [
      { path: 'd/c', inode: 1, there: 10 },
      { path: 'b', inode: 3, there: 10 },
      { path: 'd/a', inode: 2, there: 10 },
      { path: 'other', inode: 4, there: 20 },
    ];
    expect(said(compare(names))).toEqual([
      ['d/a', 'b', merged('b')],
      ['d/c', 'b', merged('b')],
    ]);
  });

  it('come after those that are separate, of which the first may share with others', () => {
    const names = [
      { path: 'a', inode: 1, there: 10 },
      { path: 'b', inode: 1, there: 20 },
      { path: 'c', inode: 2, there: 10 },
      { path: 'e', inode: 3, there: 20 },
    ];
    expect(said(compare(names))).toEqual([
      ['b', 'a', separate('a')],
      ['c', 'a', merged('a')],
    ]);
  });
});

const namesIn = (count: number, there: (index: number) => number): LinkedName[] =>
  Array.from({ length: count }, (_, index) => ({
    path: `n${String(index).padStart(3, '0')}`,
    inode: 1,
    there: there(index),
  }));

describe('a group that the destination cannot hold as one file', () => {
  const LIMIT = 177;
  const [mount] = parseMounts('1 0 0:1 / /mnt rw - nfs4 fs-0a.efs.eu-west-1.amazonaws.com:/ rw');
  it('is explained by the limit, and reported once', () => {
    const run = runOf({ destinationMount: mount });
    const names = namesIn(LIMIT + 1, (index) => (index < LIMIT ? 10 : 20));
    expect(compare(names, run)).toEqual([]);
    expect(run.told.splits).toEqual([{ path: 'n000', names: LIMIT + 1, files: 2, limit: LIMIT }]);
    expect(run.run.counters.totals().linkGroupsSplit).toBe(1);
  });

  it.each([
    ['has more files than the limit asks for', LIMIT + 1, 3],
    ['has no more names than the limit', LIMIT, 2],
  ])('is not explained if it %s', (_, count, files) => {
    const run = runOf({ destinationMount: mount });
    const names = namesIn(count, (index) => Math.min(files, count - index));
    expect(compare(names, run)).toHaveLength(files - 1);
    expect(run.told.splits).toEqual([]);
  });

  it('is explained if Syncing had to split it, and no other group has its files', () => {
    const run = runOf();
    run.run.results.splitGroups.add(`${entryOf().device}:1`);
    const names = [
      { path: 'a', inode: 1, there: 10 },
      { path: 'b', inode: 1, there: 20 },
      { path: 'c', inode: 2, there: 20 },
    ];
    expect(said(compare(names, run))).toEqual([['c', 'b', merged('b')]]);
    expect(run.told.splits).toEqual([]);
  });
});
