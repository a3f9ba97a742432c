/** What statx tells of an entry: what is counted, noted, left alone, found as a directory, or to be done. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PlanWriter } from '../../../../src/engine/plan/plan-writer.ts';
import { NOTHING_SPARED } from '../../../../src/engine/march/spare.ts';
import { EMPTY_LISTING } from '../../../../src/filesystem/list-directory.ts';
import { Difference } from '../../../../src/model/change.ts';
import { LARGEST_SIZE_BYTES, type Entry } from '../../../../src/model/entry.ts';
import type { Settings } from '../../../../src/model/settings.ts';
import {
  examineEntry,
  isLinked,
  type ExaminedEntry,
  type NamedEntry,
} from '../../../../src/phases/preparing/examine-entry.ts';
import type { EntryPlace } from '../../../../src/phases/preparing/preparing-scope.ts';
import { stateHash } from '../../../../src/policy/compare/fingerprint.ts';
import { DIRECTORY, entryOf, FIFO, SYMLINK } from '../../../support/entries.ts';
import { makeTwoTrees, type TwoTrees } from '../../../support/march-context.ts';
import { prepare, type Preparation } from '../../../support/preparing.ts';

const { kind, missing, mtime, size } = Difference;

let trees: TwoTrees;

beforeEach(async () => {
  trees = await makeTwoTrees();
});
afterEach(async () => trees.remove());

interface Examined extends Preparation {
  readonly place: EntryPlace;
  readonly examined: ExaminedEntry | undefined;
  /** The counters that are not 0. */
  readonly counts: Readonly<Record<string, number>>;
}

interface Stated {
  readonly presence?: NamedEntry['presence'];
  readonly source?: Partial<Entry>;
  /** `same`: equal to the source. */
  readonly destination?: Partial<Entry> | 'same';
  readonly settings?: Partial<Settings>;
  readonly keepsExtraneous?: boolean;
}

/** Examines `d/name`. */
function examine({ keepsExtraneous = false, settings = {}, ...stated }: Stated): Examined {
  const preparation = prepare(trees, 'd', {
    settings: { collectStatistics: true, ...settings },
  });
  const source = entryOf(stated.source);
  const other = stated.destination === 'same' ? source : stated.destination && entryOf(stated.destination);
  const side = { entry: entryOf({ mode: DIRECTORY }), listing: EMPTY_LISTING, isOutside: false };
  const place: EntryPlace = {
    sides: {
      path: 'd',
      source: { ...side, directory: undefined, spared: NOTHING_SPARED },
      destination: undefined,
      keepsExtraneous,
      rank: undefined,
      missingFrom: undefined,
      isOtherKind: false,
    },
    section: new PlanWriter().section({ directoryPath: 'd', directoryNames: 1 }),
    fingerprints: preparation.fingerprints,
    touch: { isTouched: false, hasLinks: false },
    rivals: undefined,
  };
  const named = { name: 'name', presence: stated.presence ?? (other === undefined ? 'source' : 'both') };
  const examined = examineEntry(preparation.unit, place, {
    named,
    source,
    destination: other,
    isUnsafe: false,
  });
  const totals = Object.entries(preparation.unit.context.counters.totals());
  return { ...preparation, place, examined, counts: Object.fromEntries(totals.filter(([, n]) => n > 0)) };
}

const FILE = { sourceEntries: 1, sourceFiles: 1, sourceBytes: 5 };

describe('an entry to sync', () => {
  it.each<[string, Stated, number]>([
    ['is missing', {}, missing],
    ['differs', { destination: { sizeBytes: 6, mtimeSec: 1 } }, size | mtime],
    ['has a directory in its place', { presence: 'directory' }, kind],
    ['is of another kind', { destination: { mode: SYMLINK } }, kind],
  ])('is planned if it %s, and is counted and recorded', (_, stated, differences) => {
    const { examined, counts, noted } = examine(stated);
    expect(examined).toMatchObject({ name: 'name', source: entryOf(), differences });
    expect(counts).toEqual(FILE);
    expect(noted('name')).toEqual({ states: [stateHash(entryOf())], isLeft: false });
  });

  it('is done if nothing differs', () => {
    const { examined, counts, noted } = examine({ destination: 'same' });
    expect([examined, counts, noted('name').isLeft]).toEqual([undefined, FILE, false]);
  });

  it('is done with --size-only, and its content is left alone', () => {
    const { examined, counts, noted } = examine({ destination: 'same', settings: { sizeOnly: true } });
    expect([examined, counts, noted('name').isLeft]).toEqual([undefined, FILE, true]);
  });

  it.each<[string, Stated]>([
    ['is to be read', { destination: 'same', settings: { checksum: true } }],
    ['is a symbolic link, whose target is read', { destination: 'same', source: { mode: SYMLINK } }],
    ['has other names in the source', { destination: 'same', source: { linkCount: 2 } }],
    ['has other names at the destination', { destination: { linkCount: 2 } }],
  ])('is not done yet if it %s', (_, stated) => {
    expect(examine(stated).examined).toMatchObject({ differences: 0 });
  });

  it('is refused if its size is too large to count', () => {
    const stated = { source: { sizeBytes: LARGEST_SIZE_BYTES + 1 } };
    expect(() => examine(stated)).toThrow(expect.objectContaining({ code: 'EFBIG' }));
  });
});

const sizesOf = (source: Partial<Entry>): unknown =>
  examine({ source }).unit.context.fileSizes.preparing?.classes();

describe('the counts of the source', () => {
  it('only files count by size', () => {
    expect(sizesOf({ sizeBytes: 7 })).toEqual([{ largestBytes: 1024, files: 1, bytes: 7 }]);
    expect(sizesOf({ mode: SYMLINK })).toEqual([]);
  });

  it.each<[string, Partial<Entry>, object]>([
    ['a file', {}, FILE],
    ['a symbolic link', { mode: SYMLINK }, { sourceEntries: 1, sourceSymlinks: 1 }],
    ['a FIFO', { mode: FIFO }, { sourceEntries: 1, sourceSpecials: 1 }],
  ])('%s', (_, source, counts) => {
    const settings = { preserve: { ...trees.context().settings.preserve, specials: true } };
    expect(examine({ source, settings }).counts).toEqual(counts);
  });
});

describe('an entry that the options leave alone', () => {
  it.each<[string, Stated, string, string[]]>([
    ['by its size', { settings: { maxSizeBytes: 4 } }, 'tooLargeFiles', []],
    ['by its kind, which is told', { source: { mode: FIFO } }, 'specialFilesLeft', ['d/name']],
  ])('%s is not recorded as left alone: Verifying sees its own entry', (_, stated, counter, skipped) => {
    const { examined, counts, unit, noted } = examine({ ...stated, destination: { sizeBytes: 9 } });
    expect(examined).toBeUndefined();
    expect(counts).toMatchObject({ [counter]: 1, sourceEntries: 1 });
    expect(unit.findings.skipped).toEqual(skipped);
    expect(noted('name').isLeft).toBe(false);
  });

  it.each<[string, Stated, string]>([
    ['missing there', { settings: { existingOnly: true } }, 'absentEntriesLeft'],
    [
      'there already',
      { destination: { sizeBytes: 9 }, settings: { overwrite: 'never' } },
      'existingEntriesLeft',
    ],
    [
      'newer there',
      { destination: { mtimeSec: 1_700_000_000 }, settings: { overwrite: 'older' } },
      'newerFilesLeft',
    ],
    ['a directory there', { presence: 'directory', settings: { overwrite: 'never' } }, 'existingEntriesLeft'],
  ])('that is %s is counted and recorded as left alone', (_, stated, counter) => {
    const { examined, counts, noted } = examine(stated);
    expect([examined, counts]).toEqual([undefined, { ...FILE, [counter]: 1 }]);
    expect(noted('name')).toMatchObject({ isLeft: true });
  });

  it('is planned if a directory has its name, which must be replaced', () => {
    const settings = { overwrite: 'older', existingOnly: true } as const;
    expect(examine({ presence: 'directory', settings }).examined).toMatchObject({ differences: kind });
  });
});

describe('an entry that was listed as a file, but is a directory', () => {
  const source = { mode: DIRECTORY };

  it.each<[string, Stated, object]>([
    ['new', { keepsExtraneous: true }, { sides: 'source', keepsExtraneous: true }],
    ['in place of something else', { destination: {} }, { sides: 'source', keepsExtraneous: false }],
    ['on both sides', { presence: 'directory' }, { sides: 'both', keepsExtraneous: false }],
    [
      'on both sides, with options that leave alone what is absent or exists',
      {
        presence: 'directory',
        settings: { existingOnly: true, overwrite: 'never' },
      },
      { sides: 'both', keepsExtraneous: false },
    ],
  ])('is found, %s, and counted on its visit', (_, stated, task) => {
    const { examined, found, counts, place } = examine({ ...stated, source });
    expect(examined).toBeUndefined();
    expect(found).toEqual([{ path: 'd/name', makesWay: false, ...task }]);
    expect(counts).toEqual({});
    expect(place.touch.isTouched).toBe(true);
  });

  it.each<[string, Stated, string]>([
    ['absent', { settings: { existingOnly: true } }, 'absentEntriesLeft'],
    ['of another kind', { destination: {}, settings: { overwrite: 'never' } }, 'existingEntriesLeft'],
  ])("is left alone if the destination's is %s", (_, stated, counter) => {
    const { found, counts, place, noted } = examine({ ...stated, source });
    expect([found, counts]).toEqual([[], { [counter]: 1 }]);
    expect(noted('name').isLeft).toBe(true);
    expect(place.touch.isTouched).toBe(false);
  });
});

it.each([
  [1, undefined, false],
  [2, undefined, true],
  [1, 1, false],
  [1, 2, true],
])('%d names in the source and %s at the destination: linked, %j', (here, there, expected) => {
  const destination = there === undefined ? undefined : entryOf({ linkCount: there });
  const source = entryOf({ linkCount: here });
  expect(isLinked({ name: 'name', source, destination, differences: 0 })).toBe(expected);
});
