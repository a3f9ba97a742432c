/** The matcher is linear, and agrees with a recursive definition that is plainly right and plainly slow. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesWildcard, parseWildcard } from '../../../../src/policy/filter/wildcard.ts';

function isMatch(pattern: string, text: string, anyComponent?: boolean): boolean {
  const wildcard = parseWildcard(pattern);
  return wildcard !== undefined && matchesWildcard(wildcard, text, anyComponent);
}

/** For patterns of `a`, `b`, `/`, `?`, `*` and `**`. */
function matchesByDefinition(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  const stars = /^\*+/.exec(pattern)?.[0].length ?? 0;
  if (stars > 0) {
    const rest = pattern.slice(stars);
    if (matchesByDefinition(rest, text)) return true;
    return text !== '' && (stars > 1 || text[0] !== '/') && matchesByDefinition(pattern, text.slice(1));
  }
  const isSame = pattern[0] === '?' ? text !== '' && text[0] !== '/' : pattern[0] === text[0];
  return isSame && matchesByDefinition(pattern.slice(1), text.slice(1));
}

const patterns = fc
  .array(fc.constantFrom('a', 'b', '/', '?', '*', '**'), { maxLength: 8 })
  .map((parts) => parts.join(''));
const texts = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 10 }).map((parts) => parts.join(''));

test('agrees with the definition', () => {
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      expect(isMatch(pattern, text)).toBe(matchesByDefinition(pattern, text));
    }),
    { numRuns: 5000 },
  );
});

test('agrees with the definition from any component on', () => {
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      const starts = [0, ...[...text.matchAll(/\//g)].map(({ index }) => index + 1)];
      const expected = starts.some((start) => matchesByDefinition(pattern, text.slice(start)));
      expect(isMatch(pattern, text, true)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

const latin1Text = fc
  .array(fc.integer({ min: 1, max: 255 }), { maxLength: 40 })
  .map((bytes) => String.fromCharCode(...bytes));
const anyPattern = fc
  .array(fc.oneof(latin1Text, fc.constantFrom('*', '**', '[', ']', '[!', '\\', '[[:', ':]', '-')), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

test('accepts any bytes as a pattern', () => {
  fc.assert(
    fc.property(anyPattern, latin1Text, (pattern, text) => {
      expect(typeof isMatch(pattern, text)).toBe('boolean');
    }),
  );
});

test('every text matches itself with each byte escaped', () => {
  fc.assert(
    fc.property(latin1Text, (text) => {
      expect(isMatch(text.replace(/./gs, '\\$&'), text)).toBe(true);
    }),
  );
});

// A backtracking matcher would take years.
test.each(['*a', '**a', '*?', '**[a-z]'])('%s repeated does not backtrack', (part) => {
  expect(isMatch(`${part.repeat(60)}b`, 'a'.repeat(4000))).toBe(false);
  expect(isMatch(`${part.repeat(60)}*`, 'a'.repeat(4000))).toBe(true);
});
