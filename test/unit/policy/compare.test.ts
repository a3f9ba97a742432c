import { describe, expect, it } from 'vitest';
import { Difference } from '../../../src/model/change.ts';
import { DEFAULT_SETTINGS } from '../../../src/model/default-settings.ts';
import type { Entry } from '../../../src/model/entry.ts';
import { compareEntries } from '../../../src/policy/compare.ts';
import {
  BLOCK_DEVICE,
  CHARACTER_DEVICE,
  DIRECTORY,
  entryOf,
  FIFO,
  FILE,
  SOCKET,
  SYMLINK,
} from '../../support/entries.ts';

const { size, mtime, content, mode, uid, gid, kind } = Difference;
const KEEP_ALL = {
  preserve: DEFAULT_SETTINGS.preserve,
  wantedOwner: ({ uid: user, gid: group }: Entry) => ({ uid: user, gid: group }),
  timestampGranularityNs: 1,
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
    ['a file, what only the file system knows', FILE, { inode: 1n, device: 1, linkCount: 2, blocks: 0, ctimeSec: 1, atimeSec: 1, specialDevice: 9 }, 0],
    ['a directory, size', DIRECTORY, { sizeBytes: 6 }, 0],
    ['a directory, mode and mtime', DIRECTORY, { mode: 0o040700, mtimeSec: 1 }, mode | mtime],
    ['a symbolic link, length', SYMLINK, { sizeBytes: 6 }, size],
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

  it('compares owners with those wanted, not with the source’s', () => {
    const rule = { ...KEEP_ALL, wantedOwner: () => ({ uid: 7, gid: undefined }) };
    expect(compareEntries(entryOf(), entryOf({ uid: 7, gid: 9 }), rule)).toBe(0);
    expect(compareEntries(entryOf(), entryOf({ uid: 1000 }), rule)).toBe(uid);
  });

  it('compares no mode that is not to be preserved', () => {
    const rule = { ...KEEP_ALL, preserve: { ...KEEP_ALL.preserve, mode: false } };
    expect(compareEntries(entryOf(), entryOf({ mode: 0o100600 }), rule)).toBe(0);
  });

  it('compares times as coarsely as the destination keeps them', () => {
    const rule = { ...KEEP_ALL, timestampGranularityNs: 1_000_000_000 };
    expect(compareEntries(entryOf(), entryOf({ mtimeNsec: 0 }), rule)).toBe(0);
    expect(compareEntries(entryOf(), entryOf({ mtimeNsec: 0 }), KEEP_ALL)).toBe(mtime);
  });
});
