import { describe, it, expect } from 'vitest';
import { Difference } from '../../../../src/model/change.ts';
import { DEFAULT_SETTINGS } from '../../../../src/model/settings.ts';
import type { Entry } from '../../../../src/model/entry.ts';
import { compareEntries, decideAction, unkeptDifferences } from '../../../../src/policy/compare/compare.ts';
import {
  BLOCK_DEVICE,
  CHARACTER_DEVICE,
  DIRECTORY,
  FIFO,
  FILE,
  entryOf,
  SOCKET,
  SYMLINK,
} from '../../../support/entries.ts';

const { size, mtime, content, mode, uid, gid, kind, atime, unkeepableTime } = Difference;
const { missing, acl, xattr, linkGroup, privilege } = Difference;
const KEEP_ALL = {
  preserve: DEFAULT_SETTINGS.preserve,
  wantedOwner: ({ uid: user, gid: group }: Entry) => ({ uid: user, gid: group }),
  timestampGranularityNs: 1,
  linkGranularityNs: 1,
  startsAt1970: false,
  omitDirectoryTimes: false,
  omitLinkTimes: false,
  modifyWindowSec: -1,
  wantedBy: { uid: '--chown', gid: '--chown', mode: undefined },
};

describe('compareEntries', () => {
  it.each<[string, number, Partial<Entry>, number]>([
    ['a file, nothing', FILE, {}, 0],
    ['a file, size', FILE, { sizeBytes: 6 }, size],
    ['a file, mtime seconds', FILE, { mtimeSec: 1 }, mtime],
    ['a file, mtime nanoseconds', FILE, { mtimeNsec: 1 }, mtime],
    ['a file, mode', FILE, { mode: 0o100600 }, mode],
    ['a file, set-id bit', FILE, { mode: 0o104644 }, mode],
    ['a file, the mark of one that is rewritten in place', FILE, { mode: 0o101644 }, mode | content],
    ['a file that has that bit by itself', 0o101644, {}, 0],
    ['a file that has it at the source alone', 0o101644, { mode: 0o100644 }, mode],
    ['a directory, that bit', DIRECTORY, { mode: 0o041755 }, mode],
    ['a file, uid', FILE, { uid: 1 }, uid],
    ['a file, gid', FILE, { gid: 1 }, gid],
    ['a file, everything', FILE, { sizeBytes: 6, mtimeSec: 1, mode: 0o100600, uid: 1, gid: 1 }, size | mtime | mode | uid | gid],
    ['a file, what only the file system knows', FILE, { inode: 1n, device: 1, linkCount: 2, blocks: 0, ctimeSec: 1, specialDevice: 9 }, 0],
    ['a directory, size', DIRECTORY, { sizeBytes: 6 }, 0],
    ['a directory, mode and mtime', DIRECTORY, { mode: 0o040700, mtimeSec: 1 }, mode | mtime],
    ['a symbolic link, length', SYMLINK, { sizeBytes: 6 }, 0],
    ['a symbolic link, mode', SYMLINK, { mode: 0o120755 }, 0],
    ['a symbolic link, owner', SYMLINK, { uid: 1, gid: 1 }, uid | gid],
    ['a FIFO, size and number', FIFO, { sizeBytes: 6, specialDevice: 9 }, 0],
    ['a socket, mode', SOCKET, { mode: 0o140600 }, mode],
    ['a character device, number', CHARACTER_DEVICE, { specialDevice: 9 }, content],
    ['a block device, number', BLOCK_DEVICE, { specialDevice: 9 }, content],
    ['a file and a directory', FILE, { mode: DIRECTORY, sizeBytes: 6, uid: 1 }, kind],
    ['two kinds of device', BLOCK_DEVICE, { mode: CHARACTER_DEVICE }, kind],
  ])('%s', (_, sourceMode, fields, differences) => {
    const source = entryOf({ mode: sourceMode });
    expect(compareEntries(source, { ...source, ...fields }, KEEP_ALL)).toBe(differences);
  }); // prettier-ignore

  it("compares owners with the wanted ones, not with the source's", () => {
    const rule = { ...KEEP_ALL, wantedOwner: () => ({ uid: 7, gid: undefined }) };
    expect(compareEntries(entryOf(), entryOf({ uid: 7, gid: 9 }), rule)).toBe(0);
    expect(compareEntries(entryOf(), entryOf({ uid: 1000 }), rule)).toBe(uid);
    const groupAlone = { ...KEEP_ALL, wantedOwner: () => ({ uid: undefined, gid: 9 }) };
    expect(compareEntries(entryOf(), entryOf({ uid: 7, gid: 9 }), groupAlone)).toBe(0);
    expect(compareEntries(entryOf(), entryOf({ gid: 1000 }), groupAlone)).toBe(gid);
  });

  it.each<[string, number, Partial<Entry>, number]>([
    ['a file, seconds', FILE, { atimeSec: 1 }, atime],
    ['a file, nanoseconds', FILE, { atimeNsec: 1 }, atime],
    ['a file, both times', FILE, { atimeSec: 1, mtimeSec: 1 }, atime | mtime],
    ['a FIFO', FIFO, { atimeSec: 1 }, atime],
    ['a device', BLOCK_DEVICE, { atimeSec: 1 }, atime],
    ['a directory', DIRECTORY, { atimeSec: 1 }, 0],
    ['a symbolic link', SYMLINK, { atimeSec: 1 }, 0],
    ['nothing', FILE, {}, 0],
  ])('compares access times if they are preserved: %s', (_, sourceMode, fields, differences) => {
    const source = entryOf({ mode: sourceMode });
    const preserving = { ...KEEP_ALL, preserve: { ...KEEP_ALL.preserve, atime: true } };
    expect(compareEntries(source, { ...source, ...fields }, preserving)).toBe(differences);
    const others = { ...KEEP_ALL, preserve: { ...KEEP_ALL.preserve, atime: false } };
    expect(compareEntries(source, { ...source, ...fields }, others)).toBe(differences & ~atime);
  });

  it("compares access times at the destination's granularity", () => {
    const preserving = { ...KEEP_ALL, preserve: { ...KEEP_ALL.preserve, atime: true } };
    const coarse = { ...preserving, timestampGranularityNs: 1_000_000_000 };
    expect(compareEntries(entryOf(), entryOf({ atimeNsec: 0 }), coarse)).toBe(0);
    expect(compareEntries(entryOf(), entryOf({ atimeNsec: 0 }), preserving)).toBe(atime);
    const stored = { atimeNsec: 234_567_000, ctimeNsec: 7000 };
    expect(compareEntries(entryOf(), entryOf(stored), preserving)).toBe(0);
  });

  it('compares no mode that is not preserved', () => {
    const rule = { ...KEEP_ALL, preserve: { ...KEEP_ALL.preserve, mode: false } };
    expect(compareEntries(entryOf(), entryOf({ mode: 0o100600 }), rule)).toBe(0);
  });

  it("compares times at the destination's granularity", () => {
    const rule = { ...KEEP_ALL, timestampGranularityNs: 1_000_000_000 };
    expect(compareEntries(entryOf(), entryOf({ mtimeNsec: 0 }), rule)).toBe(0);
    expect(compareEntries(entryOf(), entryOf({ mtimeNsec: 0 }), KEEP_ALL)).toBe(mtime);
  });

  it('distinguishes a time that the destination cannot keep from a wrong one', () => {
    const rule = { ...KEEP_ALL, timestampGranularityNs: Infinity };
    expect(compareEntries(entryOf(), entryOf({ mtimeSec: 5 }), rule)).toBe(unkeepableTime);
    expect(compareEntries(entryOf(), entryOf(), rule)).toBe(0);
    expect(compareEntries(entryOf(), entryOf({ mtimeSec: 5, sizeBytes: 6 }), rule)).toBe(
      unkeepableTime | size,
    );
    const [late, end] = [entryOf({ mtimeSec: 2 ** 40 }), entryOf({ mtimeSec: 2 ** 31 - 1, mtimeNsec: 0 })];
    expect(compareEntries(late, end, KEEP_ALL)).toBe(unkeepableTime);
    expect(compareEntries(end, late, KEEP_ALL)).toBe(mtime);
  });

  it('compares times of symbolic links at their own granularity', () => {
    const link = entryOf({ mode: SYMLINK });
    const rule = { ...KEEP_ALL, linkGranularityNs: Infinity };
    expect(compareEntries(link, { ...link, mtimeSec: 5 }, rule)).toBe(unkeepableTime);
    expect(compareEntries(link, { ...link, mtimeSec: 5 }, KEEP_ALL)).toBe(mtime);
    expect(compareEntries(entryOf(), entryOf({ mtimeSec: 5 }), rule)).toBe(mtime);
  });
});

describe('times that are omitted', () => {
  it.for([
    ['of directories: a directory', DIRECTORY, { omitDirectoryTimes: true }, 0],
    ['of directories: a link', SYMLINK, { omitDirectoryTimes: true }, mtime],
    ['of links: a link', SYMLINK, { omitLinkTimes: true }, 0],
    ['of links: a directory', DIRECTORY, { omitLinkTimes: true }, mtime],
    ['of both: a file', FILE, { omitDirectoryTimes: true, omitLinkTimes: true }, mtime],
    ['of both: a FIFO', FIFO, { omitDirectoryTimes: true, omitLinkTimes: true }, mtime],
  ] as const)('%s', ([, type, omitted, expected]) => {
    const [source, later] = [entryOf({ mode: type }), entryOf({ mode: type, mtimeSec: 5 })];
    const rule = { ...KEEP_ALL, ...omitted };
    expect(compareEntries(source, later, rule)).toBe(expected);
    const unkept = { ...rule, timestampGranularityNs: Infinity, linkGranularityNs: Infinity };
    expect(compareEntries(source, later, unkept)).toBe(expected === 0 ? 0 : unkeepableTime);
  });
});

it.for([
  [0, [0, 999], [0, 1], 0],
  [0, [1, 0], [0, 999], mtime],
  [1, [1, 999], [0, 0], 0],
  [1, [0, 0], [1, 999], 0],
  [1, [2, 0], [0, 999], mtime],
  [-1, [0, 1], [0, 2], mtime],
] as const)('--modify-window=%i: %j and %j', ([modifyWindowSec, from, to, expected]) => {
  for (const type of [FILE, DIRECTORY, SYMLINK]) {
    const source = entryOf({ mode: type, mtimeSec: from[0], mtimeNsec: from[1] });
    const destination = entryOf({ mode: type, mtimeSec: to[0], mtimeNsec: to[1] });
    expect(compareEntries(source, destination, { ...KEEP_ALL, modifyWindowSec })).toBe(expected);
  }
});

const DEFAULT = DEFAULT_SETTINGS;
const CHECKSUM = { ...DEFAULT, checksum: true };
const SIZE_ONLY = { ...DEFAULT, sizeOnly: true };
const IGNORE_TIMES = { ...DEFAULT, ignoreTimes: true };
const NO_TIMES = { ...DEFAULT, preserve: { ...DEFAULT.preserve, mtime: false } };
const NO_MODES = { ...DEFAULT, preserve: { ...DEFAULT.preserve, mode: false } };

describe('decideAction', () => {
  it.for([
    ['nothing differs', FILE, 0, DEFAULT, undefined],
    ['missing', FILE, missing, DEFAULT, 'write'],
    ['another kind', FILE, kind, DEFAULT, 'write'],
    ['another size', FILE, size, DEFAULT, 'write'],
    ['another content', FILE, content, DEFAULT, 'write'],
    ['another link target', SYMLINK, content, DEFAULT, 'write'],
    ['another device number', BLOCK_DEVICE, content, DEFAULT, 'write'],
    ['a file of another time', FILE, mtime, DEFAULT, 'write'],
    ['a file of another time and mode', FILE, mtime | mode, DEFAULT, 'write'],
    ['a symbolic link of another time', SYMLINK, mtime, DEFAULT, 'adjust'],
    ['a FIFO of another time', FIFO, mtime, DEFAULT, 'adjust'],
    ['--checksum, another time', FILE, mtime, CHECKSUM, 'adjust'],
    ['--checksum, another content', FILE, content, CHECKSUM, 'write'],
    ['--size-only, another time', FILE, mtime, SIZE_ONLY, 'adjust'],
    ['--size-only, another size', FILE, size, SIZE_ONLY, 'write'],
    ['--ignore-times, nothing differs', FILE, 0, IGNORE_TIMES, 'write'],
    ['--ignore-times, a symbolic link', SYMLINK, 0, IGNORE_TIMES, undefined],
    ['--ignore-times, a link of another time', SYMLINK, mtime, IGNORE_TIMES, 'adjust'],
    ['times not kept, a file of another time', FILE, mtime, NO_TIMES, 'write'],
    ['times not kept, a symbolic link of another time', SYMLINK, mtime, NO_TIMES, undefined],
    ['times not kept, another time and owner', SYMLINK, mtime | uid, NO_TIMES, 'adjust'],
    ['times not kept, --checksum, another time', FILE, mtime, { ...NO_TIMES, checksum: true }, undefined],
    ['times not kept, --size-only, another time', FILE, mtime, { ...NO_TIMES, sizeOnly: true }, undefined],
    ['set-id bits for a file of another owner', FILE | 0o4755, uid, DEFAULT, 'write'],
    ['set-id bits for a file that has others', FILE | 0o2755, mode, DEFAULT, 'write'],
    ['set-id bits that are there', FILE | 0o4755, acl, DEFAULT, 'adjust'],
    ['set-id bits that are not kept', FILE | 0o4755, uid, NO_MODES, 'adjust'],
    ['a capability that differs', FILE, xattr | privilege, DEFAULT, 'write'],
    ['a label of a symbolic link that differs', SYMLINK, xattr | privilege, DEFAULT, 'adjust'],
    ...[mode, uid, gid, acl, xattr, atime, linkGroup].map(
      (bit) => [`metadata bit ${bit}`, FILE, bit, DEFAULT, 'adjust'] as const,
    ),
  ] as const)('%s', ([, sourceMode, differences, settings, action]) => {
    expect(decideAction(entryOf({ mode: sourceMode }), differences, settings)).toBe(action);
  });
});

it('times that are not kept, or cannot be, are no difference', () => {
  expect(unkeptDifferences(DEFAULT)).toBe(unkeepableTime);
  expect(unkeptDifferences(NO_TIMES)).toBe(mtime | unkeepableTime);
});
