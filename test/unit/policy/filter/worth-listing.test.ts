/** A few names of a list are looked up; for many the directory is listed, up to a bound. */
import { expect, test } from 'vitest';
import { mostEntriesToList } from '../../../../src/policy/filter/worth-listing.ts';

test.each([
  [0, 0],
  [1, 0],
  [15, 0],
  [16, 256],
  [1000, 16_000],
])('%i names: list up to %i entries', (selected, most) => {
  expect(mostEntriesToList(selected)).toBe(most);
});
