import fc from 'fast-check';
import { describe, it, test, expect } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../../src/model/settings.ts';
import type { Entry } from '../../../../src/model/entry.ts';
import type { OwnerRights } from '../../../../src/model/owner-rights.ts';
import {
  creationMode,
  hasOtherOwner,
  isOthers,
  losesOwner,
  mayLoseOwners,
  wantedOwnerBy,
} from '../../../../src/policy/compare/ownership.ts';
import { DIRECTORY, entryOf } from '../../../support/entries.ts';

type Id = number | undefined;

const ROOT = { isRoot: true, uid: 0, gid: 0, groups: new Set([0]), mapped: undefined };
const USER = { isRoot: false, uid: 1000, gid: 100, groups: new Set([100, 27]), mapped: undefined };
/** Root in a user namespace, as in a rootless container. */
const CONFINED = {
  ...ROOT,
  mapped: {
    uids: [
      { first: 0, count: 1 },
      { first: 1000, count: 10 },
    ],
    gids: [{ first: 0, count: 28 }],
  },
};
const OWN = DEFAULT_SETTINGS.preserve;
const UID = { ...OWN, gid: false };
const GID = { ...OWN, uid: false };
const NONE = { ...OWN, uid: false, gid: false };
const REQUIRED = { ...OWN, ownerRequired: true };
const mine = entryOf({ uid: 1000, gid: 27 });
const theirs = entryOf({ uid: 2000, gid: 2000 });

describe('wantedOwnerBy', () => {
  it.for<[string, OwnerRights, Settings['preserve'], Entry, [Id, Id], boolean]>([
    ['root gives any', ROOT, OWN, theirs, [2000, 2000], false],
    ['root, uid alone', ROOT, UID, theirs, [2000, undefined], false],
    ['root, gid alone', ROOT, GID, theirs, [undefined, 2000], false],
    ['root, neither', ROOT, NONE, theirs, [undefined, undefined], false],
    ['root of a namespace, ids it has', CONFINED, OWN, mine, [1000, 27], false],
    ['root of a namespace, ids it has not', CONFINED, OWN, theirs, [undefined, undefined], true],
    [
      'root of a namespace, one it has',
      CONFINED,
      OWN,
      entryOf({ uid: 1009, gid: 28 }),
      [1009, undefined],
      true,
    ],
    [
      'root of a namespace, a user between those it has',
      CONFINED,
      OWN,
      entryOf({ uid: 500, gid: 0 }),
      [undefined, 0],
      true,
    ],
    ['root of a namespace, asked for by name', CONFINED, REQUIRED, theirs, [2000, 2000], false],
    ['a user keeps their own', USER, OWN, mine, [1000, 27], false],
    ['a user cannot give others', USER, OWN, theirs, [undefined, undefined], true],
    ['a user, uid alone', USER, UID, theirs, [undefined, undefined], true],
    ['a user, uid alone, own', USER, UID, mine, [1000, undefined], false],
    ['a user, gid alone', USER, GID, theirs, [undefined, undefined], true],
    ['a user, own uid and another group', USER, OWN, entryOf({ uid: 1000, gid: 5 }), [1000, undefined], true],
    ['a user, another uid and own group', USER, OWN, entryOf({ uid: 5, gid: 100 }), [undefined, 100], true],
    ['a user, neither', USER, NONE, theirs, [undefined, undefined], false],
    ['a user, asked for by name', USER, REQUIRED, theirs, [2000, 2000], false],
  ])('%s', ([, rights, preserve, source, [uid, gid], isLost]) => {
    const wanted = wantedOwnerBy({ ...DEFAULT_SETTINGS, preserve }, rights)(source);
    expect(wanted).toEqual({ uid, gid });
    expect(losesOwner(wanted, preserve)).toBe(isLost);
  });

  it.each<[OwnerRights, [Id, Id], [Id, Id]]>([
    [ROOT, [1500, 7], [1, 2]],
    [ROOT, [1999, 99], [1, 2]],
    [ROOT, [2000, 6], [2000, 3]],
    [USER, [1500, 7], [1, 2]],
    [USER, [2000, 6], [undefined, 3]],
  ])('of %o, mapped, %j becomes %j', (rights, [uid, gid], [toUid, toGid]) => {
    const idMaps = {
      uid: [
        { ranges: [[1500, 1999] as const], isInverse: false, to: 1 },
        { ranges: [[1600, 1700] as const], isInverse: false, to: 9 },
      ],
      gid: [
        { ranges: [[5, 5] as const, [6, 6] as const], isInverse: true, to: 2 },
        { ranges: [], isInverse: true, to: 3 },
      ],
    };
    const source = entryOf({ uid: uid as number, gid: gid as number });
    const settings = { ...DEFAULT_SETTINGS, preserve: OWN, idMaps };
    expect(wantedOwnerBy(settings, rights)(source)).toEqual({ uid: toUid, gid: toGid });
  });

  it.each<[Settings['ownerOverride'], OwnerRights, [Id, Id]]>([
    [{ uid: 5, gid: 6 }, ROOT, [5, 6]],
    [{ uid: 5, gid: undefined }, ROOT, [5, 2000]],
    [{ uid: undefined, gid: 6 }, ROOT, [2000, 6]],
    [{ uid: 0, gid: 0 }, ROOT, [0, 0]],
    [{ uid: 5, gid: 6 }, USER, [5, 6]],
    [{ uid: 5, gid: undefined }, USER, [5, undefined]],
    [{ uid: undefined, gid: 6 }, USER, [undefined, 6]],
  ])("--chown %o overrides the source and the user's rights (%#)", (ownerOverride, rights, [uid, gid]) => {
    expect(wantedOwnerBy({ ...DEFAULT_SETTINGS, preserve: OWN, ownerOverride }, rights)(theirs)).toEqual({
      uid,
      gid,
    });
  });
});

it.for<[string, OwnerRights, Settings['preserve'], boolean]>([
  ['root', ROOT, OWN, false],
  ['root of a namespace', CONFINED, OWN, true],
  ['root of a namespace, asked for by name', CONFINED, REQUIRED, false],
  ['a user', USER, OWN, true],
  ['a user, asked for by name', USER, REQUIRED, false],
])('%s may lose owners: %j', ([, rights, preserve, may]) => {
  expect(mayLoseOwners({ preserve }, rights)).toBe(may);
});

describe('hasOtherOwner', () => {
  const wantsNone = { uid: undefined, gid: undefined };

  it.for<[string, Entry, Entry, { uid: Id; gid: Id }, Settings['preserve'], boolean]>([
    ['the same owner', mine, mine, wantsNone, OWN, false],
    ['another owner and group', mine, theirs, wantsNone, OWN, true],
    ['another owner', mine, { ...mine, uid: 5 }, wantsNone, OWN, true],
    ['another group', mine, { ...mine, gid: 5 }, wantsNone, OWN, true],
    ['another owner, wanted', mine, { ...mine, uid: 5 }, { ...wantsNone, uid: 1000 }, OWN, false],
    ['another group, wanted', mine, { ...mine, gid: 5 }, { ...wantsNone, gid: 27 }, OWN, false],
    ['another group, the owner is wanted', mine, theirs, { ...wantsNone, uid: 1000 }, OWN, true],
    ['another owner, not kept', mine, { ...mine, uid: 5 }, wantsNone, GID, false],
    ['another group, not kept', mine, { ...mine, gid: 5 }, wantsNone, UID, false],
  ])('%s', ([, source, destination, wanted, preserve, isOther]) => {
    expect(hasOtherOwner(source, destination, { wanted, preserve })).toBe(isOther);
  });
});

describe('isOthers', () => {
  const OWNED = { ...DEFAULT_SETTINGS, preserve: OWN };
  const theirDirectory = entryOf({ mode: DIRECTORY, uid: 2000 });

  it('is what an unprivileged user does not own', () => {
    expect(isOthers(theirDirectory, USER, OWNED)).toBe(true);
    expect(isOthers(entryOf({ mode: DIRECTORY, uid: 1000 }), USER, OWNED)).toBe(false);
    expect(isOthers(entryOf({ mode: DIRECTORY, uid: 0 }), USER, OWNED)).toBe(true);
  });

  it('is nothing for root', () => {
    expect(isOthers(theirs, USER, OWNED)).toBe(true);
    expect(isOthers(theirs, ROOT, OWNED)).toBe(false);
    expect(isOthers(theirDirectory, ROOT, OWNED)).toBe(false);
  });

  it('is not exempt if ids are mapped', () => {
    const to = { ranges: [], isInverse: true, to: 5 };
    for (const idMaps of [
      { uid: [to], gid: [] },
      { uid: [], gid: [to] },
    ]) {
      expect(isOthers(theirDirectory, USER, { ...OWNED, idMaps })).toBe(false);
    }
  });

  it('is not exempt if ownership is requested by name', () => {
    expect(isOthers(theirDirectory, USER, { ...OWNED, preserve: REQUIRED })).toBe(false);
    expect(isOthers(theirDirectory, USER, { ...OWNED, ownerOverride: { uid: 5, gid: undefined } })).toBe(
      false,
    );
    expect(isOthers(theirDirectory, USER, { ...OWNED, ownerOverride: { uid: undefined, gid: 5 } })).toBe(
      false,
    );
  });
});

describe('creationMode', () => {
  it.each([
    [0o644, false, 0o644],
    [0o644, true, 0o644],
    [0o755, true, 0o755],
    [0o600, true, 0o600],
    [0o640, false, 0o640],
    [0o640, true, 0o600],
    [0o664, true, 0o644],
    [0o2775, false, 0o775],
    [0o2775, true, 0o755],
    [0o4755, false, 0o755],
    [0o6755, true, 0o755],
    [0o1777, true, 0o777],
    [0o000, true, 0o000],
    // Others may read, the group may not: until the group is right, its members are others.
    [0o604, false, 0o604],
    [0o604, true, 0o600],
    [0o077, true, 0o000],
  ])('mode %o, owner will change %s', (wanted, ownerWillChange, created) => {
    expect(creationMode(wanted, ownerWillChange).toString(8)).toBe(created.toString(8));
  });
});

const modes = fc.integer({ min: 0, max: 0o7777 });
const classes = fc.constantFrom(6, 3, 0);

function permissions(mode: number, shift: number): number {
  return (mode >> shift) & 0o7;
}

test('with the final owner, no class of users gets more than it will have', () => {
  fc.assert(
    fc.property(modes, classes, (mode, shift) => {
      const created = creationMode(mode, false);
      return (permissions(created, shift) & ~permissions(mode, shift)) === 0 && created <= 0o777;
    }),
  );
});

test('with another owner, nobody but this process gets more, whatever class they end in', () => {
  fc.assert(
    fc.property(modes, fc.constantFrom(3, 0), classes, (mode, meanwhile, atLast) => {
      const created = creationMode(mode, true);
      return (permissions(created, meanwhile) & ~permissions(mode, atLast)) === 0 && created <= 0o777;
    }),
  );
});

test('this process may do at once what the owner will', () => {
  fc.assert(
    fc.property(modes, fc.boolean(), (mode, ownerWillChange) => {
      return permissions(creationMode(mode, ownerWillChange), 6) === permissions(mode, 6);
    }),
  );
});
