import { describe, expect, it } from 'vitest';
import type { Change } from '../../../../src/model/change.ts';
import { BinaryReader } from '../../../../src/phases/plan/binary.ts';
import { readDirectoryRecord } from '../../../../src/phases/plan/directory-record.ts';
import { Plan } from '../../../../src/phases/plan/plan.ts';
import { PlanWriter, type PlanPart } from '../../../../src/phases/plan/plan-writer.ts';
import { refsIn, type RecordRefs } from '../../../../src/phases/plan/record-refs.ts';
import { readSection, type PlannedChange, type Section } from '../../../../src/phases/plan/section.ts';
import { entryOf, SYMLINK } from '../../../support/entries.ts';

const MIB = 1024 * 1024;
const SPOOL = 3;
const DIRECTORY = { mountId: 1, device: 2, inode: 3n };

/** A spool in memory. */
class Recording {
  bytes = Buffer.alloc(0);

  append(added: Uint8Array): number {
    const offset = this.bytes.length;
    this.bytes = Buffer.concat([this.bytes, added]);
    return offset;
  }

  read({ offset, lengthBytes }: { offset: number; lengthBytes: number }): BinaryReader {
    return new BinaryReader(this.bytes.subarray(offset, offset + lengthBytes));
  }
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
  const spool = new Recording();
  const writer = new PlanWriter(SPOOL, spool);
  const section = writer.section({ directoryPath: 'some/where', directoryNames: 9 });
  for (const change of changes) section.add(change);
  section.end();
  section.end();
  return [...refsIn(writer.takeRefs().sections)].map((ref) => {
    expect(ref.spool).toBe(SPOOL);
    return { section: readSection(spool.read(ref)), weight: ref.weight };
  });
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
    const spool = new Recording();
    const writer = new PlanWriter(SPOOL, spool);
    const section = writer.section({ directoryPath: 'new', directoryNames: count });
    for (let index = 0; index < count; index++) section.add(writeOf(index));
    const makes = section.endMaking(source);
    section.end();
    const sections = [...refsIn(writer.takeRefs().sections)].map((ref) => readSection(spool.read(ref)));
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
}

describe('PlanWriter', () => {
  it('sorts records into the parts of the plan', () => {
    const writer = new PlanWriter(SPOOL, new Recording());
    writeEverything(writer);
    const refs = writer.takeRefs();
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
    });
    expect([...refsIn(refs.removals)][0]?.weight).toBe(2);
  });

  it('gives each record once', () => {
    const writer = new PlanWriter(SPOOL, new Recording());
    writeEverything(writer);
    writer.takeRefs();
    for (const packed of Object.values(writer.takeRefs())) expect(packed).toHaveLength(0);
  });
});

describe('Plan', () => {
  it('takes the parts of every worker, directories by their depth', () => {
    const spool = new Recording();
    const plan = new Plan();
    for (let worker = 0; worker < 2; worker++) {
      const writer = new PlanWriter(SPOOL, spool);
      writeEverything(writer);
      plan.take(writer.takeRefs());
    }
    const { sections, linkSections, removals, makeWayRemovals, links } = plan;
    const parts = [sections, linkSections, removals, makeWayRemovals, links];
    expect(parts.map((part) => part.count)).toEqual([2, 2, 2, 2, 2]);
    const paths = (level: RecordRefs) =>
      [...refsIn(level.slice(0, level.count))].map((ref) => readDirectoryRecord(spool.read(ref)).path);
    expect(plan.directoryLevels.map(paths)).toEqual([
      ['', ''],
      ['a', 'a'],
      ['a/b', 'a/b'],
    ]);
    expect(plan.claimLevels.map(paths)).toEqual([[], [], ['a/c', 'a/c']]);
    expect(plan.respellingLevels.map(({ count }) => count)).toEqual([0, 2]);
    expect(plan.makeWayLevels.map(paths)).toEqual([[], [], [], ['a/b/c', 'a/b/c']]);
  });
});

it('is full when it holds as many refs as a unit of work is to give back', () => {
  const writer = new PlanWriter(SPOOL, { append: () => 0 });
  const keepOne = () =>
    writer.removal('removals', {
      directoryPath: '',
      areTemporaries: false,
      directory: DIRECTORY,
      names: ['x'],
      made: [],
    });
  for (let count = 1; count < 16 * 1024; count++) keepOne();
  expect(writer.isFull).toBe(false);
  keepOne();
  expect(writer.isFull).toBe(true);
  writer.takeRefs();
  expect(writer.isFull).toBe(false);
});
