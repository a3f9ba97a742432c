/** Which mounts show the other root: from the texts of /proc/self/mountinfo. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdirSync } from 'node:fs';
import { findOverlaps } from '../../../../src/filesystem/mounts/mount-overlap.ts';
import { mountOf, parseMounts } from '../../../../src/filesystem/mounts/mounts.ts';
import type { Side } from '../../../../src/model/task.ts';
import { makeScratch, type Scratch } from '../../../support/open-files.ts';

const ROOT = '20 1 8:1 / / rw - ext4 /dev/sda1 rw\n';

function overlaps(text: string, source: string, destination: string, from: Side = 'destination'): string[] {
  const mounts = parseMounts(ROOT + text);
  const rootAt = (side: Side, realPath: string) => ({ side, realPath, mount: mountOf(mounts, realPath) });
  const roots = { source: rootAt('source', source), destination: rootAt('destination', destination) };
  const other = roots[from === 'source' ? 'destination' : 'source'];
  return findOverlaps(mounts, roots[from], other).map(({ path, branch }) => `${path} ${branch ?? ''}`.trim());
}

function nfs(id: number, what: string, where: string): string {
  return `${id} 20 0:50 / ${where} rw - nfs4 nas:${what} rw\n`;
}

describe('findOverlaps', () => {
  it.each([
    ['the root itself', '30 20 8:1 /s /d/m rw - ext4 /dev/sda1 rw', ['m']],
    ['a part of it', '30 20 8:1 /s/p /d/m/n rw - ext4 /dev/sda1 rw', ['m/n']],
    ['a directory above it', '30 20 8:1 / /d/m rw - ext4 /dev/sda1 rw', ['m']],
    ['a name that begins alike', '30 20 8:1 /sx /d/m rw - ext4 /dev/sda1 rw', []],
    ['another device', '30 20 8:2 /s /d/m rw - ext4 /dev/sdb1 rw', []],
    ['not below the destination', '30 20 8:1 /s /dx/m rw - ext4 /dev/sda1 rw', []],
    ['mounted over', '30 20 8:1 /s /d/m rw - ext4 /dev/sda1 rw\n31 30 0:40 / /d/m rw - tmpfs none rw', []],
    [
      'mounted over above',
      '30 20 8:1 /s /d/m/n rw - ext4 /dev/sda1 rw\n31 20 0:40 / /d/m rw - tmpfs none rw',
      [],
    ],
    [
      'mounted upon another',
      '30 20 0:40 / /d/m rw - tmpfs none rw\n31 30 8:1 /s /d/m rw - ext4 /dev/sda1 rw',
      ['m'],
    ],
  ])('%s', (_, text, expected) => {
    expect(overlaps(text, '/s', '/d')).toEqual(expected);
  });

  it('knows NFS by its server and path', () => {
    const text = nfs(30, '/export', '/s') + nfs(31, '/export/p', '/d/m') + nfs(32, '/exports', '/d/n');
    expect(overlaps(text, '/s', '/d')).toEqual(['m']);
  });

  it('ignores paths without a mount', () => {
    expect(
      findOverlaps(
        [],
        { side: 'source', realPath: '/a', mount: undefined },
        {
          side: 'destination',
          realPath: '/b',
          mount: undefined,
        },
      ),
    ).toEqual([]);
  });
});

describe('findOverlaps of mounts that are made of directories', () => {
  let scratch: Scratch;
  beforeEach(() => {
    scratch = makeScratch();
    mkdirSync(scratch.path('a:b/s'), { recursive: true });
  });
  afterEach(() => scratch.remove());

  it('a mirror through FUSE', () => {
    const at = scratch.path('a:b');
    const mirror = (type: string) => `30 20 0:60 / /d/m rw - ${type} ${at} rw`;
    expect(overlaps(mirror('fuse'), `${at}/s`, '/d')).toEqual([`m ${at}`]);
    expect(overlaps(mirror('fuse.bindfs'), at, '/d/m')).toEqual([at]);
    expect(overlaps(mirror('fuseblk'), `${at}/s`, '/d')).toEqual([]);
    expect(overlaps(`30 20 0:60 / /d/m rw - fuse.x ${at}/none rw`, at, '/d')).toEqual([]);
  });

  it('an overlay: its upper directory, and for a source also the lower ones', () => {
    const lower = scratch.path('a:b').replace(':', String.raw`\134:`);
    const overlay = `30 20 0:60 / /o rw - overlay o rw,lowerdir=/none:${lower},upperdir=/up,redirect_dir`;
    const [below] = [scratch.path('a:b')];
    expect(overlaps(overlay, '/o/s', below, 'source')).toEqual([below]);
    expect(overlaps(overlay, below, '/o/s')).toEqual([]);
    expect(overlaps(overlay, '/o/s', '/elsewhere', 'source')).toEqual([]);
  });
});
