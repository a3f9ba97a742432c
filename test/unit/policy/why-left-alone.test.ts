/** Which entries the options leave alone, for which cause, and which differences still count. */
import { describe, it, expect } from 'vitest';
import { Difference } from '../../../src/model/change.ts';
import { DEFAULT_SETTINGS as DEFAULT, type Settings } from '../../../src/model/settings.ts';
import type { Entry } from '../../../src/model/entry.ts';
import type { LeftAloneCause } from '../../../src/model/tally.ts';
import {
  asksDestination,
  causeAtDestination,
  causeInSource,
  causeOfAbsence,
  causeOfDirectory,
  causeOfOtherKind,
  isKnownToDiffer,
  unjudgedContent,
  unjudgedDifferences,
  EVERY_DIFFERENCE,
} from '../../../src/policy/why-left-alone.ts';
import {
  BLOCK_DEVICE,
  CHARACTER_DEVICE,
  DIRECTORY,
  FIFO,
  FILE,
  entryOf,
  SOCKET,
  SYMLINK,
} from '../../support/entries.ts';

const { kind, size, mtime, content, mode, uid, gid, acl, xattr, linkGroup, privilege } = Difference;

describe('by the source', () => {
  it.each([
    ['a file', FILE, {}, undefined],
    ['a symbolic link', SYMLINK, {}, undefined],
    ['a directory', DIRECTORY, {}, undefined],
    ['a FIFO', FIFO, {}, 'special'],
    ['a socket', SOCKET, {}, 'special'],
    ['a character device', CHARACTER_DEVICE, {}, 'special'],
    ['a block device', BLOCK_DEVICE, {}, 'special'],
    ['a FIFO, specials asked for', FIFO, { specials: true }, undefined],
    ['a socket, specials asked for', SOCKET, { specials: true }, undefined],
    ['a FIFO, devices asked for', FIFO, { devices: true }, 'special'],
    ['a socket, devices asked for', SOCKET, { devices: true }, 'special'],
    ['a character device, devices asked for', CHARACTER_DEVICE, { devices: true }, undefined],
    ['a block device, devices asked for', BLOCK_DEVICE, { devices: true }, undefined],
    ['a character device, specials asked for', CHARACTER_DEVICE, { specials: true }, 'special'],
    ['a block device, specials asked for', BLOCK_DEVICE, { specials: true }, 'special'],
  ])('%s', (_, sourceMode, preserve, cause) => {
    const settings = { ...DEFAULT, preserve: { ...DEFAULT.preserve, ...preserve } };
    expect(causeInSource(entryOf({ mode: sourceMode }), settings)).toBe(cause);
  });

  it.each([
    [FILE, 9, 'tooSmall'],
    [FILE, 10, undefined],
    [FILE, 20, undefined],
    [FILE, 21, 'tooLarge'],
    [SYMLINK, 9, undefined],
    [SYMLINK, 21, undefined],
    [DIRECTORY, 4096, undefined],
    [FIFO, 0, 'special'],
  ])('mode %o of %d bytes where 10 to 20 are wanted', (sourceMode, sizeBytes, cause) => {
    const settings = { ...DEFAULT, minSizeBytes: 10, maxSizeBytes: 20 };
    expect(causeInSource(entryOf({ mode: sourceMode, sizeBytes }), settings)).toBe(cause);
  });
});

describe('by the destination', () => {
  const source = entryOf();
  const newer = entryOf({ mtimeSec: source.mtimeSec + 1, mtimeNsec: 0 });
  const justNewer = entryOf({ mtimeNsec: source.mtimeNsec + 1 });
  const older = entryOf({ mtimeSec: source.mtimeSec - 1, mtimeNsec: 999_999_999 });
  const link = entryOf({ mode: SYMLINK });
  const directory = entryOf({ mode: DIRECTORY });
  const newerLink = { ...newer, mode: SYMLINK };
  const unfinished = { ...newer, mode: 0o101644 };
  const never = { overwrite: 'never' } as const;
  const olderOnly = { overwrite: 'older' } as const;
  const existing = { existingOnly: true };

  it.for<[string, Entry, Entry | undefined, Partial<Settings>, LeftAloneCause | undefined]>([
    ['always, there', source, newer, {}, undefined],
    ['always, there, unfinished', source, unfinished, {}, undefined],
    ['always, not there', source, undefined, {}, undefined],
    ['--existing, not there', source, undefined, existing, 'absent'],
    ['--existing, there', source, older, existing, undefined],
    ['--existing and never, not there', source, undefined, { ...existing, ...never }, 'absent'],
    ['--existing and never, there', source, older, { ...existing, ...never }, 'existing'],
    ['never, the same', source, source, never, 'existing'],
    ['never, there', source, older, never, 'existing'],
    ['never, newer there', source, newer, never, 'existing'],
    ['never, a symbolic link there', link, older, never, 'existing'],
    ['never, two directories', directory, directory, never, undefined],
    ['never, a file in place of a directory', directory, source, never, 'existing'],
    ['never, a directory in place of a file', source, directory, never, 'existing'],
    ['never, not there', source, undefined, never, undefined],
    ['never, unfinished there', source, unfinished, never, undefined],
    ['older, newer there', source, newer, olderOnly, 'newer'],
    ['older, newer by a nanosecond', source, justNewer, olderOnly, 'newer'],
    ['older, older by a nanosecond', justNewer, source, olderOnly, undefined],
    ['older, same time', source, source, olderOnly, undefined],
    ['older, older there', source, older, olderOnly, undefined],
    ['older, a newer symbolic link in place of a file', source, newerLink, olderOnly, undefined],
    ['older, a newer file in place of a symbolic link', link, newer, olderOnly, undefined],
    ['older, newer there, unfinished', source, unfinished, olderOnly, undefined],
    ['older, not there', source, undefined, olderOnly, undefined],
  ])('%s', ([, entry, destination, settings, cause]) => {
    expect(causeAtDestination(entry, destination, { ...DEFAULT, ...settings })).toBe(cause);
  });

  it.for<[Partial<Settings>, boolean, boolean, boolean]>([
    [{}, false, false, false],
    [never, false, true, true],
    [olderOnly, false, false, true],
    [existing, true, false, true],
    [{ sizeOnly: true }, false, false, true],
    [{ checksum: true, delete: true }, false, false, false],
  ])('%j', ([changed, leavesAbsent, leavesOtherKind, asks]) => {
    const settings = { ...DEFAULT, ...changed };
    expect(causeOfAbsence(settings)).toBe(leavesAbsent ? 'absent' : undefined);
    expect(causeOfOtherKind(settings)).toBe(leavesOtherKind ? 'existing' : undefined);
    expect(asksDestination(settings)).toBe(asks);
  });

  it.for<[Partial<Settings>, ReturnType<typeof causeOfDirectory>[]]>([
    [{}, [undefined, undefined, undefined, undefined]],
    [{ existingOnly: true }, [undefined, undefined, 'absent', undefined]],
    [{ overwrite: 'never' }, [undefined, 'existing', undefined, undefined]],
    [{ existingOnly: true, overwrite: 'never' }, [undefined, 'existing', 'absent', undefined]],
  ])('a directory, %j, by the destination listing', ([changed, causes]) => {
    const there = ['directory', 'other kind', 'nothing', 'unknown'] as const;
    expect(there.map((each) => causeOfDirectory(each, { ...DEFAULT, ...changed }))).toEqual(causes);
  });
});

describe('entries that are not judged', () => {
  const file = entryOf();
  const link = entryOf({ mode: SYMLINK });
  const metadata = mode | uid | gid | acl | xattr | linkGroup | privilege;

  it('if no option leaves it alone: nothing', () => {
    expect(unjudgedDifferences(undefined, file, 0)).toBe(0);
    expect(unjudgedDifferences(undefined, file, size | mtime)).toBe(0);
  });

  it.for<LeftAloneCause>(['newer', 'absent', 'excluded'])('if it is %s: everything', (cause) => {
    expect(unjudgedDifferences(cause, file, 0)).toBe(EVERY_DIFFERENCE);
  });

  it.for<[string, Entry, number]>([
    ['of another kind', file, kind],
    ['of another size', file, size],
    ['of another time', file, mtime],
    ['of another device number', file, content],
    ['that is a symbolic link', link, 0],
  ])('if it exists %s: everything', ([, source, differences]) => {
    expect(unjudgedDifferences('existing', source, differences)).toBe(EVERY_DIFFERENCE);
    expect(unjudgedDifferences('existing', source, differences | mode)).toBe(EVERY_DIFFERENCE);
  });

  it.for([0, mode, uid, metadata])('if a file passes the quick check (%d): only its metadata', (bits) => {
    const unjudged = unjudgedDifferences('existing', file, bits);
    expect(unjudged & (content | size)).toBe(0);
    expect(unjudged & metadata).toBe(metadata);
  });

  it.for<[LeftAloneCause | undefined, number, boolean]>([
    [undefined, 0, false],
    [undefined, size, false],
    ['newer', mtime, true],
    ['newer', 0, true],
    ['absent', 0, true],
    ['existing', 0, false],
    ['existing', metadata, false],
    ['existing', kind, true],
    ['existing', size, true],
    ['existing', mtime, true],
    ['existing', content | mode, true],
  ])('%s, differences %d: known to differ, %j', ([cause, differences, isKnown]) => {
    expect(isKnownToDiffer(cause, differences)).toBe(isKnown);
  });

  it('every difference is covered', () => {
    const all = Object.values(Difference).reduce((bits, bit) => bits | bit, 0);
    expect(EVERY_DIFFERENCE & all).toBe(all);
  });

  it.for<[string, Entry, number, boolean, number]>([
    ['without the option', file, 0, false, 0],
    ['a file of the same size', file, 0, true, content],
    ['a file of another time and mode', file, mtime | mode, true, content],
    ['a file of another size', file, size, true, 0],
    ['something of another kind', file, kind, true, 0],
    ['a file that a killed run left half written', file, content, true, 0],
    ['a symbolic link', link, 0, true, 0],
  ])('--size-only: %s', ([, source, differences, sizeOnly, unjudged]) => {
    expect(unjudgedContent(source, differences, { sizeOnly })).toBe(unjudged);
  });
});
