/** Many rules that are alike are looked up, and the first that matches still decides. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FilterRule } from '../../../../src/model/filter-list.ts';
import { compileFilter } from '../../../../src/policy/filter/filter.ts';
import { isExcluded } from '../../../support/one-by-one.ts';

const words = fc.constantFrom('a', 'b', 'ab', 'ba', 'aab', 'abb');
const pattern = fc.oneof(
  words,
  words.map((word) => `*${word}`),
  words.map((word) => `${word}*`),
  fc.tuple(words, words).map((both) => both.join('/')),
  fc.tuple(words, words, words).map((all) => all.join('/')),
  fc.constantFrom('*', '/a', '/a/b', '*a*', 'a*b', '[a]*', '**'),
);
const rule: fc.Arbitrary<FilterRule> = fc.record({
  action: fc.constantFrom('include', 'exclude'),
  pattern: fc.tuple(pattern, fc.constantFrom('', '', '/')).map((parts) => parts.join('')),
});
const path = fc.array(words, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));

test('as one by one', () => {
  const input = fc.tuple(fc.array(rule, { minLength: 20, maxLength: 60 }), fc.array(path), fc.boolean());
  fc.assert(
    fc.property(input, ([rules, paths, isDirectory]) => {
      const filter = compileFilter(rules);
      for (const at of paths) {
        expect(filter?.isExcluded(at, isDirectory)).toBe(isExcluded(rules, at, isDirectory));
      }
    }),
  );
});
