/** Decoded statx results, compared with python's os.stat and os.lstat. */
import { closeSync, openSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readEntry, readOpenEntry, statName } from '../../../src/filesystem/entry-stat.ts';
import { linuxCalls } from '../../../src/linux/linux.ts';
import { snapshotOf, StatBuffer } from '../../../src/linux/stat-buffer.ts';
import type { Entry } from '../../../src/model/entry.ts';
import { IN_MEMORY, makeScratch, runPython, type Scratch } from '../../support/open-files.ts';
import { describeWith } from '../../support/requirements.ts';
import { CALL_PATHS, callsBy, type TestedPath } from '../../support/call-paths.ts';

const MAKE_ENTRIES = `
import os, socket, stat, sys
os.chdir(sys.argv[1])
os.umask(0)
for number, mode in enumerate([0o000, 0o644, 0o4755, 0o2711, 0o1777, 0o7777]):
    open(f'mode{number}', 'w').close(); os.chmod(f'mode{number}', mode)
for number, owner in enumerate([(0, 0), (1, 2), (65534, 65534), (2**31, 2**31 + 1), (2**32 - 2, 2**32 - 2)]):
    open(f'owner{number}', 'w').close(); os.chown(f'owner{number}', *owner)
SECOND = 10**9
for number, ns in enumerate([0, 1, -1, -SECOND, -SECOND - 1, 2**31 * SECOND + 999999999, 2**32 * SECOND + 5, 2**34 * SECOND - 1, -2**33 * SECOND + 1, (2**53 - 1) * SECOND - 1]):
    open(f'time{number}', 'w').close(); os.utime(f'time{number}', ns=(ns + 7, ns))
for size in [1, 4096, 2**32 - 1, 2**32 + 1, 2**42 + 3]:
    with open(f'size{size}', 'w') as f: f.truncate(size)
with open('blocks', 'w') as f: f.write('x' * 100000)
os.mkdir('directory'); os.mkdir('directory/below')
os.symlink('owner1', 'link'); os.symlink(b'\\xff' * 4000, 'dangling'); os.lchown('link', 7, 8)
os.mkfifo('fifo'); socket.socket(socket.AF_UNIX).bind('socket')
os.mknod('character', stat.S_IFCHR | 0o640, os.makedev(4095, 1048575))
os.mknod('block', stat.S_IFBLK | 0o600, os.makedev(259, 65539))
for number in range(5): os.link('owner2', f'name{number}')
open(b'\\xff\\n\\x01', 'w').close()
`;

const STAT_ALL = `
import json, os, sys
directory = os.fsencode(sys.argv[1])
def told(name):
    s = os.lstat(os.path.join(directory, name))
    device = lambda number: os.major(number) * 2**32 + os.minor(number)
    times = {}
    for kind in 'amc':
        times[f'{kind}timeSec'], times[f'{kind}timeNsec'] = divmod(getattr(s, f'st_{kind}time_ns'), 10**9)
    return dict(name=name.decode('latin1'), mode=s.st_mode, linkCount=s.st_nlink, uid=s.st_uid, gid=s.st_gid,
        sizeBytes=s.st_size, blocks=s.st_blocks, inode=str(s.st_ino), device=device(s.st_dev), specialDevice=device(s.st_rdev), **times)
print(json.dumps([told(name) for name in os.listdir(directory)]))
`;

type Told = Omit<Entry, 'inode'> & { readonly name: string; readonly inode: string };

/** Entries by name, as Python reads them. */
function statAll(directory: string): Map<string, Entry> {
  const all = JSON.parse(runPython(STAT_ALL, directory)) as Told[];
  return new Map(all.map(({ name, inode, ...entry }) => [name, { ...entry, inode: BigInt(inode) }]));
}

function withDirectory<T>(path: string, style: TestedPath, use: (fd: OpenAt) => Promise<T>): Promise<T> {
  const fd = openSync(path, 'r');
  return use({ linux: callsBy(style), fd, path: '' }).finally(() => closeSync(fd));
}
type OpenAt = Parameters<typeof readEntry>[0];

describeWith(['root', 'mknod', 'memory file system'], 'statx', () => {
  let scratch: Scratch;
  beforeEach(() => {
    scratch = makeScratch(IN_MEMORY);
    runPython(MAKE_ENTRIES, scratch.directory);
  });
  afterEach(() => scratch.remove());

  it.each(CALL_PATHS)('agrees with Python for every kind, %s', async (style) => {
    const expected = statAll(scratch.directory);
    expect(expected.size).toBeGreaterThan(35);
    await withDirectory(scratch.directory, style, async (directory) => {
      for (const [name, entry] of expected) expect(await readEntry(directory, name), name).toEqual(entry);
    });
  });

  it.each(['cached', 'server'] as const)('agrees in a reused buffer, %s', async (freshness) => {
    const stat = new StatBuffer();
    await withDirectory(scratch.directory, 'blocking', async (directory) => {
      for (const [name, entry] of statAll(scratch.directory)) {
        expect(await statName(directory, name, stat, freshness)).toBe(0);
        expect(snapshotOf(stat), name).toEqual(entry);
      }
    });
  });

  it('returns many concurrent results', async () => {
    const expected = statAll('/usr/bin');
    expect(expected.size).toBeGreaterThan(200);
    await withDirectory('/usr/bin', 'pooled', async (directory) => {
      const names = [...expected.keys()];
      const entries = await Promise.all(names.map((name) => readEntry(directory, name)));
      expect(new Map(entries.map((entry, index) => [names[index], entry]))).toEqual(expected);
    });
  });

  it('describes an open file', async () => {
    const expected = statAll(scratch.directory).get('directory');
    await withDirectory(scratch.path('directory'), 'blocking', async (open) => {
      expect(await readOpenEntry(open)).toEqual(expected);
      expect(await readOpenEntry(open, 'server')).toEqual(expected);
    });
  });

  it('returns seconds beyond a double as a multiple of 2048 and nanoseconds', async () => {
    const { directory } = scratch;
    runPython(
      `import os, sys
for name, sec in [('a', 2**53 + 2049), ('b', -2**53 - 1), ('c', 2**63 - 1), ('d', -2**63), ('e', 2**53), ('f', -2**53)]:
    path = os.path.join(sys.argv[1], name)
    open(path, 'w').close(); os.utime(path, ns=(0, sec * 10**9 + 7))`,
      directory,
    );
    await withDirectory(directory, 'blocking', async (open) => {
      const told: [number, number][] = [];
      for (const name of 'abcdef') {
        const { mtimeSec, mtimeNsec } = await readEntry(open, name);
        told.push([mtimeSec, mtimeNsec]);
      }
      expect(told).toEqual([
        [2 ** 53 + 2048, 1_000_000_007],
        [-(2 ** 53) - 2048, 2047_000_000_007],
        // The kernel drops nanoseconds at the limits of the range.
        [2 ** 63 - 2048, 2047_000_000_000],
        [-(2 ** 63), 0],
        [2 ** 53, 7],
        [-(2 ** 53), 7],
      ]);
    });
  });

  it('fails by name', async () => {
    await withDirectory(scratch.directory, 'pooled', async (directory) => {
      const below = { ...directory, path: 'some/where' };
      const failure = { code: 'ENOENT', errno: -2, syscall: 'statx', path: 'some/where/none' };
      await expect(readEntry(below, 'none')).rejects.toMatchObject(failure);
    });
    const closed = { linux: linuxCalls('blocking'), fd: 1_000_000, path: 'gone' };
    await expect(readOpenEntry(closed)).rejects.toMatchObject({ code: 'EBADF', path: 'gone' });
  });
});
