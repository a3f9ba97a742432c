/** A read-only destination: who made it read-only, and what to do about it. */
import { describe, expect, it, test } from 'vitest';
import { parseMounts } from '../../../../src/filesystem/mounts/mounts.ts';
import {
  checkReadOnly,
  describeReadOnly,
  isElasticFileSystem,
  isMountedReadOnly,
  mountBoundsOf,
  type BelowRoot,
} from '../../../../src/policy/file-systems/mount-facts.ts';
import type { Mount } from '../../../../src/model/run/location.ts';

function mountedWith(options: string, superOptions: string) {
  const [mount] = parseMounts(`1 0 0:1 / /mnt/a\\040b ${options} - ext4 /dev/a ${superOptions}`);
  return { side: 'destination', realPath: '/mnt/a b/c', mount } as const;
}

const UNKNOWN = { side: 'source', realPath: '/mnt/c', mount: undefined } as const;
const WRITABLE = mountedWith('rw,relatime', 'rw,errors=remount-ro');

it.each([
  ['for writing', WRITABLE, false],
  ['read-only', mountedWith('ro,relatime', 'rw'), true],
  ['for writing, of a file system that is read-only', mountedWith('rw', 'ro'), true],
  ['read-only, of such a one', mountedWith('ro', 'ro'), true],
  ['nobody knows how', UNKNOWN, false],
])('mounted %s', (_, location, expected) => {
  expect(isMountedReadOnly(location)).toBe(expected);
});

describe('what was found, and what to do', () => {
  const REMOUNT = 'mount it for writing: mount -o remount,rw';

  it.each([
    [
      'the mount is read-only',
      mountedWith('ro', 'rw'),
      'it is mounted read-only (ext4 /dev/a at /mnt/a b)',
      `${REMOUNT} /mnt/a b`,
    ],
    [
      'mount and file system are read-only',
      mountedWith('ro', 'ro'),
      'it is mounted read-only (ext4 /dev/a at /mnt/a b)',
      `${REMOUNT} /mnt/a b`,
    ],
    [
      'the file system made itself read-only',
      mountedWith('rw', 'ro'),
      'its file system is read-only (ext4 /dev/a at /mnt/a b)',
      `see dmesg for an error, and ${REMOUNT} /mnt/a b`,
    ],
    ['the mount is not known', UNKNOWN, 'it is mounted read-only (/mnt/c)', `${REMOUNT} /mnt/c`],
  ])('%s', (_, location, finding, cure) => {
    expect(describeReadOnly(location, 'mount')).toEqual({ finding, cure });
  });

  it.each([
    ['a known mount', WRITABLE, 'its server allows no changes to it (ext4 /dev/a at /mnt/a b)'],
    ['an unknown one', UNKNOWN, 'its server allows no changes to it (/mnt/c)'],
  ])('the server of %s has it so', (_, location, finding) => {
    const cure = 'export it for writing (rw)';
    expect(describeReadOnly(location, 'server')).toEqual({ finding, cure });
  });

  it('shows no control characters of a name', () => {
    const { finding, cure } = describeReadOnly({ ...UNKNOWN, realPath: '/\x1b[2J' }, 'mount');
    expect(finding).toBe('it is mounted read-only (/\\#033[2J)');
    expect(cure).toBe(`${REMOUNT} /\\#033[2J`);
  });
});

describe('checkReadOnly', () => {
  it('fails, and says that a sync would', () => {
    expect(checkReadOnly(mountedWith('ro', 'rw'))).toEqual({
      result: 'FAIL',
      subject: 'destination: writing',
      finding: 'it is mounted read-only (ext4 /dev/a at /mnt/a b); a sync would be refused (exit status 3)',
      cure: 'mount it for writing: mount -o remount,rw /mnt/a b',
    });
  });

  it.each([
    ['can be written to', WRITABLE],
    ['is on no known mount', UNKNOWN],
  ])('says nothing of one that %s', (_, location) => {
    expect(checkReadOnly(location)).toBeUndefined();
  });
});

const BELOW: BelowRoot = { device: 1, isMountRoot: false, deviceAbove: 1, rootDevice: 1 };
const NEITHER = { isMountPoint: false, isOutside: false };

test.each<[string, Partial<BelowRoot>, boolean, ReturnType<typeof mountBoundsOf>]>([
  ['a directory', {}, true, NEITHER],
  ['a bind mount', { isMountRoot: true }, false, { isMountPoint: true, isOutside: false }],
  ['a bind mount with -x', { isMountRoot: true }, true, { isMountPoint: true, isOutside: true }],
  ['a device of its own that is not mounted', { device: 2 }, false, NEITHER],
  ['such a device with -x', { device: 2 }, true, { isMountPoint: false, isOutside: true }],
  [
    'below what is mounted, with -x',
    { device: 2, deviceAbove: 2 },
    true,
    { isMountPoint: false, isOutside: true },
  ],
  ['an old kernel', { isMountRoot: undefined }, true, NEITHER],
  [
    'an old kernel and another device',
    { isMountRoot: undefined, device: 2 },
    false,
    { isMountPoint: true, isOutside: false },
  ],
  [
    'an old kernel below what is mounted',
    { isMountRoot: undefined, device: 2, deviceAbove: 2 },
    false,
    NEITHER,
  ],
  [
    'an old kernel, nothing known above',
    { isMountRoot: undefined, device: 2, deviceAbove: undefined },
    false,
    NEITHER,
  ],
])('%s', (_, below, oneFileSystem, expected) => {
  expect(mountBoundsOf({ ...BELOW, ...below }, oneFileSystem)).toEqual(expected);
});

function mountOf(fileSystemType: string, source: string, superOptions: readonly string[] = []): Mount {
  return {
    mountId: 1,
    parentId: 1,
    device: '0:50',
    mountPoint: '/mnt',
    rootPath: '/',
    fileSystemType,
    source,
    options: ['rw'],
    superOptions,
    isRemote: true,
  };
}

test.each([
  ['by its name', mountOf('nfs4', 'fs-0a1b2c3d.efs.eu-central-1.amazonaws.com:/')],
  ['a directory of it', mountOf('nfs4', 'fs-0a1b2c3d.efs.eu-central-1.amazonaws.com:/export/a:/b')],
  ['in one zone', mountOf('nfs4', 'eu-west-1a.fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com:/')],
  ['in China', mountOf('nfs4', 'fs-01.efs.cn-north-1.amazonaws.com.cn:/')],
  ['through efs-utils', mountOf('nfs4', '127.0.0.1:/', ['rw', 'vers=4.1', 'port=20059', 'addr=127.0.0.1'])],
  ['through a tunnel by name', mountOf('nfs4', 'localhost:/', ['port=20059'])],
  ['through a tunnel, IPv6', mountOf('nfs4', '[::1]:/', ['port=20059'])],
  ['through a tunnel, IPv6 bare', mountOf('nfs4', '::1:/', ['port=20059'])],
])('EFS, mounted %s', (_, efs) => {
  expect(isElasticFileSystem(efs)).toBe(true);
});

test.each([
  ['a NAS', mountOf('nfs4', 'nas:/export')],
  ['EFS speaks NFS v4 alone', mountOf('nfs', 'fs-0a1b2c3d.efs.eu-central-1.amazonaws.com:/')],
  ['a name that only begins so', mountOf('nfs4', 'fs-01.efs.eu-west-1.amazonaws.com.example.org:/')],
  ['a directory named so', mountOf('nfs4', 'nas:/fs-01.efs.eu-west-1.amazonaws.com:/')],
  ['a server of this machine', mountOf('nfs4', '127.0.0.1:/', ['vers=4.1', 'addr=127.0.0.1'])],
  ['the same, its port told', mountOf('nfs4', 'localhost:/', ['port=2049'])],
  ['another port of a NAS', mountOf('nfs4', 'nas:/', ['port=20059'])],
  ['a disk', mountOf('ext4', '/dev/sda1')],
  ['unknown', undefined],
])('not EFS: %s', (_, other) => {
  expect(isElasticFileSystem(other)).toBe(false);
});
