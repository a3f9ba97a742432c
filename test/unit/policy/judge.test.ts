import { describe, expect, it } from 'vitest';
import { Difference } from '../../../src/model/change.ts';
import type { Entry } from '../../../src/model/entry.ts';
import type { VerdictClass } from '../../../src/model/verdict.ts';
import { describeDifferences, judgeAgainstPrepared, judgeDifferences } from '../../../src/policy/judge.ts';
import { DIRECTORY, entryOf } from '../../support/entries.ts';

const { missing, kind, size, mtime, content, mode, uid, gid, acl, xattr, linkGroup } = Difference;

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

describe('describeDifferences', () => {
  const source = entryOf({ mode: 0o104711, uid: 4_294_967_294, gid: 1, mtimeSec: -5, mtimeNsec: 42 });
  const destination = entryOf({ mode: 0o100007, uid: 0, gid: 2, sizeBytes: 6, mtimeSec: 5, mtimeNsec: 0 });

  it.each([
    [size, 'size 5 at the source, 6 at the destination'],
    [mtime, 'mtime -5.000000042 at the source, 5.000000000 at the destination'],
    [mode, 'mode 4711 at the source, 0007 at the destination'],
    [uid, 'uid 4294967294 at the source, 0 at the destination'],
    [gid, 'gid 1 at the source, 2 at the destination'],
    [content, 'content differs'],
    [acl, 'ACL differs'],
    [xattr, 'extended attributes differ'],
    [content | gid, 'gid 1 at the source, 2 at the destination; content differs'],
    [0, ''],
  ])('bits %i: %s', (differences, text) => {
    expect(describeDifferences(differences, source, destination)).toBe(text);
  });

  it.each([
    [-5, 0, ', which cannot hold it'],
    [-5, 1, ''],
    [5, 0, ''],
    [2 ** 31, 2 ** 31 - 1, ', which cannot hold it'],
    [2 ** 31 - 2, 2 ** 31 - 1, ''],
    [-(2 ** 31) - 1, -(2 ** 31), ', which cannot hold it'],
    [2 ** 40, 2 ** 34 - 2 ** 31 - 1, ', which cannot hold it'],
  ])('says of mtime %d that became %d: "%s"', (sourceSec, destinationSec, said) => {
    const [early, late] = [sourceSec, destinationSec].map((mtimeSec) => entryOf({ mtimeSec, mtimeNsec: 0 }));
    const text = describeDifferences(mtime, early as Entry, late as Entry);
    expect(text.split(' at the destination')[1]).toBe(said);
  });

  it('names the kinds', () => {
    const directory = entryOf({ mode: DIRECTORY });
    const text = 'kind file at the source, directory at the destination';
    expect(describeDifferences(kind, source, directory)).toBe(text);
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
    ['extraneous', 'gone since', GONE, 'source vanished'],
    ['extraneous', 'never there', NEVER_THERE, 'extraneous'],
    ['source vanished', 'gone since', GONE, 'source vanished'],
    ['source vanished', 'come and gone', NEVER_THERE, 'source vanished'],
    ['read error', 'as it was', AS_IT_WAS, 'read error'],
  ] as const)('%s, the source %s', (found, _, states, verdict) => {
    expect(judgeAgainstPrepared(found, states)).toBe(verdict);
  });
});
