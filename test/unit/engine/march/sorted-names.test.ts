import fc from 'fast-check';
import { expect, test } from 'vitest';
import { includesName, joinNames, unlistedNames } from '../../../../src/engine/march/sorted-names.ts';
import { anyName } from '../../../support/entries.ts';

/** A few common names, so that many are on both sides and some repeat. Listings are in bytewise order. */
const someName = fc.oneof(fc.constantFrom('a', 'b', 'ab', '__proto__', '\xff', '\n'), anyName);
const listing = fc.array(someName, { maxLength: 30 }).map((names) => names.toSorted());

test('each name comes once, in order, with the sides that have it', () => {
  fc.assert(
    fc.property(listing, listing, (source, destination) => {
      const [sources, destinations] = [new Set(source), new Set(destination)];
      const expected = [...new Set([...source, ...destination])].toSorted().map((name) => {
        const isInDestination = destinations.has(name);
        return [name, sources.has(name) ? (isInDestination ? 'both' : 'source') : 'destination'];
      });
      expect([...joinNames(source, destination)]).toEqual(expected);
    }),
  );
});

test('a name is found if the listing has it', () => {
  fc.assert(
    fc.property(listing, someName, (names, name) => {
      expect(includesName(names, name)).toBe(new Set(names).has(name));
      for (const one of names) expect(includesName(names, one)).toBe(true);
    }),
  );
});

test('names in neither list of the destination are unlisted', () => {
  const listings = fc.record({ directories: listing, others: listing });
  fc.assert(
    fc.property(listings, listings, (source, destination) => {
      const listed = new Set([...destination.directories, ...destination.others]);
      const expected = [...source.directories, ...source.others].filter((name) => !listed.has(name));
      expect(unlistedNames(source, destination)).toEqual(expected);
    }),
  );
});
