/** Patterns with a slash are tried only where they can match, and the first that matches still decides. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FilterRule } from '../../../../src/model/filter-list.ts';
import { compileFilter } from '../../../../src/policy/filter/filter.ts';
import { isExcluded } from '../../../support/one-by-one.ts';

const name = fc.constantFrom('a', 'b', 'ab', 'a.o');
const part = fc.oneof(
  name,
  fc.constantFrom('*', '**', '***', 'a*', '*b', '?', 'a**', '**b', '[ab]', '\\a', ''),
);
const pattern = fc
  .tuple(
    fc.constantFrom('', '/', '**/'),
    fc.array(part, { minLength: 2, maxLength: 4 }),
    fc.constantFrom('', '/'),
  )
  .map(([lead, parts, end]) => lead + parts.join('/') + end)
  .filter((text) => text.replaceAll('/', '') !== '');
const rule: fc.Arbitrary<FilterRule> = fc.record({ action: fc.constantFrom('include', 'exclude'), pattern });
const directory = fc.array(name, { maxLength: 3 }).map((names) => names.join('/'));

test('as one by one, in directories asked about in turn', () => {
  const input = fc.tuple(fc.array(rule, { minLength: 20, maxLength: 40 }), fc.array(directory), fc.boolean());
  fc.assert(
    fc.property(input, ([rules, directories, isDirectory]) => {
      const filter = compileFilter(rules);
      for (const above of directories) {
        for (const each of ['a', 'b', 'ab', 'a.o']) {
          const path = above === '' ? each : `${above}/${each}`;
          expect(filter?.isExcluded(path, isDirectory), path).toBe(isExcluded(rules, path, isDirectory));
        }
      }
    }),
    { numRuns: 300 },
  );
});
