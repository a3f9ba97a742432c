/** Listings, compared with python's os.listdir byte by byte. */
import { closeSync, mkdirSync, openSync, rmdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linuxCalls } from '../../../src/linux/linux.ts';
import { listDirectory, type Listing } from '../../../src/filesystem/list-directory.ts';
import { withFault } from '../../support/inject.ts';
import { IN_MEMORY, makeScratch, runPython, type Scratch } from '../../support/open-files.ts';
import { describeWith } from '../../support/requirements.ts';
import { CALL_PATHS, callsBy, type TestedPath } from '../../support/call-paths.ts';

let scratch: Scratch;
beforeEach(() => (scratch = makeScratch(IN_MEMORY)));
afterEach(() => scratch.remove());

async function list(style: TestedPath = 'blocking'): Promise<Listing> {
  const fd = openSync(scratch.directory, 'r');
  try {
    return await listDirectory({ linux: callsBy(style), fd, path: '' });
  } finally {
    closeSync(fd);
  }
}

/** Names by kind, in bytewise order. */
function listedByPython(): { directories: string[]; others: string[] } {
  const script = `import json, os, sys
root = os.fsencode(sys.argv[1])
found = sorted(os.scandir(root), key=lambda e: e.name)
split = lambda is_dir: [e.name.decode('latin1') for e in found if e.is_dir(follow_symlinks=False) == is_dir]
print(json.dumps(dict(directories=split(True), others=split(False))))`;
  return JSON.parse(runPython(script, scratch.directory)) as ReturnType<typeof listedByPython>;
}

describe('listDirectory', () => {
  it('lists nothing in an empty directory', async () => {
    expect(await list()).toEqual({ directories: [], others: [], incomplete: undefined });
  });

  it.each(CALL_PATHS)('returns names as raw bytes, sorted, %s', async (style) => {
    const script = `import os, socket, sys
os.chdir(sys.argv[1])
for byte in set(range(1, 256)) - {0x2e, 0x2f}: open(bytes([byte]), 'w').close()
for byte in set(range(1, 256)) - {0x2f}: os.mkdir(b'd' + bytes([byte]))
for name in [b'...', b'.hidden', b'-rf', b'__proto__', b'constructor', b'n' * 255, b'\\xff' * 255, 'na\\u0308me'.encode(), b'\\xed\\xa0\\x80']: open(name, 'w').close()
os.symlink('d1', 'link'); os.symlink('d1', 'link2'); os.mkfifo('fifo'); socket.socket(socket.AF_UNIX).bind('socket')`;
    runPython(script, scratch.directory);
    const { incomplete, ...names } = await list(style);
    expect(names).toEqual(listedByPython());
    expect(names.directories).toHaveLength(254);
    expect(incomplete).toBeUndefined();
  });

  /** NFS: a client requests attributes with further names only after some stats in this directory. */
  it('asks for attributes between two replies, pooled', async () => {
    for (let i = 0; i < 5000; i++) writeFileSync(`${scratch.directory}/${'x'.repeat(20)}${i}`, '');
    const linux = linuxCalls('pooled');
    const calls: string[] = [];
    const local = {
      ...linux.local,
      statx: (...args: Parameters<typeof linux.statx>) => (calls.push('statx'), linux.local.statx(...args)),
    };
    const getdents64: typeof linux.getdents64 = (...args) => (calls.push('list'), linux.getdents64(...args));
    const fd = openSync(scratch.directory, 'r');
    const { others } = await listDirectory({ linux: { ...linux, getdents64, local }, fd, path: '' });
    closeSync(fd);
    const asking = Array.from({ length: 10 }, () => 'statx');
    expect(calls).toEqual(['list', ...asking, 'list', ...asking, 'list']);
    expect(others).toEqual(listedByPython().others);
  });

  it('returns every name of a large directory', async () => {
    const script = `import os, sys
os.chdir(sys.argv[1])
for i in range(20000): open('%d-%s' % (i, 'x' * (i % 40)), 'w').close()`;
    runPython(script, scratch.directory);
    const { others } = await list();
    expect(others).toHaveLength(20_000);
    expect(others).toEqual(listedByPython().others);
  });

  it('reports a directory that has gone', async () => {
    mkdirSync(scratch.path('gone'));
    const fd = openSync(scratch.path('gone'), 'r');
    rmdirSync(scratch.path('gone'));
    const listing = await listDirectory({ linux: linuxCalls('blocking'), fd, path: 'a/gone' });
    closeSync(fd);
    expect(listing).toMatchObject({ directories: [], others: [] });
    expect(listing.incomplete).toMatchObject({ code: 'ENOENT', syscall: 'getdents64', path: 'a/gone' });
  });
});

describeWith(['strace'], 'listDirectory, when calls fail', () => {
  it('reports that the listing ended early, and returns what came before', async () => {
    for (let i = 0; i < 6000; i++) writeFileSync(scratch.path(`file ${i}`), '');
    const listing = await withFault('getdents64:error=EIO:when=2', [scratch.directory], () => list());
    expect(listing.incomplete).toMatchObject({ code: 'EIO', syscall: 'getdents64', path: '' });
    expect(listing.others.length).toBeGreaterThan(0);
    expect(listing.others.length).toBeLessThan(6000);
  });

  /** An entry from a file system without types in directories: a struct linux_dirent64 of type 0. */
  const untyped = ['.', '..', 'name'].map((name) => {
    const record = Buffer.alloc(24);
    record.writeUInt16LE(record.length, 16);
    record.write(name, 19);
    return record.toString('hex');
  });
  const noType = `getdents64:poke_exit=@arg2=${untyped.join('')}:when=1`;

  it.each(['directory', 'file'])(
    'looks up the kind of a %s if the file system does not report it',
    async (kind) => {
      if (kind === 'directory') mkdirSync(scratch.path('name'));
      else writeFileSync(scratch.path('name'), '');
      const listing = await withFault(noType, [scratch.directory], () => list());
      expect(listing).toEqual({ ...listedByPython(), incomplete: undefined });
    },
  );

  it('lists a name that it cannot look up among the others, and omits one that has gone', async () => {
    writeFileSync(scratch.path('name'), '');
    const failing = (code: string) =>
      withFault(`${noType} statx:error=${code}`, [scratch.directory], () => list());
    for (const code of ['EACCES', 'ESTALE', 'EIO']) {
      expect(await failing(code)).toEqual({ directories: [], others: ['name'], incomplete: undefined });
    }
    expect(await failing('ENOENT')).toEqual({ directories: [], others: [], incomplete: undefined });
  });
});
