import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileSystemOf } from '../../../../src/model/file-systems.ts';
import {
  mountOf,
  parseMounts,
  readMounts,
  readsBringAttributes,
} from '../../../../src/filesystem/mounts/mounts.ts';
import { makeScratch, run, runPython, type Scratch } from '../../../support/open-files.ts';
import { describeWith } from '../../../support/requirements.ts';

let scratch: Scratch;
beforeEach(() => (scratch = makeScratch()));
afterEach(() => scratch.remove());

describe('readMounts', () => {
  it('sees what findmnt sees', () => {
    const columns = ['-o', 'ID,TARGET,FSTYPE', '--raw', '--noheadings'];
    const lines = run('findmnt', ...columns)
      .trim()
      .split('\n')
      .toSorted();
    const mounts = readMounts();
    const seen = mounts.map(
      ({ mountId, mountPoint, fileSystemType }) => `${mountId} ${mountPoint} ${fileSystemType}`,
    );
    expect(seen.toSorted()).toEqual(lines);
  });
});

const ODD_NAME = 'a b\n\\040\xff#';

/** Uses Python, because Node would encode the name as UTF-8. */
function runAtOddName(...command: readonly string[]): void {
  const script = `import os, subprocess, sys
path = os.path.join(os.fsencode(sys.argv[1]), sys.argv[2].encode('latin1'))
os.makedirs(path, exist_ok=True)
subprocess.check_call(sys.argv[3:] + [path])`;
  runPython(script, scratch.directory, ODD_NAME, ...command);
}

describeWith(['tmpfs mount'], 'readMounts of odd names', () => {
  it('decodes them, byte by byte', () => {
    runAtOddName('mount', '-t', 'tmpfs', '-o', 'size=1m', 'a source');
    try {
      const mounts = readMounts();
      const point = scratch.path(ODD_NAME);
      const mount = mountOf(mounts, `${point}/below`);
      expect(mount).toMatchObject({ mountPoint: point, fileSystemType: 'tmpfs', source: 'a source' });
      expect(mount?.superOptions).toContain('size=1024k');
      expect(mountOf(mounts, mount?.mountId ?? 0)).toBe(mount);
    } finally {
      runAtOddName('umount');
    }
  });

  it('returns the directory that a bind mount shows', () => {
    mkdirSync(scratch.path('a/b'), { recursive: true });
    mkdirSync(scratch.path('c'));
    run('mount', '-t', 'tmpfs', 'none', scratch.path('a'));
    mkdirSync(scratch.path('a/b'));
    run('mount', '--bind', scratch.path('a/b'), scratch.path('c'));
    try {
      expect(mountOf(readMounts(), scratch.path('c'))).toMatchObject({ rootPath: '/b' });
    } finally {
      run('umount', scratch.path('c'));
      run('umount', scratch.path('a'));
    }
  });
});

describe('parseMounts', () => {
  const text = `22 1 254:0 / / rw - ext4 /dev/vda rw
30 22 0:40 / /mnt rw,noatime shared:1 master:2 - nfs4 10.0.0.5:/export rw,vers=4.1,addr=10.0.0.5
31 22 0:41 / /mntx rw - fuse.sshfs host:/ rw
32 22 0:42 / /home rw - fuseblk /dev/sdb rw
33 30 0:43 / /mnt rw - tmpfs none rw
`;
  const mounts = parseMounts(text);

  it('knows the remote ones', () => {
    expect(mounts.filter(({ isRemote }) => isRemote).map(({ mountId }) => mountId)).toEqual([30, 31]);
  });

  it('skips optional fields', () => {
    expect(mounts[1]).toEqual({
      mountId: 30,
      parentId: 22,
      device: '0:40',
      mountPoint: '/mnt',
      rootPath: '/',
      fileSystemType: 'nfs4',
      source: '10.0.0.5:/export',
      options: ['rw', 'noatime'],
      superOptions: ['rw', 'vers=4.1', 'addr=10.0.0.5'],
      isRemote: true,
    });
  });

  it.each([
    ['/', 22],
    ['/mnt', 33],
    ['/mnt/a', 33],
    ['/mntx/a', 31],
    ['/mnty', 22],
  ])('finds the mount that holds %s', (path, mountId) => {
    expect(mountOf(mounts, path)?.mountId).toBe(mountId);
  });

  it('finds none by an unknown id', () => {
    expect(mountOf(mounts, 99)).toBeUndefined();
  });
});

describe('readsBringAttributes', () => {
  const text = [
    '30 1 0:40 / /three rw - nfs nas:/x rw,vers=3,rsize=1048576,addr=10.0.0.1',
    '31 1 0:41 / /four rw - nfs4 efs:/ rw,vers=4.1,addr=10.0.0.2',
    '32 1 0:42 / /nocto rw - nfs nas:/x rw,vers=3,nocto,addr=10.0.0.1',
    '33 1 0:43 / /disk rw - ext4 /dev/sda1 rw',
  ].join('\n');

  it('is true for NFS v3 if opening a file asks the server', () => {
    const mounts = parseMounts(text);
    expect(mounts.filter(readsBringAttributes).map(({ mountPoint }) => mountPoint)).toEqual(['/three']);
    expect(readsBringAttributes(undefined)).toBe(false);
  });
});

describe('copiesUnderFileLock', () => {
  const text = ['ext4', 'tmpfs', 'xfs', 'btrfs', 'nfs4', 'overlay']
    .map((type, index) => `${index + 30} 1 0:${index} / /${type} rw - ${type} what rw`)
    .join('\n');

  it('is true if the kernel copies bytes, not if extents are shared or a server copies', () => {
    const mounts = parseMounts(text);
    expect(
      mounts.filter((mount) => fileSystemOf(mount).copiesUnderFileLock).map(({ mountPoint }) => mountPoint),
    ).toEqual(['/ext4', '/tmpfs']);
    expect(fileSystemOf(undefined).copiesUnderFileLock).toBe(false);
  });
});
