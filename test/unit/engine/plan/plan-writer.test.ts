import { describe, expect, it } from 'vitest';
import type { Change } from '../../../../src/model/change.ts';
import { BinaryReader } from '../../../../src/engine/plan/binary.ts';
import { readDirectoryRecord } from '../../../../src/engine/plan/records.ts';
import { Plan } from '../../../../src/engine/plan/plan.ts';
import { PlanSpool } from '../../../../src/engine/plan/plan-spool.ts';
import { PlanWriter, type PlanPart, type PlanRecords } from '../../../../src/engine/plan/plan-writer.ts';
import { refsIn, type RecordRef, type RecordRefs } from '../../../../src/engine/plan/record-refs.ts';
import { readSection, type PlannedChange, type Section } from '../../../../src/engine/plan/section.ts';
import { createSpool } from '../../../../src/filesystem/spool.ts';
import { entryOf, SYMLINK } from '../../../support/entries.ts';
import { ON_DISK } from '../../../support/open-files.ts';

const MIB = 1024 * 1024;
const DIRECTORY = { mountId: 1, device: 2, inode: 3n };

/** Reads the records that a unit has made. */
function readerIn({ chunks }: PlanRecords): (ref: RecordRef) => BinaryReader {
  const bytes = Buffer.concat(chunks);
  return ({ offset, lengthBytes }) => new BinaryReader(bytes.subarray(offset, offset + lengthBytes));
}

function writeOf(index: number, sizeBytes = 0): PlannedChange {
  return {
    action: 'write',
    name: `file ${index}`,
    differences: 1,
    source: entryOf({ sizeBytes }),
    leaderPath: '',
    staleInode: 0n,
  };
}

/** The sections that the changes of one directory are cut into, each with its weight. */
function sectionsOf(changes: readonly Change[]): { section: Section; weight: number }[] {
  const writer = new PlanWriter();
  const section = writer.section({ directoryPath: 'some/where', directoryNames: 9 });
  for (const change of changes) section.add(change);
  section.end();
  section.end();
  const records = writer.takeRecords();
  const read = readerIn(records);
  return [...refsIn(records.refs.sections)].map((ref) => ({
    section: readSection(read(ref)),
    weight: ref.weight,
  }));
}

describe('a section', () => {
  it.each([
    ['nothing, no section', 0, 0, []],
    ['one change', 1, 0, [1]],
    ['as many as it holds', 256, 0, [256]],
    ['one more', 257, 0, [256, 1]],
    ['many', 1000, 0, [256, 256, 256, 232]],
    ['small files count by number', 600, 4096, [256, 256, 88]],
    ['files of 1 MiB count by size', 70, MIB, [32, 32, 6]],
    ['a file larger than a section has one alone', 3, 40 * MIB, [1, 1, 1]],
  ])('holds %s', (_, count, sizeBytes, lengths) => {
    const changes = Array.from({ length: count }, (__, index) => writeOf(index, sizeBytes));
    const sections = sectionsOf(changes);
    expect(sections.map(({ section }) => section.changes.length)).toEqual(lengths);
    expect(sections.flatMap(({ section }) => section.changes)).toEqual(changes);
    for (const { section } of sections) {
      expect(section).toMatchObject({ directoryPath: 'some/where' });
    }
  });

  it('weighs the bytes to write, and something for each change', () => {
    const [one] = sectionsOf([writeOf(0, MIB)]);
    const [two] = sectionsOf([writeOf(0, MIB), writeOf(1, MIB)]);
    expect(one?.weight).toBeGreaterThan(MIB);
    expect(two?.weight).toBe(2 * (one?.weight ?? 0));
    const [adjusted] = sectionsOf([{ ...writeOf(0, MIB), action: 'adjust' }]);
    const [link] = sectionsOf([{ ...writeOf(0), source: entryOf({ mode: SYMLINK, sizeBytes: MIB }) }]);
    expect(adjusted?.weight).toBe((one?.weight ?? 0) - MIB);
    expect(link?.weight).toBe(adjusted?.weight);
  });
});

describe('a section that makes its directory', () => {
  const source = entryOf({ mode: 0o40751 });
  const ended = (count: number) => {
    const writer = new PlanWriter();
    const section = writer.section({ directoryPath: 'new', directoryNames: count });
    for (let index = 0; index < count; index++) section.add(writeOf(index));
    const makes = section.endMaking(source);
    section.end();
    const records = writer.takeRecords();
    const read = readerIn(records);
    const sections = [...refsIn(records.refs.sections)].map((ref) => readSection(read(ref)));
    return { makes, sections };
  };

  it.each([1, 255])('has all of its %i changes', (count) => {
    const { makes, sections } = ended(count);
    expect(makes).toBe(true);
    expect(sections).toHaveLength(1);
    expect(sections[0]?.makes).toEqual(source);
    expect(sections[0]?.changes).toHaveLength(count);
  });

  it.each([
    ['nothing is to be written', 0],
    ['it is cut', 256],
    ['it is cut, and more follows', 300],
  ])('there is none where %s', (_, count) => {
    const { makes, sections } = ended(count);
    expect(makes).toBe(false);
    expect(sections.map((section) => section.makes).filter(Boolean)).toEqual([]);
    expect(sections.flatMap(({ changes }) => changes)).toHaveLength(count);
  });
});

/** One record of each part: what the writer is told, and where it ends. */
function writeEverything(writer: PlanWriter): void {
  for (const [action, path] of [
    ['create', 'a/b'],
    ['makeWay', 'a/b/c'],
    ['finish', ''],
    ['remove', 'a'],
    ['claim', 'a/c'],
  ] as const) {
    writer.directory({ action, path, differences: 0, entry: entryOf() });
  }
  writer.removal('removals', {
    directoryPath: 'r',
    areTemporaries: false,
    directory: DIRECTORY,
    names: ['1', '2'],
    made: [],
  });
  writer.removal('makeWayRemovals', {
    directoryPath: 'm',
    areTemporaries: false,
    directory: DIRECTORY,
    names: ['3'],
    made: [],
  });
  for (const part of ['sections', 'linkSections'] as const) {
    const section = writer.section({ directoryPath: part, directoryNames: 0 }, part);
    section.add(writeOf(1), { leaderPath: 'leader', staleInode: 0n });
    section.end();
  }
  writer.respelling({ directoryPath: 'a', respelled: [{ listed: 'x', name: 'X' }] });
  const link = { directoryPath: '', change: writeOf(2) };
  writer.link({ ...link, destinationInode: 0n, destinationDevice: 0, wasRefused: false });
  const movable = { directoryPath: 'm', name: 'old', entry: entryOf() };
  writer.movable(movable);
  writer.movePair({ index: 0, isDoubtful: false, source: movable, destination: movable });
}

describe('PlanWriter', () => {
  it('sorts records into the parts of the plan', () => {
    const writer = new PlanWriter();
    writeEverything(writer);
    const { refs } = writer.takeRecords();
    const counts = Object.entries(refs).map(([part, packed]) => [
      part as PlanPart,
      [...refsIn(packed)].length,
    ]);
    expect(Object.fromEntries(counts)).toEqual({
      sections: 1,
      linkSections: 1,
      removals: 1,
      directories: 3,
      makeWayRemovals: 1,
      makeWayDirectories: 1,
      respellings: 1,
      claims: 1,
      links: 1,
      movable: 1,
      movePairs: 1,
    });
    expect([...refsIn(refs.removals)][0]?.weight).toBe(2);
  });

  it('gives each record once', () => {
    const writer = new PlanWriter();
    writeEverything(writer);
    writer.takeRecords();
    const { chunks, refs } = writer.takeRecords();
    for (const packed of Object.values(refs)) expect(packed).toHaveLength(0);
    expect(chunks).toEqual([]);
  });
});

describe('Plan', () => {
  it('takes the parts of every unit, directories by their depth', async () => {
    const spool = await createSpool(ON_DISK);
    const records = new PlanSpool(spool);
    const plan = new Plan(records);
    for (let unit = 0; unit < 2; unit++) {
      const writer = new PlanWriter();
      writeEverything(writer);
      plan.take(writer.takeRecords());
    }
    const { sections, linkSections, removals, makeWayRemovals, links } = plan;
    const parts = [sections, linkSections, removals, makeWayRemovals, links];
    expect(parts.map((part) => part.count)).toEqual([2, 2, 2, 2, 2]);
    const paths = (level: RecordRefs) =>
      [...refsIn(level.slice(0, level.count))].map((ref) => readDirectoryRecord(records.read(ref)).path);
    expect(plan.directoryLevels.map(paths)).toEqual([
      ['', ''],
      ['a', 'a'],
      ['a/b', 'a/b'],
    ]);
    expect(plan.claimLevels.map(paths)).toEqual([[], [], ['a/c', 'a/c']]);
    expect(plan.respellingLevels.map(({ count }) => count)).toEqual([0, 2]);
    expect(plan.makeWayLevels.map(paths)).toEqual([[], [], [], ['a/b/c', 'a/b/c']]);
    await spool.close();
  });
});

it.each([
  ['refs', 16 * 1024, 'x'],
  ['bytes', 64, 'x'.repeat(64 * 1024)],
])('is full when it holds as many %s as a unit of work is to give back', (_, most, name) => {
  const writer = new PlanWriter();
  const keepOne = () =>
    writer.removal('removals', {
      directoryPath: '',
      areTemporaries: false,
      directory: DIRECTORY,
      names: [name],
      made: [],
    });
  for (let count = 1; count < most; count++) keepOne();
  expect(writer.isFull).toBe(false);
  keepOne();
  expect(writer.isFull).toBe(true);
  writer.takeRecords();
  expect(writer.isFull).toBe(false);
});
