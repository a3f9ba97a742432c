/** The sticky bit as the mark of a file that is being rewritten in place. */
import { expect, it, test } from 'vitest';
import {
  canBeMarked,
  isMarked,
  isResumable,
  isUnfinished,
  markedMode,
  partialMark,
  resumeOffset,
  unmarkedMode,
} from '../../../../src/policy/compare/unfinished-marks.ts';
import { DIRECTORY, entryOf, FIFO, FILE } from '../../../support/entries.ts';
import type { Entry } from '../../../../src/model/entry.ts';

const STICKY = 0o1000;
const PLAIN = entryOf({ mode: FILE });
const MARKED = entryOf({ mode: FILE | STICKY });

it('is the sticky bit alone', () => {
  for (const bit of [0o4000, 0o2000, 0o777]) expect(isMarked(entryOf({ mode: FILE | bit }))).toBe(false);
  expect(isMarked(MARKED)).toBe(true);
});

it('cannot be told on what has it in the source', () => {
  expect(canBeMarked(PLAIN)).toBe(true);
  expect(canBeMarked(entryOf({ mode: FILE | 0o6777 }))).toBe(true);
  expect(canBeMarked(MARKED)).toBe(false);
});

it.each([
  [0o644, 0o1644, 0o644],
  [0o1644, 0o1644, 0o644],
  [0o6755, 0o1755, 0o755],
  [0o7000, 0o1000, 0],
])('of mode %o: %o, without it %o', (mode, withMark, without) => {
  const entry = entryOf({ mode: 0o100000 | mode });
  expect([markedMode(entry), unmarkedMode(entry)]).toEqual([withMark, without]);
});

it('says of a file over a file that its content is unknown', () => {
  expect(isUnfinished(PLAIN, MARKED)).toBe(true);
  expect(isUnfinished(PLAIN, PLAIN)).toBe(false);
  expect(isUnfinished(MARKED, MARKED)).toBe(false);
  for (const kind of [DIRECTORY, FIFO]) {
    expect(isUnfinished(PLAIN, entryOf({ mode: kind | STICKY }))).toBe(false);
    expect(isUnfinished(entryOf({ mode: kind }), MARKED)).toBe(false);
  }
});

const MIB = 1024 * 1024;
const UID = 1000;

function fileOf(fields: Partial<Entry>): Entry {
  const times = { mtimeSec: 5, mtimeNsec: 6, atimeSec: 0, atimeNsec: 0, ctimeSec: 0, ctimeNsec: 0 };
  const identity = { inode: 1n, device: 1, specialDevice: 0, uid: UID, gid: UID, linkCount: 1 };
  const sizeBytes = fields.sizeBytes ?? 100 * MIB;
  return { mode: 0o100600, sizeBytes, blocks: sizeBytes / 512, ...identity, ...times, ...fields };
}

/** The source when the partial file was left. */
const SOURCE = fileOf({});
const BOOT = 0x89abcdef;

function marked(): Partial<Entry> {
  return { mtimeSec: partialMark(SOURCE, BOOT).sec, mtimeNsec: 0 };
}

test.each<[string, Partial<Entry>, Partial<Entry>, number | undefined]>([
  ['the same version', { sizeBytes: 50 * MIB }, {}, 42 * MIB],
  ['less than what may have been in flight', { sizeBytes: 3 * MIB }, {}, 0],
  ['new and empty', { sizeBytes: 0, mtimeSec: 1_700_000_000 }, {}, 0],
  ['not marked, as a killed run leaves it', { sizeBytes: 50 * MIB, mtimeSec: 1_700_000_000 }, {}, 0],
  ['marked to another nanosecond', { sizeBytes: 50 * MIB, mtimeNsec: 1 }, {}, 0],
  ['of another mtime', { sizeBytes: 50 * MIB }, { mtimeNsec: 7 }, 0],
  [
    'of a source that was written anew and had its mtime set back',
    { sizeBytes: 50 * MIB },
    { ctimeNsec: 1 },
    0,
  ],
  ['of another file that had the name', { sizeBytes: 50 * MIB }, { inode: 2n }, 0],
  ['of a source that has grown', { sizeBytes: 50 * MIB }, { sizeBytes: 101 * MIB }, 0],
  ['longer than its source', { sizeBytes: 101 * MIB }, {}, 0],
  ['as long as its source', { sizeBytes: 100 * MIB }, {}, 92 * MIB],
  ['of a source with holes', { sizeBytes: 50 * MIB }, { blocks: 8 }, 0],
  ['made by another user', { sizeBytes: 50 * MIB, uid: 0 }, {}, undefined],
  ['another name of somebody’s file', { sizeBytes: 50 * MIB, linkCount: 2 }, {}, undefined],
  ['no file', { sizeBytes: 50 * MIB, mode: 0o010600 }, {}, undefined],
])('a partial file that is %s', (_, partial, source, expected) => {
  expect(resumeOffset(fileOf({ ...marked(), ...partial }), fileOf(source), { uid: UID, boot: BOOT })).toBe(
    expected,
  );
});

test('a partial file that another boot of the machine has left is copied from its start', () => {
  const partial = fileOf({ ...marked(), sizeBytes: 50 * MIB });
  expect(resumeOffset(partial, SOURCE, { uid: UID, boot: BOOT ^ 1 })).toBe(0);
});

test('a mark is a past time that every file system keeps', () => {
  for (let inode = 0n; inode < 1000n; inode++) {
    const { sec, nsec } = partialMark(fileOf({ inode }), BOOT);
    expect(nsec).toBe(0);
    expect(sec % 2).toBe(0);
    expect(new Date(sec * 1000).getUTCFullYear()).toSatisfy((year) => year >= 2001 && year <= 2018);
  }
});

test.each<[string, Partial<Entry>, boolean]>([
  ['small', { sizeBytes: MIB - 1 }, false],
  ['large', { sizeBytes: MIB }, true],
  ['to have set-id bits', { mode: 0o104755 }, false],
])('a file that is %s', (_, fields, expected) => {
  expect(isResumable(fileOf(fields))).toBe(expected);
});
