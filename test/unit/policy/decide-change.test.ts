import { describe, expect, it } from 'vitest';
import { Difference } from '../../../src/model/change.ts';
import { DEFAULT_SETTINGS } from '../../../src/model/default-settings.ts';
import type { Entry } from '../../../src/model/entry.ts';
import { decideAction, isLeftAlone, isSkipped } from '../../../src/policy/decide-change.ts';
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

const { missing, kind, size, mtime, content, mode, uid, gid, acl, xattr, atime, linkGroup, privilege } =
  Difference;
const DEFAULT = DEFAULT_SETTINGS;
const CHECKSUM = { ...DEFAULT, checksum: true };
const SIZE_ONLY = { ...DEFAULT, sizeOnly: true };
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

describe('isSkipped', () => {
  it.each([
    ['a file', FILE, {}, false],
    ['a symbolic link', SYMLINK, {}, false],
    ['a directory', DIRECTORY, {}, false],
    ['a FIFO', FIFO, {}, true],
    ['a socket', SOCKET, {}, true],
    ['a character device', CHARACTER_DEVICE, {}, true],
    ['a block device', BLOCK_DEVICE, {}, true],
    ['a FIFO, specials asked for', FIFO, { specials: true }, false],
    ['a socket, specials asked for', SOCKET, { specials: true }, false],
    ['a FIFO, devices asked for', FIFO, { devices: true }, true],
    ['a character device, devices asked for', CHARACTER_DEVICE, { devices: true }, false],
    ['a block device, devices asked for', BLOCK_DEVICE, { devices: true }, false],
    ['a block device, specials asked for', BLOCK_DEVICE, { specials: true }, true],
  ])('%s', (_, sourceMode, preserve, skipped) => {
    const settings = { ...DEFAULT, preserve: { ...DEFAULT.preserve, ...preserve } };
    expect(isSkipped(entryOf({ mode: sourceMode }), settings)).toBe(skipped);
  });

  it.each([
    [FILE, 9, true],
    [FILE, 10, false],
    [FILE, 20, false],
    [FILE, 21, true],
    [SYMLINK, 9, false],
    [DIRECTORY, 4096, false],
  ])('mode %o of %d bytes where 10 to 20 are wanted', (sourceMode, sizeBytes, skipped) => {
    const settings = { ...DEFAULT, minSizeBytes: 10, maxSizeBytes: 20 };
    expect(isSkipped(entryOf({ mode: sourceMode, sizeBytes }), settings)).toBe(skipped);
  });
});

describe('isLeftAlone', () => {
  const source = entryOf();
  const newer = entryOf({ mtimeSec: source.mtimeSec + 1, mtimeNsec: 0 });
  const justNewer = entryOf({ mtimeNsec: source.mtimeNsec + 1 });
  const older = entryOf({ mtimeSec: source.mtimeSec - 1, mtimeNsec: 999_999_999 });
  const link = entryOf({ mode: SYMLINK });
  const directory = entryOf({ mode: DIRECTORY });
  const newerLink = { ...newer, mode: SYMLINK };

  it.for<[string, Entry, Entry | undefined, object, boolean]>([
    ['always, there', source, newer, {}, false],
    ['always, not there', source, undefined, {}, false],
    ['--existing, not there', source, undefined, { existingOnly: true }, true],
    ['--existing, there', source, older, { existingOnly: true }, false],
    ['never, there', source, older, { overwrite: 'never' }, true],
    ['never, a symbolic link there', link, older, { overwrite: 'never' }, true],
    ['never, a directory', directory, directory, { overwrite: 'never' }, false],
    ['never, not there', source, undefined, { overwrite: 'never' }, false],
    ['older, newer there', source, newer, { overwrite: 'older' }, true],
    ['older, newer by a nanosecond', source, justNewer, { overwrite: 'older' }, true],
    ['older, same time', source, source, { overwrite: 'older' }, false],
    ['older, older there', source, older, { overwrite: 'older' }, false],
    ['older, a newer symbolic link in place of a file', source, newerLink, { overwrite: 'older' }, false],
    ['older, a newer file in place of a symbolic link', link, newer, { overwrite: 'older' }, false],
    ['older, newer there, unfinished', source, { ...newer, mode: 0o101644 }, { overwrite: 'older' }, false],
    ['never, unfinished there', source, { ...newer, mode: 0o101644 }, { overwrite: 'never' }, false],
    ['older, not there', source, undefined, { overwrite: 'older' }, false],
  ])('%s', ([, entry, destination, settings, leftAlone]) => {
    expect(isLeftAlone(entry, destination, { ...DEFAULT, ...settings })).toBe(leftAlone);
  });
});
