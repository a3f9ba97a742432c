/** Snapshots are found in the location and at its mount point, and read with the times that order them. */
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSnapshots, readSnapshotTimes } from '../../../../src/filesystem/mounts/find-snapshots.ts';
import type { Mount } from '../../../../src/model/run/location.ts';
import { makeScratch, run, type Scratch } from '../../../support/open-files.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch();
  mkdirSync(scratch.path('mount/data/home'), { recursive: true });
});
afterEach(() => scratch.remove());

function locationAt(name: string, mountPoint = scratch.path('mount')) {
  const mount = { mountPoint } as Mount;
  return { realPath: scratch.path(name), mount, isRemote: false };
}

function make(...names: readonly string[]): void {
  for (const name of names) mkdirSync(scratch.path(name), { recursive: true });
}

describe('findSnapshots', () => {
  it.each(['.snapshot', '.zfs/snapshot'])('finds %s in the location', async (name) => {
    make(`mount/data/${name}`);
    const path = scratch.path(`mount/data/${name}`);
    expect(await findSnapshots(locationAt('mount/data'))).toEqual({ path, below: '' });
  });

  it('finds those of the mount point, and the way to the location in them', async () => {
    make('mount/.snapshot');
    const path = scratch.path('mount/.snapshot');
    expect(await findSnapshots(locationAt('mount/data/home'))).toEqual({ path, below: '/data/home' });
    expect(await findSnapshots(locationAt('mount'))).toEqual({ path, below: '' });
  });

  it('prefers those of the location', async () => {
    make('mount/.snapshot', 'mount/data/.zfs/snapshot');
    const path = scratch.path('mount/data/.zfs/snapshot');
    expect(await findSnapshots(locationAt('mount/data'))).toEqual({ path, below: '' });
  });

  it('finds none in a directory between the two, nor a file of that name', async () => {
    make('mount/data/.snapshot');
    writeFileSync(scratch.path('mount/.snapshot'), '');
    expect(await findSnapshots(locationAt('mount/data/home'))).toBeUndefined();
  });

  it('looks only in the location if its mount is unknown', async () => {
    make('mount/.snapshot');
    const location = { ...locationAt('mount/data'), mount: undefined };
    expect(await findSnapshots(location)).toBeUndefined();
  });
});

describe('readSnapshotTimes', () => {
  it('returns the times of each directory as stat(1) prints them', async () => {
    make('mount/.snapshot/daily', 'mount/.snapshot/hourly');
    writeFileSync(scratch.path('mount/.snapshot/notes'), '');
    symlinkSync('daily', scratch.path('mount/.snapshot/latest'));
    utimesSync(scratch.path('mount/.snapshot/daily'), 1_700_000_000, 1);
    const path = scratch.path('mount/.snapshot');
    const read = await readSnapshotTimes(locationAt('mount'), path);
    const shown = read.map(({ name, ...times }) => [name, times.atimeSec, times.ctimeSec, times.ctimeNsec]);
    const expected = ['daily', 'hourly'].map((name) => {
      const printed = run('stat', '-c', '%.9X %.9Z', `${path}/${name}`).trim();
      const [, atime, ctime, nanoseconds] = /^(\d+)\.\d+ (\d+)\.(\d+)$/.exec(printed) ?? [];
      return [name, Number(atime), Number(ctime), Number(nanoseconds)];
    });
    expect(shown).toEqual(expected);
    expect(shown[0]?.[1]).toBe(1_700_000_000);
  });

  it('fails with the path if there is no such directory', async () => {
    const path = scratch.path('mount/.snapshot');
    await expect(readSnapshotTimes(locationAt('mount'), path)).rejects.toMatchObject({
      code: 'ENOENT',
      path,
    });
  });
});
