/** Which names of a file with several are written, adjusted or linked, and to which other name. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunSpools, type RunSpools } from '../../../src/engine/context/run.ts';
import { Difference } from '../../../src/model/change.ts';
import type { LinkLimit } from '../../../src/phases/resolve-links.ts';
import {
  lines,
  resolveNames,
  sectionsAt,
  type LinkedName,
  type Resolved,
} from '../../support/link-records.ts';
import { ON_DISK } from '../../support/open-files.ts';
import { partsOfRun, type RunParts } from '../../support/run-parts.ts';

const { linkGroup, mode, missing, name: rival } = Difference;
const NO_LIMIT: LinkLimit = { limit: Infinity, isReason: true };

let spools: RunSpools;

beforeEach(async () => {
  spools = await createRunSpools(ON_DISK);
});
afterEach(async () => spools.close());

function runOf(settings: RunParts['settings'] = {}): ReturnType<typeof partsOfRun> {
  return partsOfRun({ spools, settings });
}

function resolve(
  names: readonly LinkedName[],
  run = runOf().run,
  limits = NO_LIMIT,
  claimed: readonly string[] = [],
): Resolved {
  return resolveNames(run, names, limits, claimed);
}

describe('a group', () => {
  it.each<[string, LinkedName[], string[]]>([
    [
      'that is new is written once, under its first name by path',
      [
        { path: 'd/c', inode: 1 },
        { path: 'a', inode: 1 },
        { path: 'd/b', inode: 1 },
      ],
      ['write a', 'link d/b -> a', 'link d/c -> a'],
    ],
    [
      'takes in its new names where it stays, and is not written',
      [
        { path: 'a', inode: 1 },
        { path: 'b', inode: 1, there: 10 },
      ],
      ['link a -> b'],
    ],
    [
      'is adjusted where only its metadata differs',
      [
        { path: 'a', inode: 1, there: 10, differences: mode },
        { path: 'b', inode: 1, there: 10, differences: mode },
      ],
      ['adjust a'],
    ],
    [
      'keeps the file with most names',
      [
        { path: 'a', inode: 1, there: 10 },
        { path: 'b', inode: 1, there: 20 },
        { path: 'c', inode: 1, there: 20 },
      ],
      ['link a -> b'],
    ],
    [
      'is written anew where its content differs',
      [
        { path: 'a', inode: 1, there: 10, action: 'write' },
        { path: 'b', inode: 1, there: 10, action: 'write' },
      ],
      ['write a', 'link b -> a'],
    ],
    [
      'never keeps a file that another group has kept',
      [
        { path: 'a', inode: 1, there: 10 },
        { path: 'b', inode: 2, there: 10 },
        { path: 'c', inode: 2, there: 10 },
      ],
      ['write b', 'link c -> b'],
    ],
  ])('%s', (_, names, expected) => {
    const resolved = resolve(names);
    expect(lines(resolved)).toEqual(expected);
  });

  it('never keeps a file that another group claimed, and claims the one that it keeps', () => {
    const names = [
      { path: 'a', inode: 1, there: 10 },
      { path: 'b', inode: 2, there: 20 },
      { path: 'c', inode: 3 },
    ];
    const resolved = resolve(names, runOf().run, NO_LIMIT, ['1:10']);
    expect(lines(resolved)).toEqual(['write a', 'write c']);
    expect([...resolved.plan.claimedInodes]).toEqual(['1:10', '1:20']);
  });

  it('keeps a file of the same number on another device', () => {
    const names = [{ path: 'a', inode: 1, there: 10, device: 2 }];
    expect(lines(resolve(names, runOf().run, NO_LIMIT, ['1:10']))).toEqual([]);
  });

  it('marks a change as one of a link, and a link with the inode before the write', () => {
    const { sections, linkSections } = resolve([
      { path: 'a', inode: 1, there: 10, action: 'write', differences: missing },
      { path: 'b', inode: 1, differences: mode },
    ]);
    expect(sections[0]?.changes).toMatchObject([{ name: 'a', differences: missing | linkGroup }]);
    expect(linkSections[0]?.changes).toMatchObject([
      { name: 'b', differences: mode | linkGroup, staleInode: 10n },
    ]);
  });

  it('waits for no write if its file stays', () => {
    const { linkSections } = resolve([
      { path: 'a', inode: 1, there: 10 },
      { path: 'b', inode: 1 },
    ]);
    expect(linkSections[0]?.changes).toMatchObject([{ name: 'b', leaderPath: 'a', staleInode: 0n }]);
  });

  it('is led by no name that may conflict at the destination', () => {
    const names = [
      { path: 'a', inode: 1, differences: rival | missing },
      { path: 'b', inode: 1, differences: missing },
      { path: 'c', inode: 1, differences: missing },
    ];
    expect(lines(resolve(names))).toEqual(['write b', 'link c -> b', 'link a -> b']);
  });
});

describe('the plan', () => {
  it('has no links left, and counts the work', () => {
    const { run, told } = runOf();
    const { plan, added } = resolve(
      [
        { path: 'a', inode: 1, source: { sizeBytes: 7 } },
        { path: 'b', inode: 1 },
        { path: 'c', inode: 2, there: 10, differences: mode },
      ],
      run,
    );
    expect(plan.links.count).toBe(0);
    expect(told.splits).toEqual([]);
    expect(plan.sections.slice(0, Infinity)).toEqual(added?.sections.slice(0, Infinity));
    expect(plan.linkSections.slice(0, Infinity)).toEqual(added?.linkSections.slice(0, Infinity));
    expect(run.counters.totals()).toMatchObject({
      filesToTransfer: 1,
      bytesToTransfer: 7,
      entriesToLink: 1,
      entriesToAdjust: 1,
    });
  });

  it('is unchanged if there are none', () => {
    expect(resolve([]).added).toBeUndefined();
  });

  it('has one section for consecutive changes of a directory', () => {
    const names = [
      { path: 'd/a', inode: 1 },
      { path: 'd/b', inode: 2 },
      { path: 'e/c', inode: 3 },
    ];
    const { sections } = resolve(names);
    expect(sections.map(({ directoryPath, changes }) => [directoryPath, changes.length])).toEqual([
      ['d', 2],
      ['e', 1],
    ]);
  });

  it('keeps the records of the last spool', () => {
    const { run } = runOf();
    const { added } = resolve([{ path: 'a', inode: 1 }], run);
    resolve([{ path: 'other', inode: 2 }], run);
    const [first] = sectionsAt(run, added?.sections);
    expect(first?.changes).toMatchObject([{ name: 'a' }]);
  });
});
