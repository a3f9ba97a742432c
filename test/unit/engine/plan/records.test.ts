/** Every record of the plan comes back from its bytes as it was. */
import {
  readMovable,
  readMovePair,
  writeMovable,
  writeMovePair,
} from '../../../../src/engine/plan/move-records.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Action, Change } from '../../../../src/model/change.ts';
import { BinaryReader, BinaryWriter } from '../../../../src/engine/plan/binary.ts';
import {
  depthOf,
  readDirectoryRecord,
  writeDirectoryRecord,
  readRemovalRecord,
  writeRemovalRecord,
  readRespellingRecord,
  writeRespellingRecord,
  readLinkRecord,
  writeLinkRecord,
} from '../../../../src/engine/plan/records.ts';
import { readSection, writeChange, writeSectionStart } from '../../../../src/engine/plan/section.ts';
import { anyEntry, anyName } from '../../../support/entries.ts';

const anyPath = fc.array(anyName, { maxLength: 40 }).map((names) => names.join('/'));
const anyDifferences = fc.integer({ min: 0, max: 0xffff });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

function anyChange(...actions: Action[]): fc.Arbitrary<Change> {
  return fc.record({
    action: fc.constantFrom(...actions),
    name: anyName,
    differences: anyDifferences,
    source: anyEntry,
  });
}

/** Reads back a written record, and checks that nothing remains. */
function roundTrip<T>(
  record: T,
  write: (writer: BinaryWriter, record: T) => void,
  read: (reader: BinaryReader) => unknown,
): void {
  const writer = new BinaryWriter();
  write(writer, record);
  const reader = new BinaryReader(writer.bytes());
  expect(read(reader)).toEqual(record);
  expect(reader.isAtEnd).toBe(true);
}

test('directories', () => {
  const records = fc.record({
    action: fc.constantFrom('create', 'finishNew', 'finish', 'remove', 'makeWay', 'giveWay'),
    path: anyPath,
    differences: anyDifferences,
    entry: anyEntry,
  });
  fc.assert(fc.property(records, (record) => roundTrip(record, writeDirectoryRecord, readDirectoryRecord)));
});

const anyLeader = fc.record({ leaderPath: anyPath, staleInode: uint64 });

test('sections', () => {
  const sections = fc.record({
    directoryPath: anyPath,
    directoryNames: fc.nat(2 ** 32 - 1),
    makes: fc.option(anyEntry, { nil: undefined }),
    changes: fc.array(fc.tuple(anyChange('write', 'adjust', 'link', 'move', 'delete'), anyLeader), {
      maxLength: 20,
    }),
  });
  fc.assert(
    fc.property(sections, ({ changes, makes, ...directory }) => {
      const section = {
        ...directory,
        makes,
        // Only a link and a move have a leader, and so an inode.
        changes: changes.map(([change, leader]) => ({
          ...change,
          ...leader,
          staleInode: ['link', 'move'].includes(change.action) ? leader.staleInode : 0n,
        })),
      };
      const write = (writer: BinaryWriter) => {
        writeSectionStart(writer, directory, makes);
        for (const [change, leader] of changes) writeChange(writer, change, leader);
      };
      roundTrip(section, write, readSection);
    }),
  );
});

test('files that may have moved', () => {
  const files = fc.record({ directoryPath: anyPath, name: anyPath, entry: anyEntry });
  const pairs = fc.record({
    index: fc.nat(2 ** 32 - 1),
    isDoubtful: fc.boolean(),
    source: files,
    destination: files,
  });
  fc.assert(fc.property(files, (file) => roundTrip(file, writeMovable, readMovable)));
  fc.assert(fc.property(pairs, (pair) => roundTrip(pair, writeMovePair, readMovePair)));
});

test('a change without a second name', () => {
  const writer = new BinaryWriter();
  writeSectionStart(writer, { directoryPath: '', directoryNames: 0 }, undefined);
  const [change] = fc.sample(anyChange('write'), 1) as [Change];
  writeChange(writer, change);
  expect(readSection(new BinaryReader(writer.bytes())).changes).toEqual([
    { ...change, leaderPath: '', staleInode: 0n },
  ]);
});

test('names of multiply-linked inodes', () => {
  const records = fc.record({
    directoryPath: anyPath,
    change: anyChange('write', 'adjust'),
    destinationInode: uint64,
    destinationDevice: fc.maxSafeNat(),
    wasRefused: fc.boolean(),
  });
  fc.assert(fc.property(records, (record) => roundTrip(record, writeLinkRecord, readLinkRecord)));
});

test('removals', () => {
  const records = fc.record({
    directoryPath: anyPath,
    areTemporaries: fc.boolean(),
    directory: fc.option(fc.record({ mountId: fc.maxSafeNat(), device: fc.maxSafeNat(), inode: uint64 }), {
      nil: undefined,
    }),
    names: fc.array(anyName, { maxLength: 40 }),
    made: fc.array(anyName, { maxLength: 40 }),
  });
  fc.assert(fc.property(records, (record) => roundTrip(record, writeRemovalRecord, readRemovalRecord)));
});

test('respellings', () => {
  const respelling = fc.record({ listed: anyName, name: anyName });
  const records = fc.record({
    directoryPath: anyPath,
    respelled: fc.array(respelling, { maxLength: 40 }),
  });
  fc.assert(fc.property(records, (record) => roundTrip(record, writeRespellingRecord, readRespellingRecord)));
});

test.each([
  ['', 0],
  ['a', 1],
  ['a/b', 2],
  ['a/b/c', 3],
  ['\xff/\n/..', 3],
])('the depth of %j is %i', (path, depth) => {
  expect(depthOf(path)).toBe(depth);
});
