import { describe, expect, it } from 'vitest';
import { Difference } from '../../../../src/model/change.ts';
import type { Entry } from '../../../../src/model/entry.ts';
import type { VerdictClass } from '../../../../src/model/run/verdict.ts';
import {
  describeBelow,
  describeDifferences,
  judgeAgainstPrepared,
  judgeDifferences,
} from '../../../../src/policy/compare/judge.ts';
import { DIRECTORY, entryOf } from '../../../support/entries.ts';

const { missing, kind, size, mtime, content, mode, uid, gid, acl, xattr, linkGroup, atime } = Difference;

describe('judgeDifferences', () => {
  it.each<[number, VerdictClass]>([
    [missing, 'missing'],
    [kind, 'kind differs'],
    [kind | size | mode, 'kind differs'],
    [content, 'content mismatch'],
    [size, 'content mismatch'],
    [content | mtime | mode, 'content mismatch'],
    [mode, 'metadata differs'],
    [mtime | uid | gid | acl | xattr, 'metadata differs'],
    [linkGroup, 'links differ'],
    [linkGroup | content, 'links differ'],
  ])('bits %i: %s', (differences, verdict) => {
    expect(judgeDifferences(differences)).toBe(verdict);
  });
});

const AS_SOURCE = { uid: 4_294_967_294, gid: 1, by: { uid: '--chown', gid: '--chown', mode: undefined } };

describe('describeDifferences', () => {
  const source = entryOf({
    mode: 0o104711,
    uid: 4_294_967_294,
    gid: 1,
    mtimeSec: -5,
    mtimeNsec: 42,
    atimeSec: 3,
    atimeNsec: 7,
  });
  const destination = entryOf({
    mode: 0o100007,
    uid: 0,
    gid: 2,
    sizeBytes: 6,
    mtimeSec: 5,
    mtimeNsec: 0,
    atimeSec: 4,
    atimeNsec: 0,
  });

  it.each([
    [size, 'size 5 at the source, 6 at the destination'],
    [
      mtime,
      'mtime 1969-12-31T23:59:55.000000042Z at the source, 1970-01-01T00:00:05.000000000Z at the destination',
    ],
    [
      atime,
      'atime 1970-01-01T00:00:03.000000007Z at the source, 1970-01-01T00:00:04.000000000Z at the destination',
    ],
    [mode, 'mode 4711 at the source, 0007 at the destination'],
    [uid, 'uid 4294967294 at the source, 0 at the destination'],
    [gid, 'gid 1 at the source, 2 at the destination'],
    [content, 'content differs'],
    [acl, 'ACL differs'],
    [xattr, 'extended attributes differ'],
    [content | gid, 'gid 1 at the source, 2 at the destination; content differs'],
    [0, ''],
  ])('bits %i: %s', (differences, text) => {
    expect(describeDifferences(differences, source, destination, AS_SOURCE)).toBe(text);
  });

  it.each([
    [
      { uid: 7, gid: 8 },
      'uid 7 wanted (--chown), 0 at the destination; gid 8 wanted (--chown), 2 at the destination',
    ],
    [
      { uid: 7, gid: 1 },
      'uid 7 wanted (--chown), 0 at the destination; gid 1 at the source, 2 at the destination',
    ],
    [
      { uid: undefined, gid: 0 },
      'uid 4294967294 at the source, 0 at the destination; gid 0 wanted (--chown), 2 at the destination',
    ],
  ])('names the wanted owner: %j', (wanted, text) => {
    expect(describeDifferences(uid | gid, source, destination, { ...AS_SOURCE, ...wanted })).toBe(text);
  });

  it('names the maps', () => {
    const wanted = { uid: 7, gid: 8, by: { ...AS_SOURCE.by, uid: '--usermap', gid: '--groupmap' } };
    expect(describeDifferences(uid | gid, source, destination, wanted)).toBe(
      'uid 7 wanted (--usermap), 0 at the destination; gid 8 wanted (--groupmap), 2 at the destination',
    );
  });

  it('names the wanted mode', () => {
    const wanted = { ...AS_SOURCE, by: { uid: '--chown', gid: '--chown', mode: '--chmod' } };
    expect(describeDifferences(mode, source, destination, wanted)).toBe(
      'mode 4711 wanted (--chmod), 0007 at the destination',
    );
  });

  it('names the kinds', () => {
    const directory = entryOf({ mode: DIRECTORY });
    const text = 'kind file at the source, directory at the destination';
    expect(describeDifferences(kind, source, directory, AS_SOURCE)).toBe(text);
  });

  it('reports a half rewritten file as such, and not as different', () => {
    const text =
      'mode 0644 at the source, 1644 at the destination; a run was stopped while rewriting it in place';
    const half = entryOf({ mode: 0o101644 });
    expect(describeDifferences(mode | content, entryOf({ mode: 0o100644 }), half, AS_SOURCE)).toBe(text);
  });

  it('shows seconds if a year has more than four digits', () => {
    const [early, late] = [
      entryOf({ mtimeSec: -400_000_000_000, mtimeNsec: 5 }),
      entryOf({ mtimeSec: 2 ** 53, mtimeNsec: 3_000_000_007 }),
    ];
    const text = 'mtime -400000000000.000000005 at the source, 9007199254740995.000000007 at the destination';
    expect(describeDifferences(mtime, early, late, AS_SOURCE)).toBe(text);
  });

  it('shows a size beyond a double as more than its maximum', () => {
    const [most, more] = [2 ** 53 - 1, 2 ** 53].map((sizeBytes) => entryOf({ sizeBytes })) as [Entry, Entry];
    const text = 'size 9007199254740991 at the source, more than 9007199254740991 at the destination';
    expect(describeDifferences(size, most, more, AS_SOURCE)).toBe(text);
  });
});

describe('describeBelow', () => {
  it.each([
    [{ directories: 1, others: 0, unlisted: 0 }, 'it contains 1 directory'],
    [{ directories: 0, others: 1, unlisted: 0 }, 'it contains 1 file or other entry'],
    [
      { directories: 0, others: 0, unlisted: 1 },
      'it contains the contents of 1 directory that cannot be listed',
    ],
    [
      { directories: 1234, others: 2, unlisted: 3 },
      'it contains 1,234 directories and 2 files and other entries and the contents of 3 directories that cannot be listed',
    ],
  ])('%j', (below, text) => {
    expect(describeBelow(below)).toBe(text);
  });
});

describe('judgeAgainstPrepared', () => {
  const AS_IT_WAS = { preparedStates: [7], sourceState: 7 };
  const CHANGED = { preparedStates: [7], sourceState: 8 };
  const NEW = { preparedStates: [], sourceState: 8 };
  const GONE = { preparedStates: [7], sourceState: undefined };
  const NEVER_THERE = { preparedStates: [], sourceState: undefined };

  it.each([
    ['content mismatch', 'as it was', AS_IT_WAS, 'content mismatch'],
    ['content mismatch', 'changed', CHANGED, 'source changed'],
    ['metadata differs', 'changed', CHANGED, 'source changed'],
    ['missing', 'as it was', AS_IT_WAS, 'missing'],
    ['missing', 'new since', NEW, 'source changed'],
    ['read error', 'gone since', GONE, 'read error'],
    ['extraneous', 'gone since', GONE, 'source vanished'],
    ['extraneous', 'never there', NEVER_THERE, 'extraneous'],
    ['source vanished', 'gone since', GONE, 'source vanished'],
    ['source vanished', 'come and gone', NEVER_THERE, 'source vanished'],
    ['read error', 'as it was', AS_IT_WAS, 'read error'],
  ] as const)('%s, the source %s', (found, _, states, verdict) => {
    expect(judgeAgainstPrepared(found, states)).toBe(verdict);
  });
});
