/** The calendar agrees with Date's, which was written independently, on critical days and on random ones. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoTime } from '../../../../src/policy/compare/iso-time.ts';
import { SEED } from '../../../support/seed.ts';

const FIRST_SEC = Date.parse('0000-01-01T00:00:00Z') / 1000;
const END_SEC = Date.parse('9999-12-31T23:59:59Z') / 1000 + 1;

function expected(sec: number, nsec: number): string {
  const date = new Date(sec * 1000).toISOString();
  return `${date.slice(0, 19)}.${String(nsec).padStart(9, '0')}Z`;
}

test('any second of years with four digits', () => {
  const time = fc.integer({ min: FIRST_SEC, max: END_SEC - 1 });
  const nsec = fc.integer({ min: 0, max: 999_999_999 });
  fc.assert(
    fc.property(time, nsec, (sec, ns) => isoTime(sec, ns) === expected(sec, ns)),
    { seed: SEED, numRuns: 2000 },
  );
});

test('the ends of February and of the year, in each kind of year', () => {
  for (const year of [0, 4, 100, 400, 1582, 1899, 1900, 1969, 1970, 1999, 2000, 2023, 2024, 2100, 9999]) {
    for (const [month, day] of [
      [0, 1],
      [1, 28],
      [1, 29],
      [2, 1],
      [11, 31],
    ] as const) {
      const date = new Date(0);
      date.setUTCFullYear(year, month, day);
      for (const sec of [date.getTime() / 1000, date.getTime() / 1000 + 86_399])
        expect(isoTime(sec, 5)).toBe(expected(sec, 5));
    }
  }
});

test.each([
  [FIRST_SEC - 1, 0, undefined],
  [END_SEC, 0, undefined],
  [9_007_199_254_740_992, 0, undefined],
  [-1, 1_000_000_000, '1970-01-01T00:00:00.000000000Z'],
])('%d s, %d ns', (sec, nsec, text) => {
  expect(isoTime(sec, nsec)).toBe(text);
});
