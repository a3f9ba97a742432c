import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Difference } from '../../../../src/model/change.ts';
import {
  hasAlike,
  haveSameQuick,
  isTimeVague,
  matchMoves,
  mayHaveMoved,
  moveKey,
  rangesToRead,
  sortKeys,
} from '../../../../src/policy/compare/match-moves.ts';
import { entryOf } from '../../../support/entries.ts';

interface Quick {
  readonly sizeBytes: number;
  readonly mtimeSec: number;
  readonly mtimeNsec: number;
}

/** `2@name`: a file of the size 2. */
function keyOf(text: string): number {
  const [size, name = ''] = text.split('@');
  return moveKey({ sizeBytes: Number(size), mtimeSec: 1_600_000_000, mtimeNsec: 5 }, name);
}

function match(wanted: string, candidates: string): string[] {
  const [one, other] = [wanted.split(' '), candidates.split(' ')];
  const keys = sortKeys(Float64Array.from(other, keyOf));
  return Array.from(
    matchMoves(one.map(keyOf), keys),
    (found) => `${one[found.wanted]} < ${other[found.candidate]}${found.isDoubtful ? ' ?' : ''}`,
  );
}

function toText(files: readonly [number, string][]): string[] {
  return files.map(([size, name]) => `${size}@${name}`);
}

describe('matchMoves', () => {
  it.for<[string, string, string, string[]]>([
    ['one of its name', '1@a', '2@a 1@a', ['1@a < 1@a']],
    ['one of another name is doubtful', '1@a', '1@b', ['1@a < 1@b ?']],
    ['none of its size', '1@a', '2@a 3@a', []],
    ['two that may be it: the one of its name', '1@a', '1@b 1@a', ['1@a < 1@a ?']],
    ['two that may be one', '1@b 1@a', '1@a', ['1@a < 1@a ?']],
    ['names first, the others take what is left', '1@c 1@a', '1@a 1@b', ['1@c < 1@b ?', '1@a < 1@a ?']],
    ['several of one name', '1@a 1@a 1@a', '1@a 1@a', ['1@a < 1@a ?', '1@a < 1@a ?']],
    ['groups do not mix', '1@x 2@x 1@y', '2@a 1@b', ['1@x < 1@b ?', '2@x < 2@a ?']],
  ])('%s', ([, wanted, candidates, expected]) => {
    expect(match(wanted, candidates)).toEqual(expected);
  });

  test('gives nobody a file twice, and everybody one of its size if there are enough', () => {
    const files = fc.array(fc.tuple(fc.nat(3), fc.constantFrom('a', 'b', 'c')), { maxLength: 30 });
    fc.assert(
      fc.property(files, files, (one, other) => {
        const [wanted, candidates] = [toText(one), toText(other)];
        const found = [...matchMoves(wanted.map(keyOf), sortKeys(Float64Array.from(candidates, keyOf)))];
        expect(new Set(found.map((each) => each.candidate)).size).toBe(found.length);
        expect(found.map((each) => each.wanted)).toEqual(
          [...new Set(found.map((each) => each.wanted))].toSorted((a, b) => a - b),
        );
        for (const each of found) expect(one[each.wanted]?.[0]).toBe(other[each.candidate]?.[0]);
        for (let size = 0; size <= 3; size++) {
          const count = (all: [number, string][]) => all.filter(([its]) => its === size).length;
          const given = found.filter((each) => one[each.wanted]?.[0] === size);
          expect(given).toHaveLength(Math.min(count(one), count(other)));
          for (const name of 'abc') {
            const named = (all: [number, string][]) =>
              all.filter((each) => each[0] === size && each[1] === name).length;
            const kept = given.filter(
              (each) => one[each.wanted]?.[1] === name && other[each.candidate]?.[1] === name,
            );
            expect(kept.length).toBe(Math.min(named(one), named(other)));
          }
        }
      }),
    );
  });
});

test('hasAlike asks for size and time', () => {
  const keys = sortKeys(Float64Array.from(['5@x', '6@y'], keyOf));
  expect([hasAlike(keys, keyOf('5@z')), hasAlike(keys, keyOf('7@x'))]).toEqual([true, false]);
  expect(hasAlike(sortKeys(new Float64Array()), keyOf('5@z'))).toBe(false);
});

test('keys tell sizes and times apart', () => {
  const base: Quick = { sizeBytes: 5, mtimeSec: 7, mtimeNsec: 9 };
  const others: Quick[] = [
    { ...base, sizeBytes: 6 },
    { ...base, sizeBytes: 5 + 2 ** 32 },
    { ...base, mtimeSec: -7 },
    { ...base, mtimeNsec: 0 },
  ];
  for (const other of others) {
    expect(moveKey(other, 'a')).not.toBe(moveKey(base, 'a'));
    expect(haveSameQuick(other, base)).toBe(false);
  }
  expect(moveKey(base, 'a')).not.toBe(moveKey(base, 'b'));
  expect(Number.isSafeInteger(moveKey(base, 'a'))).toBe(true);
  expect(haveSameQuick({ ...base }, base)).toBe(true);
});

test('only a new file of one name may have moved', () => {
  const source = entryOf({ linkCount: 1 });
  const change = { action: 'write', name: 'a', differences: Difference.missing, source } as const;
  expect(mayHaveMoved(change)).toBe(true);
  expect(mayHaveMoved({ ...change, action: 'adjust' })).toBe(false);
  expect(mayHaveMoved({ ...change, differences: Difference.kind })).toBe(false);
  expect(mayHaveMoved({ ...change, differences: Difference.missing | Difference.name })).toBe(false);
  expect(mayHaveMoved({ ...change, source: entryOf({ linkCount: 2 }) })).toBe(false);
  expect(mayHaveMoved({ ...change, source: entryOf({ mode: 0o120777, linkCount: 1 }) })).toBe(false);
});

test('whole seconds are vague', () => {
  expect([isTimeVague({ mtimeNsec: 0 }), isTimeVague({ mtimeNsec: 1 })]).toEqual([true, false]);
});

const WHOLE = [{ offset: 0, end: Infinity }];

test.for([
  [0, true, []],
  [1, false, WHOLE],
  [512 * 1024, false, WHOLE],
  [
    512 * 1024 + 1,
    false,
    [
      { offset: 0, end: 256 * 1024 },
      { offset: 256 * 1024 + 1, end: Infinity },
    ],
  ],
  [2 ** 40, true, WHOLE],
] as const)('of %d bytes, in doubt: %s', ([sizeBytes, isDoubtful, ranges]) => {
  expect(rangesToRead(sizeBytes, isDoubtful)).toEqual(ranges);
});
