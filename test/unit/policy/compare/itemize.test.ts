/** The letters that rsync(1) describes under --itemize-changes; test/parity asks rsync itself. */
import { describe, it, expect } from 'vitest';
import { type Action, Difference } from '../../../../src/model/change.ts';
import { DEFAULT_SETTINGS } from '../../../../src/model/settings.ts';
import { itemize, RENAMING } from '../../../../src/policy/compare/itemize.ts';
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

const { missing, kind, size, mtime, content, mode, uid, gid, acl, xattr, atime, linkGroup, privilege } =
  Difference;
const { preserve } = DEFAULT_SETTINGS;
const EVERYTHING = content | size | mtime | mode | uid | gid | atime | acl | xattr;

describe('itemize', () => {
  it.for<[string, Action, number, number, string]>([
    ['a new file', 'write', FILE, missing, '>f+++++++++'],
    ['a new directory', 'write', DIRECTORY, missing, 'cd+++++++++'],
    ['a new directory, however its metadata comes', 'adjust', DIRECTORY, missing, 'cd+++++++++'],
    ['a new symbolic link', 'write', SYMLINK, missing, 'cL+++++++++'],
    ['a new FIFO', 'write', FIFO, missing, 'cS+++++++++'],
    ['a new socket', 'write', SOCKET, missing, 'cS+++++++++'],
    ['a new character device', 'write', CHARACTER_DEVICE, missing, 'cD+++++++++'],
    ['a new block device', 'write', BLOCK_DEVICE, missing, 'cD+++++++++'],
    ['a new name of a file', 'link', FILE, missing | linkGroup, 'hf+++++++++'],
    ['a file in place of something else', 'write', FILE, kind, '>f+++++++++'],
    ['a symbolic link in place of something else', 'write', SYMLINK, kind, 'cL+++++++++'],
    ['a file’s size', 'write', FILE, size, '>f.s.......'],
    ['a file’s size and time', 'write', FILE, size | mtime, '>f.st......'],
    ['a file’s content', 'write', FILE, content, '>fc........'],
    ['a file’s time', 'write', FILE, mtime, '>f..t......'],
    ['a file’s time alone', 'adjust', FILE, mtime, '.f..t......'],
    ['a mode', 'adjust', FILE, mode, '.f...p.....'],
    ['an owner', 'adjust', FILE, uid, '.f....o....'],
    ['a group', 'adjust', FILE, gid, '.f.....g...'],
    ['an access time', 'adjust', FILE, atime, '.f......u..'],
    ['an ACL', 'adjust', FILE, acl, '.f.......a.'],
    ['an attribute', 'adjust', FILE, xattr, '.f........x'],
    ['content that must not be trusted', 'write', FILE, privilege, '>f.........'],
    ['everything', 'write', FILE, EVERYTHING, '>fcstpoguax'],
    ['a directory’s time', 'adjust', DIRECTORY, mtime, '.d..t......'],
    ['a symbolic link’s time', 'adjust', SYMLINK, mtime, '.L..t......'],
    ['a link target of the same length', 'write', SYMLINK, content, 'cLc........'],
    ['a link’s target', 'write', SYMLINK, content | mtime, 'cLc.t......'],
    ['a device number', 'write', CHARACTER_DEVICE, content, 'cDc........'],
    ['a FIFO’s mode', 'adjust', FIFO, mode, '.S...p.....'],
    ['a name to link to the same file', 'link', FILE, linkGroup, 'hf         '],
    ['a name to link to a file of another time', 'link', FILE, linkGroup | mtime, 'hf..t......'],
    ['a symbolic link to link', 'link', SYMLINK, linkGroup, 'hL         '],
    ['an extraneous file', 'delete', FILE, 0, '*deleting  '],
    ['an extraneous directory', 'delete', DIRECTORY, 0, '*deleting  '],
  ])('%s', ([, action, sourceMode, differences, letters]) => {
    expect(itemize(action, entryOf({ mode: sourceMode }), differences, preserve)).toBe(letters);
    expect(letters).toHaveLength(11);
  });

  it('shows another spelling of a name as a message of the same length', () => {
    expect(RENAMING).toBe('*renaming  ');
  });

  it('shows T if the time becomes that of the transfer', () => {
    const noTimes = { ...preserve, mtime: false };
    expect(itemize('write', entryOf(), mtime | size, noTimes)).toBe('>f.sT......');
  });
});
