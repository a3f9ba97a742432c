/** Messages about the facts of a mount, word by word. */
import { describe, expect, it } from 'vitest';
import type { Location, Mount } from '../../../src/model/run/location.ts';
import {
  checkApart,
  checkEncryption,
  checkMount,
  checkMountsBelow,
  checkReadahead,
  checkSnapshot,
  checkSnapshots,
} from '../../../src/preflight/mount-checks.ts';

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
const SOURCE: Location = { ...NFS, side: 'source' };
const WHERE = 'nfs4 efs:/ at /mnt/efs';
const HERE = 'on this machine: ext4 efs:/ at /';

function onOne(name: string): object {
  return {
    result: 'WARNING',
    subject: 'source and destination',
    finding: `on the same file system, ${name}, which carries the load of both sides`,
  };
}

describe('a mount', () => {
  it.each<[string, Location, string | undefined, object]>([
    ['of a server', NFS, undefined, { result: 'OK', finding: WHERE }],
    ['that fstab has', NFS, 'efs:/', { result: 'OK', finding: WHERE }],
    [
      'of this machine, as destination',
      LOCAL,
      undefined,
      { result: 'WARNING', finding: HERE, cure: 'if it should be a mount, check that it is mounted' },
    ],
    ['of this machine, as source', { ...LOCAL, side: 'source' }, undefined, { result: 'OK', finding: HERE }],
    [
      'of this machine, where fstab has another',
      LOCAL,
      'efs:/',
      {
        result: 'FAIL',
        finding: '/etc/fstab lists efs:/ for it, but that is not mounted: this is ext4 efs:/ at /',
        cure: 'mount /mnt/efs',
      },
    ],
    [
      'that nobody knows',
      { ...NFS, mount: undefined },
      undefined,
      { result: 'WARNING', finding: 'its mount is not in /proc/self/mountinfo' },
    ],
  ])('%s', (_, location, fstabSource, told) => {
    expect(checkMount(location, fstabSource)).toEqual({ subject: `${location.side}: mount`, ...told });
  });

  it.each([
    ['yes', { result: 'OK', finding: 'encrypted: stunnel' }],
    ['no', { result: 'WARNING', finding: 'not encrypted: stunnel' }],
    ['unknown', { result: 'WARNING', finding: 'cannot tell: stunnel' }],
  ] as const)('whose encryption is %s', (encrypted, told) => {
    const cure = { cure: 'mount with -o tls (efs-utils) or xprtsec=tls' };
    expect(checkEncryption(NFS, { encrypted, evidence: 'stunnel' })).toEqual({
      subject: 'destination: encryption in transit',
      ...told,
      ...(encrypted === 'yes' ? {} : cure),
    });
    expect(checkEncryption(LOCAL, { encrypted, evidence: 'stunnel' })).toBeUndefined();
  });

  it('whose readahead is short', () => {
    const subject = 'destination: readahead';
    expect(checkReadahead(NFS, { kb: 14_999, file: '/f' })).toEqual({
      result: 'WARNING',
      subject,
      finding: '14999 KiB: reading one large file at a time is slow',
      cure: 'echo 15000 > /f',
    });
    expect(checkReadahead(NFS, { kb: 15_000, file: '/f' })).toEqual({
      result: 'OK',
      subject,
      finding: '15000 KiB',
    });
  });

  it.each([
    ['of no NFS', LOCAL, 128],
    ['that nobody knows', { ...NFS, mount: undefined }, 128],
    ['that does not tell', NFS, undefined],
  ])('%s has no readahead to report', (_, location, kb) => {
    expect(checkReadahead(location, { kb, file: '/f' })).toBeUndefined();
  });

  it('may be that of both sides', () => {
    expect(checkApart(SOURCE, NFS)).toEqual(onOne('efs:/'));
    expect(checkApart({ ...SOURCE, mount: undefined }, NFS)).toEqual(onOne('/mnt/efs'));
    expect(checkApart({ ...SOURCE, device: 8 }, NFS)).toBeUndefined();
    expect(checkApart({ ...LOCAL, side: 'source' }, LOCAL)).toBeUndefined();
  });
});

describe('mounts below', () => {
  it.each([
    [
      'source',
      false,
      { result: 'WARNING', finding: 'a, b', cure: 'they are copied too; use -x to skip them' },
    ],
    ['source', true, { result: 'OK', finding: 'a, b: skipped (-x)' }],
    ...[true, false].map(
      (oneFileSystem) =>
        [
          'destination',
          oneFileSystem,
          {
            result: 'WARNING',
            finding: 'a, b',
            cure: 'files that the source has there are written to them; nothing is deleted in a mount whose directory the source does not have',
          },
        ] as const,
    ),
  ] as const)('%s, -x %s', (side, oneFileSystem, told) => {
    const check = checkMountsBelow({ ...NFS, side }, ['a', 'b'], oneFileSystem);
    expect(check).toEqual({ subject: `${side}: mounts below`, ...told });
  });

  it('are named, up to five', () => {
    expect(checkMountsBelow(NFS, [], false)).toBeUndefined();
    const names = ['1', '2', '3', '4', '5', '6', '7'];
    expect(checkMountsBelow(NFS, names.slice(0, 5), false)?.finding).toBe('1, 2, 3, 4, 5');
    expect(checkMountsBelow(NFS, names, false)?.finding).toBe('1, 2, 3, 4, 5 and 2 more');
  });
});

describe('a snapshot', () => {
  it('that is read', () => {
    const path = '/mnt/efs/.snapshot/daily';
    expect(checkSnapshot({ ...SOURCE, path })).toEqual({
      result: 'OK',
      subject: 'source: snapshot',
      finding: path,
    });
  });

  it('that could be read', () => {
    expect(checkSnapshots(SOURCE, '/mnt/efs/.snapshot')).toEqual({
      result: 'WARNING',
      subject: 'source: live data',
      finding:
        'snapshots are available in /mnt/efs/.snapshot; without one, files that change during a sync are reported as changed',
      cure: 'use --source-snapshot=latest: files in a snapshot do not change',
    });
    expect(checkSnapshots(SOURCE, undefined)).toBeUndefined();
    expect(checkSnapshots({ ...LOCAL, side: 'source' }, '/mnt/efs/.snapshot')).toBeUndefined();
  });
});
