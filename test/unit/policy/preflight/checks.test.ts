/** What the facts of a mount and of a probe come to. */
import { describe, expect, it, test } from 'vitest';
import type { Location, Mount } from '../../../../src/model/location.ts';
import { checkProbe, checkReading } from '../../../../src/policy/preflight/identity-checks.ts';
import {
  checkApart,
  checkEncryption,
  checkMount,
  checkMountsBelow,
  checkReadahead,
} from '../../../../src/policy/preflight/mount-checks.ts';

const MOUNT: Mount = {
  mountId: 1,
  parentId: 1,
  device: '0:50',
  mountPoint: '/mnt/efs',
  rootPath: '/',
  fileSystemType: 'nfs4',
  source: 'efs:/',
  options: [],
  superOptions: [],
  isRemote: true,
};
const NFS: Location = {
  side: 'destination',
  path: '/mnt/efs',
  realPath: '/mnt/efs',
  fd: 3,
  device: 7,
  inode: 2n,
  mountId: 1,
  isRemote: true,
  latencyUs: 1000,
  callStyle: 'overlapping',
  readsBringAttributes: false,
  copiesUnderFileLock: false,
  tellsMountPoints: true,
  timestampGranularityNs: 1,
  mount: MOUNT,
};
const LOCAL: Location = {
  ...NFS,
  isRemote: false,
  mount: { ...MOUNT, mountPoint: '/', fileSystemType: 'ext4' },
};
const ROOT = { isRoot: true, uid: 0, gid: 0, groups: new Set([0]), mapped: undefined };
const USER = { isRoot: false, uid: 1000, gid: 1000, groups: new Set([1000]), mapped: undefined };
const PROBE = { failure: undefined, uid: 0, gid: 0, chownFailure: undefined, keepsNanoseconds: true };

describe('a mount', () => {
  test.each<[string, Location, string | undefined, string]>([
    ['of a server', NFS, undefined, 'OK'],
    ['that fstab has', NFS, 'efs:/', 'OK'],
    ['of this machine, as destination', LOCAL, undefined, 'WARNING'],
    ['of this machine, as source', { ...LOCAL, side: 'source' }, undefined, 'OK'],
    ['of this machine, where fstab has another', LOCAL, 'efs:/', 'FAIL'],
  ])('%s', (_, location, fstabSource, result) => {
    expect(checkMount(location, fstabSource).result).toBe(result);
  });

  test('tells of encryption and readahead where it is remote', () => {
    expect(checkEncryption(NFS, { encrypted: 'yes', evidence: 'x' })?.result).toBe('OK');
    expect(checkEncryption(NFS, { encrypted: 'unknown', evidence: 'x' })).toMatchObject({
      finding: 'cannot tell: x',
    });
    expect(checkEncryption(LOCAL, { encrypted: 'no', evidence: 'x' })).toBeUndefined();
    expect(checkReadahead(NFS, { kb: 128, file: '/f' })).toMatchObject({
      result: 'WARNING',
      cure: 'echo 15000 > /f',
    });
    expect(checkReadahead(NFS, { kb: 15_000, file: '/f' })?.result).toBe('OK');
    expect(checkReadahead(LOCAL, { kb: 128, file: '/f' })).toBeUndefined();
  });

  test('may be that of both sides', () => {
    expect(checkApart({ ...NFS, side: 'source' }, NFS)?.result).toBe('WARNING');
    expect(checkApart({ ...NFS, side: 'source', device: 8 }, NFS)).toBeUndefined();
  });
});

describe('a probe', () => {
  test.each([
    ['root, all well', PROBE, ROOT, ['OK', 'OK']],
    ['another user', { ...PROBE, uid: 1000 }, USER, ['OK', 'WARNING']],
    ['squashed', { ...PROBE, uid: 65_534, gid: 65_534 }, ROOT, ['OK', 'FAIL']],
    ['root may not chown', { ...PROBE, chownFailure: 'Operation not permitted' }, ROOT, ['OK', 'FAIL']],
    ['not writable', { ...PROBE, failure: 'cannot make a file: Permission denied' }, ROOT, ['FAIL']],
  ])('%s', (_, probe, rights, results) => {
    expect(checkProbe(probe, rights).map(({ result }) => result)).toEqual(results);
  });

  test('of reading names the cure', () => {
    const denied = { path: 'home/k', failure: 'Permission denied' };
    const [asRoot, asUser] = [checkReading(denied, ROOT), checkReading(denied, USER)];
    expect([asRoot.result, asUser.result]).toEqual(['FAIL', 'WARNING']);
    expect(asRoot.cure).toContain('no_root_squash');
    expect(asUser.cure).toContain('run as root');
    expect(checkReading({ path: 'home/k', failure: undefined }, ROOT).result).toBe('OK');
    expect(checkReading(undefined, ROOT).result).toBe('OK');
  });
});

describe('checkMountsBelow', () => {
  it.each([
    ['source', false, 'WARNING', 'a, b', '-x leaves them out'],
    ['source', true, 'OK', 'a, b: left out (-x)', undefined],
    ['destination', true, 'WARNING', 'a, b', 'nothing is deleted'],
  ] as const)('%s, -x %s: %s', (side, oneFileSystem, ...[result, finding, cure]) => {
    const check = checkMountsBelow({ ...NFS, side }, ['a', 'b'], oneFileSystem);
    expect(check).toMatchObject({ result, finding, subject: `${side}: mounts below` });
    expect(check?.cure ?? '').toContain(cure ?? '');
  });

  it('says nothing of none, and counts the rest of many', () => {
    expect(checkMountsBelow(NFS, [], false)).toBeUndefined();
    const many = ['1', '2', '3', '4', '5', '6', '7'];
    expect(checkMountsBelow(NFS, many, false)?.finding).toBe('1, 2, 3, 4, 5 and 2 more');
  });
});
