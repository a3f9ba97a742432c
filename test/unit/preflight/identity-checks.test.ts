/** Messages about this user from the probe of each side, word by word. */
import { describe, expect, it } from 'vitest';
import { checkProbe, checkReading } from '../../../src/preflight/identity-checks.ts';

const ROOT = { isRoot: true, uid: 0, gid: 0, groups: new Set([0]), mapped: undefined };
const USER = { isRoot: false, uid: 1000, gid: 1000, groups: new Set([1000]), mapped: undefined };
const PROBE = { failure: undefined, uid: 0, gid: 0, chownFailure: undefined, keepsNanoseconds: true };
const UNSQUASH = 'export it with no_root_squash, or use an access point that does not enforce a user';

function writing(precision: string): object {
  return {
    result: 'OK',
    subject: 'destination: writing',
    finding: `a file was created and removed; ${precision}`,
  };
}

describe('a created file', () => {
  const fine = writing('times are kept to the nanosecond');
  const given = { result: 'OK', finding: 'root can give files to any user' };

  it.each([
    ['root, all well', PROBE, ROOT, fine, given],
    ['coarse times', { ...PROBE, keepsNanoseconds: false }, ROOT, writing('times are rounded'), given],
    [
      'another user',
      { ...PROBE, uid: 1000, gid: 1000 },
      USER,
      fine,
      {
        result: 'WARNING',
        finding: 'not root: all files will belong to user 1000, and other owners cannot be kept',
        cure: 'run as root to keep owners',
      },
    ],
    [
      'squashed',
      { ...PROBE, uid: 65_534, gid: 65_533 },
      ROOT,
      fine,
      {
        result: 'FAIL',
        finding:
          'files that user 0 creates belong to 65534:65533: the server enforces an identity, so no owner can be kept',
        cure: UNSQUASH,
      },
    ],
    [
      'not all ids are mapped',
      PROBE,
      { ...ROOT, mapped: { uids: [], gids: [] } },
      fine,
      {
        result: 'WARNING',
        finding:
          'this user namespace does not map every id (/proc/self/uid_map): other owners cannot be kept',
        cure: 'to keep owners, run outside it or map every id',
      },
    ],
    [
      'root may not chown',
      { ...PROBE, chownFailure: 'Operation not permitted' },
      ROOT,
      fine,
      {
        result: 'FAIL',
        finding: 'root cannot give a file to another user: Operation not permitted',
        cure: UNSQUASH,
      },
    ],
  ])('%s', (...[, probe, rights, written, identity]) => {
    expect(checkProbe(probe, rights)).toEqual([written, { subject: 'destination: identity', ...identity }]);
  });
});

describe('a file that cannot be created', () => {
  it.each([
    ['root', ROOT, false, `if root is denied: ${UNSQUASH}`],
    ['another user', USER, false, 'run as a user who may write there'],
    ['root, by a server that takes no changes', ROOT, true, 'export it for writing (rw)'],
    ['another user, by such a server', USER, true, 'export it for writing (rw)'],
  ])('%s', (_, rights, isReadOnly, cure) => {
    const finding = 'cannot create a file: Permission denied';
    expect(checkProbe({ ...PROBE, failure: finding, isReadOnly }, rights)).toEqual([
      { result: 'FAIL', subject: 'destination: writing', finding, cure },
    ]);
  });
});

describe('files that only their owner may read', () => {
  const subject = 'source: reading';
  const denied = { path: 'home/k', failure: 'Permission denied' };
  const finding = 'cannot read home/k, which only its owner may read: Permission denied';

  it.each([
    [
      'is denied to root',
      denied,
      ROOT,
      {
        result: 'FAIL',
        finding,
        cure: 'the export squashes root: export it with no_root_squash, and mount it again',
      },
    ],
    [
      'is denied to another user',
      denied,
      USER,
      {
        result: 'WARNING',
        finding,
        cure: 'run as root to copy what others own',
      },
    ],
    [
      'can be read',
      { ...denied, failure: undefined },
      USER,
      {
        result: 'OK',
        finding: 'can read even home/k, which only its owner may read',
      },
    ],
    ['was not met', undefined, ROOT, { result: 'OK', finding: 'found nothing that only its owner may read' }],
  ])('%s', (_, found, rights, told) => {
    expect(checkReading(found, rights)).toEqual({ subject, ...told });
  });
});
