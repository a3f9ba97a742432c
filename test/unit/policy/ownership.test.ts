import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/model/default-settings.ts';
import type { Entry } from '../../../src/model/entry.ts';
import type { OwnerRights } from '../../../src/model/owner-rights.ts';
import type { Settings } from '../../../src/model/settings.ts';
import { losesOwner, wantedOwnerBy } from '../../../src/policy/ownership.ts';
import { entryOf } from '../../support/entries.ts';

type Id = number | undefined;

const ROOT = { isRoot: true, uid: 0, gid: 0, groups: new Set([0]), mapped: undefined };
const USER = { isRoot: false, uid: 1000, gid: 100, groups: new Set([100, 27]), mapped: undefined };
/** Root of a user namespace, as of a rootless container. */
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
    const wanted = wantedOwnerBy({ preserve, ownerOverride: DEFAULT_SETTINGS.ownerOverride }, rights)(source);
    expect(wanted).toEqual({ uid, gid });
    expect(losesOwner(wanted, preserve)).toBe(isLost);
  });

  it.each<[Settings['ownerOverride'], OwnerRights, [Id, Id]]>([
    [{ uid: 5, gid: 6 }, ROOT, [5, 6]],
    [{ uid: 5, gid: undefined }, ROOT, [5, 2000]],
    [{ uid: undefined, gid: 6 }, ROOT, [2000, 6]],
    [{ uid: 0, gid: 0 }, ROOT, [0, 0]],
    [{ uid: 5, gid: 6 }, USER, [5, 6]],
    [{ uid: 5, gid: undefined }, USER, [5, undefined]],
    [{ uid: undefined, gid: 6 }, USER, [undefined, 6]],
  ])(
    '--chown %o wins over the source and over what may be given (%#)',
    (ownerOverride, rights, [uid, gid]) => {
      expect(wantedOwnerBy({ preserve: OWN, ownerOverride }, rights)(theirs)).toEqual({ uid, gid });
    },
  );
});
