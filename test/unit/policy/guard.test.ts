import { describe, expect, it } from 'vitest';
import { LocationError } from '../../../src/model/run/errors.ts';
import type { DeleteLimit } from '../../../src/model/settings.ts';
import type { Location, Mount } from '../../../src/model/run/location.ts';
import {
  guardEmptySource,
  guardMountPoint,
  describeRootInMount,
  excludeAdvice,
  guardRelation,
  guardTls,
  isDeleteLimitReached,
} from '../../../src/policy/guard.ts';

const MOUNT: Mount = {
  mountId: 7,
  parentId: 1,
  device: '0:50',
  mountPoint: '/mnt/efs',
  rootPath: '/',
  fileSystemType: 'nfs4',
  source: '127.0.0.1:/',
  options: [],
  superOptions: [],
  isRemote: true,
};

function locationOf(fields: Partial<Location>): Location {
  return {
    side: 'destination',
    path: 'efs',
    realPath: '/mnt/efs',
    fd: 3,
    device: 1,
    inode: 1n,
    mountId: 7,
    mount: MOUNT,
    isRemote: true,
    latencyUs: 1000,
    callStyle: 'overlapping',
    readsBringAttributes: false,
    copiesUnderFileLock: false,
    tellsMountPoints: true,
    timestampGranularityNs: 1,
    ...fields,
  };
}

describe('describeRootInMount', () => {
  const named = { source: '/s', destination: '/d' };
  it.each([
    [
      { side: 'source', mountPoint: '/s/m', path: 'm', branch: undefined },
      'below the source there is a mount, /s/m, that shows the destination /d or part of it',
    ],
    [
      { side: 'destination', mountPoint: '/d', path: '', branch: '/up' },
      'the destination is on a mount, /d, that shows the source /s or part of it through /up',
    ],
  ] as const)('%s', (found, expected) => {
    expect(describeRootInMount(found, named)).toBe(expected);
  });
});

describe('guardRelation', () => {
  it.each([
    ['same', 'source and destination are the same directory'],
    ['source inside destination', 'the source lies inside the destination'],
    ['destination inside source', 'the destination lies inside the source'],
  ] as const)('refuses %s', (relation, what) => {
    const refusal = new LocationError(`cannot sync /a to /b: ${what}; choose separate directories`, {
      path: '/b',
    });
    expect(() => guardRelation(relation, { source: '/a', destination: '/b' })).toThrow(refusal);
  });

  it('escapes names, and suggests a cure', () => {
    const latin1 = Buffer.from('/ä').toString('latin1');
    const same = () => guardRelation('same', { source: latin1, destination: latin1 }, excludeAdvice('b/c'));
    expect(same).toThrow(
      'cannot sync /ä to /ä: source and destination are the same directory; ' +
        'choose separate directories, or exclude it: --exclude=/b/c',
    );
    expect(excludeAdvice('b[1]')).toBe('');
  });
});

describe('guardEmptySource', () => {
  it.each([
    [0, 0, 0, false],
    [0, 0, 1, true],
    [0, 2, 1, true],
    [1, 0, 0, false],
    [1, 0, 1, false],
  ])('%i entries in the source, %i excluded, %i to delete', (sourceEntries, excludedEntries, ...rest) => {
    const [entriesToDelete, refused] = rest;
    const guard = () =>
      guardEmptySource(
        { sourceEntries, sourceDirectories: sourceEntries, excludedEntries, entriesToDelete },
        { source: '/a', settings: {} },
      );
    if (refused) expect(guard).toThrow(expect.objectContaining({ name: 'LocationError', path: '/a' }));
    else guard();
  });

  it.each([
    [2, true],
    [3, false],
  ])('-R a/b, with %i entries in the source: refused %s', (sourceEntries, refused) => {
    const counts = {
      sourceEntries,
      sourceDirectories: sourceEntries,
      excludedEntries: 0,
      entriesToDelete: 1,
    };
    const guard = () => guardEmptySource(counts, { source: '/s/', settings: { onlyBelow: 'a/b' } });
    if (refused) expect(guard).toThrow(/^cannot delete with --delete: \/s\/a\/b is empty/);
    else guard();
  });

  it.each([
    [0, 'is empty'],
    [2, 'contains only excluded entries'],
  ])('with %i excluded, asks the likely question: %s', (excludedEntries, what) => {
    const counts = { sourceEntries: 0, sourceDirectories: 0, excludedEntries, entriesToDelete: 1 };
    const refusal = new LocationError(
      `cannot delete with --delete: /a ${what}, but the destination has more; is the source mounted? ` +
        'To empty the destination on purpose, remove its contents yourself',
      { path: '/a' },
    );
    expect(() => guardEmptySource(counts, { source: '/a', settings: {} })).toThrow(refusal);
  });
});

describe('isDeleteLimitReached', () => {
  it.for<[string, DeleteLimit | undefined, number, number, boolean]>([
    ['no limit', undefined, 1000, 1000, false],
    ['fewer', { count: 5 }, 4, 10, false],
    ['as many', { count: 5 }, 5, 10, false],
    ['one more', { count: 5 }, 6, 10, true],
    ['none allowed, none to delete', { count: 0 }, 0, 10, false],
    ['none allowed, one to delete', { count: 0 }, 1, 10, true],
    ['a share below', { percent: 10 }, 9, 100, false],
    ['a share that is just right', { percent: 10 }, 10, 100, false],
    ['a share above', { percent: 10 }, 11, 100, true],
    ['a share of few', { percent: 10 }, 1, 9, true],
    ['a share with a fraction', { percent: 12.5 }, 1, 8, false],
    ['no share, none to delete', { percent: 0 }, 0, 0, false],
    ['all', { percent: 100 }, 8, 8, false],
  ])('%s', ([, limit, deletions, destinationEntries, reached]) => {
    expect(isDeleteLimitReached(limit, { deletions, destinationEntries })).toBe(reached);
  });
});

describe('guardMountPoint', () => {
  it('accepts a mount point', () => {
    guardMountPoint(locationOf({}));
  });

  it.each([
    ['a directory in a mount', { realPath: '/mnt/efs/sub' }],
    ['a directory of no known mount', { mount: undefined }],
  ])('refuses %s', (_, fields) => {
    expect(() => guardMountPoint(locationOf(fields))).toThrow(
      new LocationError(
        'cannot use destination efs: nothing is mounted there; mount it, or leave out --require-mount',
        { path: 'efs' },
      ),
    );
  });
});

describe('guardTls', () => {
  it('accepts a mount that is known to be encrypted', () => {
    guardTls(locationOf({}), { encrypted: 'yes', evidence: 'stunnel serves it' });
  });

  it.each(['no', 'unknown'] as const)('refuses if the answer is %s, and names the evidence', (encrypted) => {
    const tls = { encrypted, evidence: 'no state file tells of it' };
    expect(() => guardTls(locationOf({ side: 'source' }), tls)).toThrow(
      new LocationError(
        'cannot use source efs: --require-tls is set, but encryption is not confirmed: no state file tells of it',
        {
          path: 'efs',
        },
      ),
    );
  });
});
