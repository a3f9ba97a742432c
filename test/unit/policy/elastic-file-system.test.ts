import { expect, test } from 'vitest';
import type { Mount } from '../../../src/model/location.ts';
import { isElasticFileSystem } from '../../../src/policy/elastic-file-system.ts';

function mount(fileSystemType: string, source: string, superOptions: readonly string[] = []): Mount {
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
  ['by its name', mount('nfs4', 'fs-0a1b2c3d.efs.eu-central-1.amazonaws.com:/')],
  ['a directory of it', mount('nfs4', 'fs-0a1b2c3d.efs.eu-central-1.amazonaws.com:/export/a:/b')],
  ['in one zone', mount('nfs4', 'eu-west-1a.fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com:/')],
  ['in China', mount('nfs4', 'fs-01.efs.cn-north-1.amazonaws.com.cn:/')],
  ['through efs-utils', mount('nfs4', '127.0.0.1:/', ['rw', 'vers=4.1', 'port=20059', 'addr=127.0.0.1'])],
  ['through a tunnel by name', mount('nfs4', 'localhost:/', ['port=20059'])],
  ['through a tunnel, IPv6', mount('nfs4', '[::1]:/', ['port=20059'])],
  ['through a tunnel, IPv6 bare', mount('nfs4', '::1:/', ['port=20059'])],
])('EFS, mounted %s', (_, efs) => {
  expect(isElasticFileSystem(efs)).toBe(true);
});

test.each([
  ['a NAS', mount('nfs4', 'nas:/export')],
  ['EFS speaks NFS v4 alone', mount('nfs', 'fs-0a1b2c3d.efs.eu-central-1.amazonaws.com:/')],
  ['a name that only begins so', mount('nfs4', 'fs-01.efs.eu-west-1.amazonaws.com.example.org:/')],
  ['a directory named so', mount('nfs4', 'nas:/fs-01.efs.eu-west-1.amazonaws.com:/')],
  ['a server of this machine', mount('nfs4', '127.0.0.1:/', ['vers=4.1', 'addr=127.0.0.1'])],
  ['the same, its port told', mount('nfs4', 'localhost:/', ['port=2049'])],
  ['another port of a NAS', mount('nfs4', 'nas:/', ['port=20059'])],
  ['a disk', mount('ext4', '/dev/sda1')],
  ['unknown', undefined],
])('not EFS: %s', (_, other) => {
  expect(isElasticFileSystem(other)).toBe(false);
});
