import { chmodSync, closeSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, it, expect } from 'vitest';
import { LocationError } from '../../../../src/model/run/errors.ts';
import { waysInto } from '../../../../src/filesystem/roots/location-identity.ts';
import { sameIdentity } from '../../../../src/model/entry.ts';
import { resolveLocation } from '../../../../src/filesystem/roots/open-location.ts';
import type { Location } from '../../../../src/model/run/location.ts';
import { withLatfs } from '../../../support/latfs.ts';
import { makeScratch, run, type Scratch } from '../../../support/open-files.ts';
import { describeWith } from '../../../support/requirements.ts';

let scratch: Scratch;
const opened: number[] = [];

beforeEach(() => {
  scratch = makeScratch();
  mkdirSync(scratch.path('a/b/c'), { recursive: true });
  mkdirSync(scratch.path('ab'));
  symlinkSync('a/b', scratch.path('link'));
  writeFileSync(scratch.path('file'), '');
});
afterEach(() => {
  for (const fd of opened.splice(0)) closeSync(fd);
  scratch.remove();
});

async function isInside(inner: Location, outer: Location): Promise<boolean> {
  return (await waysInto(inner, outer)).length > 0;
}

async function resolve(path: string): Promise<Location> {
  const location = await resolveLocation('source', path);
  opened.push(location.fd);
  return location;
}

describe('resolveLocation', () => {
  it('identifies a directory', async () => {
    const location = await resolve(scratch.path('a'));
    expect(location).toMatchObject({
      side: 'source',
      path: scratch.path('a'),
      realPath: run('realpath', scratch.path('a')).trim(),
      inode: statSync(scratch.path('a'), { bigint: true }).ino,
      mountId: Number(run('findmnt', '-no', 'ID', '--target', scratch.path('a'))),
    });
    const device = Number(run('stat', '-c', '%Hd', scratch.path('a'))) * 2 ** 32;
    expect(location.device).toBe(device + Number(run('stat', '-c', '%Ld', scratch.path('a'))));
    expect(location.mount?.fileSystemType).toBe(
      run('findmnt', '-no', 'FSTYPE', '--target', scratch.directory).trim(),
    );
  });

  it('follows a symbolic link to the root, and ignores extra slashes and dots', async () => {
    const location = await resolve(scratch.path('link'));
    expect(location.realPath).toBe(run('realpath', scratch.path('a/b')).trim());
    expect(sameIdentity(location, await resolve(`${scratch.directory}/a/../a/b/.//`))).toBe(true);
    expect(sameIdentity(location, await resolve(scratch.path('a')))).toBe(false);
  });

  it('recognises a local file system', async () => {
    const { isRemote, callStyle, latencyUs, timestampGranularityNs } = await resolve('/dev');
    expect({ isRemote, callStyle, timestampGranularityNs }).toEqual({
      isRemote: false,
      callStyle: 'blocking',
      timestampGranularityNs: 1,
    });
    expect(latencyUs).toBeGreaterThan(0);
  });

  it.each([
    ['none', 'No such file or directory', 'ENOENT'],
    ['file', 'Not a directory', 'ENOTDIR'],
    ['n'.repeat(256), 'File name too long', 'ENAMETOOLONG'],
    ['caf\xc3\xa9', 'No such file or directory', 'ENOENT'],
  ])('refuses %s', async (name, reason, code) => {
    const path = scratch.path(name);
    const failure = await resolve(path).catch((error: unknown) => error);
    const shown = path.replace('caf\xc3\xa9', 'café');
    expect(failure).toBeInstanceOf(LocationError);
    expect(failure).toMatchObject({
      message: `cannot use source ${shown}: ${reason}`,
      code,
      path,
      syscall: 'open',
    });
  });
});

describeWith(['root'], 'resolveLocation as another user', () => {
  it.each([
    [0o311, 'open'],
    [0o644, 'statx'],
  ])('refuses a directory of mode %o', async (mode, syscall) => {
    chmodSync(scratch.directory, 0o755);
    chmodSync(scratch.path('ab'), mode);
    process.seteuid?.(65534);
    try {
      await expect(resolve(scratch.path('ab'))).rejects.toMatchObject({
        message: `cannot use source ${scratch.path('ab')}: Permission denied`,
        code: 'EACCES',
        syscall,
      });
    } finally {
      process.seteuid?.(0);
    }
  });
});

describe('waysInto', () => {
  it.each([
    ['a/b/c', 'a', true],
    ['a', 'a', true],
    ['link', 'a', true],
    ['a/b/c', 'link', true],
    ['a', 'a/b', false],
    ['ab', 'a', false],
  ])('%s inside %s: %s', async (inner, outer, expected) => {
    expect(await isInside(await resolve(scratch.path(inner)), await resolve(scratch.path(outer)))).toBe(
      expected,
    );
  });

  it('everything is inside /', async () => {
    expect(await isInside(await resolve('/dev/shm'), await resolve('/'))).toBe(true);
    expect(await isInside(await resolve('/'), await resolve('/dev/shm'))).toBe(false);
  });
});

describeWith(['tmpfs mount'], 'waysInto with bind mounts', () => {
  beforeEach(() => mkdirSync(scratch.path('mount')));
  // Lazily, because the locations stay open until the test has ended.
  afterEach(() => run('umount', '--lazy', scratch.path('mount')));

  it('finds an outer one that shows an ancestor', async () => {
    run('mount', '--bind', scratch.path('a'), scratch.path('mount'));
    const [outer, inner] = [await resolve(scratch.path('mount')), await resolve(scratch.path('a/b'))];
    expect(await isInside(inner, outer)).toBe(true);
    expect(await isInside(outer, inner)).toBe(false);
    expect(sameIdentity(outer, await resolve(scratch.path('a')))).toBe(true);
  });

  it('finds an inner one that shows a descendant', async () => {
    run('mount', '--bind', scratch.path('a/b'), scratch.path('mount'));
    const [outer, inner] = [await resolve(scratch.path('a')), await resolve(scratch.path('mount/c'))];
    expect(await isInside(inner, outer)).toBe(true);
    expect(await isInside(outer, inner)).toBe(false);
    expect(await isInside(inner, await resolve(scratch.path('ab')))).toBe(false);
  });

  it('returns each way, and whether a mount is between', async () => {
    run('mount', '--bind', scratch.path('a/b'), scratch.path('mount'));
    const [top, inner] = [await resolve(scratch.directory), await resolve(scratch.path('mount/c'))];
    expect(await waysInto(inner, top)).toEqual([
      { path: 'mount/c', isBehindMount: true },
      { path: 'a/b/c', isBehindMount: false },
    ]);
    expect(await waysInto(await resolve(scratch.path('a/b')), top)).toEqual([
      { path: 'a/b', isBehindMount: false },
    ]);
  });

  it('finds an outer one that shows an ancestor on another file system', async () => {
    run('mount', '--bind', scratch.path('a'), scratch.path('mount'));
    run('mount', '-t', 'tmpfs', 'none', scratch.path('a/b'));
    try {
      const [outer, inner] = [await resolve(scratch.path('mount')), await resolve(scratch.path('a/b'))];
      expect(inner.device).not.toBe(outer.device);
      expect(await isInside(inner, outer)).toBe(true);
      expect(await isInside(outer, inner)).toBe(false);
    } finally {
      run('umount', '--lazy', scratch.path('a/b'));
    }
  });
});

describeWith(['loop mount'], 'timestampGranularityNs', () => {
  it.each([
    ['mkfs.ext4 -q -I 256', 'ext4', 1],
    ['mkfs.ext2 -q -I 128', 'ext2', 1e9],
  ])('of a file system made by %s', async (make, type, expected) => {
    const image = scratch.path('image');
    run('sh', '-c', `truncate -s 1M '${image}' && ${make} '${image}'`);
    run('mount', '-t', type, '-o', 'loop', image, scratch.path('ab'));
    try {
      const { fd, timestampGranularityNs } = await resolveLocation('destination', scratch.path('ab'));
      closeSync(fd);
      expect(timestampGranularityNs).toBe(expected);
    } finally {
      run('umount', scratch.path('ab'));
    }
  });
});

describeWith(['latfs'], 'the latency of a slow mount', () => {
  it('is known after a few round trips', async () => {
    const mount = { backing: scratch.path('a'), mountPoint: scratch.path('slow') };
    await withLatfs(mount, ['--latency', '10'], async (slow) => {
      const { latencyUs } = await resolve(slow.mountPoint);
      for (const fd of opened.splice(0)) closeSync(fd);
      expect(latencyUs).toBeGreaterThan(10_000);
      expect(slow.stats().ops['getattr']?.count).toBeLessThan(6);
    });
  });
});
