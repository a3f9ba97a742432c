/** --usermap and --groupmap find the ids that rsync finds: names and wildcards are of this machine. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type MapKind, resolveIdMap } from '../../../../src/cli/options/id-maps.ts';
import { GROUPS, USERS } from '../../../../src/cli/options/owner.ts';
import { UsageError } from '../../../../src/model/run/errors.ts';
import { mappedId } from '../../../../src/policy/compare/ownership.ts';

const USER_MAP: MapKind = { option: '--usermap', database: USERS, isNumeric: false };
const GROUP_MAP: MapKind = { option: '--groupmap', database: GROUPS, isNumeric: false };
const NAMELESS = 3_999_999_999;
const idIn = (database: string, name: string): number =>
  Number(spawnSync('getent', [database, name]).stdout.toString().split(':')[2]);
const [mail, mailGroup] = [idIn('passwd', 'mail'), idIn('group', 'mail')];

describe('an id becomes another', () => {
  it.each<[string, number, number | undefined]>([
    ['1000:5', 1000, 5],
    ['1000:5', 1001, undefined],
    ['1000:0005', 1000, 5],
    ['0-99:7', 0, 7],
    ['0-99:7', 99, 7],
    ['0-99:7', 100, undefined],
    ['*:7', NAMELESS, 7],
    ['*:7', 0, 7],
    ['1000:5,*:6', 1000, 5],
    ['1000:5,*:6', 1001, 6],
    ['*:6,1000:5', 1000, 6],
    [':9', NAMELESS, 9],
    [':9', 0, undefined],
    ['mail:9', mail, 9],
    ['root:9', 0, 9],
    ['ma?l:9', mail, 9],
    ['[m]a*l:9', mail, 9],
    ['ma*:9', 0, undefined],
    ['?*:9', NAMELESS, undefined],
    ['[:9', 0, undefined],
    ['1000:mail', 1000, mail],
  ])('--usermap=%s: %i -> %s', (text, id, expected) => {
    expect(mappedId(resolveIdMap(USER_MAP, [text]), id)).toBe(expected);
  });

  it('several maps are one list', () => {
    const map = resolveIdMap(GROUP_MAP, ['mail:1', 'root:2,*:3']);
    expect([mailGroup, 0, NAMELESS].map((id) => mappedId(map, id))).toEqual([1, 2, 3]);
  });

  it('with --numeric-ids no id has a name', () => {
    const map = resolveIdMap({ ...USER_MAP, isNumeric: true }, ['m*:1,mail:2,nobody-here:3,:4']);
    expect([mail, NAMELESS].map((id) => mappedId(map, id))).toEqual([4, 4]);
  });
});

describe('refused', () => {
  it.each([
    ['', '--usermap: "" is not FROM:TO; '],
    ['1000', '--usermap: "1000" is not FROM:TO; '],
    ['1000:', '--usermap: "1000:" is not FROM:TO; '],
    ['1:2,,', '--usermap: "" is not FROM:TO; '],
    ['1000-:5', '--usermap: "1000-" is neither an id nor a range such as 0-99'],
    ['1-2-3:5', '--usermap: "1-2-3" is neither an id nor a range such as 0-99'],
    ['5-1:3', '--usermap: the range 5-1 is empty'],
    ['0x5:3', '--usermap: "0x5" is neither an id nor a range such as 0-99'],
    ['4294967295:1', '--usermap: 4294967295 is not a user id; '],
    ['1:4294967295', '--usermap: 4294967295 is not a user id; '],
    ['1:-1', '--usermap: there is no user named -1'],
    ['1:*', '--usermap: there is no user named *'],
    ['1:5-9', '--usermap: there is no user named 5-9'],
    ['nobody-here:1', '--usermap: there is no user named nobody-here'],
    ['1:nobody-here', '--usermap: there is no user named nobody-here'],
    ['1:b:c', '--usermap: there is no user named b:c'],
  ])('%j', (text, message) => {
    expect(() => resolveIdMap(USER_MAP, [text])).toThrow(UsageError);
    expect(() => resolveIdMap(USER_MAP, ['7:8', text])).toThrow(message);
  });
});
