/** Any filter file means the same as in rsync, or is refused in one sentence; and quickly. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsageError } from '../../src/model/run/errors.ts';
import type { FilterList } from '../../src/model/filter-list.ts';
import { compileFilter } from '../../src/policy/filter/filter.ts';
import { withRule, withRuleFile } from '../../src/policy/filter/parse-lists.ts';
import { anyRuleFile, listWithFilter, listWithRsync, makeTree } from '../support/filter-oracle.ts';
import { anyBytes, fuzz, FUZZ_TIMEOUT_MS } from '../support/fuzz.ts';
import { describeWith } from '../support/requirements.ts';
import { test as testTrees } from '../support/scenario.ts';

const TIMEOUT = { timeout: FUZZ_TIMEOUT_MS };

/** Pieces of pattern syntax, since random characters are mostly literals. */
const syntax = fc
  .array(fc.constantFrom(...'ab/*?[]!^-\\:+ #;\n\r\0'.split(''), '**', '***', '[:alpha:]', '\xe9'), {
    maxLength: 60,
  })
  .map((parts) => parts.join(''));
const text = fc.oneof(syntax, anyBytes(200), anyRuleFile);
const path = fc
  .array(
    anyBytes(30).map((name) => name.replaceAll(/[/\0]/g, 'a') || 'a'),
    { minLength: 1, maxLength: 5 },
  )
  .map((names) => names.join('/'));

test('any bytes are rules or refused', TIMEOUT, async () => {
  const input = fc.record({ text, from0: fc.boolean(), paths: fc.array(path, { maxLength: 4 }) });
  await fuzz('filter files', { input, share: 0.05, atOnce: 200 }, ({ text: rules, from0, paths }) => {
    for (const read of [
      () => withRuleFile([], rules, { action: 'exclude', from0, file: 'rules' }),
      () => withRule([], rules, 'include'),
    ]) {
      const filter = compileFilter(readOrRefused(read));
      for (const each of paths) expect(typeof (filter?.isExcluded(each, true) ?? false)).toBe('boolean');
    }
  });
});

function readOrRefused(read: () => FilterList): FilterList {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(/^the filter rule .* has no pattern$/);
    return [];
  }
}

/** Backtracking matchers take minutes for these. */
test('no pattern takes long to match', () => {
  const long = 'a'.repeat(255);
  const patterns = ['*a', '**a', '[a-z]*', 'a*/', '?*', '**/'].flatMap((piece) => [
    `${piece.repeat(40)}b`,
    `/${piece.repeat(40)}[!a]`,
  ]);
  const filter = compileFilter(patterns.map((pattern) => ({ action: 'exclude', pattern })));
  for (const each of [long, `${long}/${long}/${long}`, 'a/'.repeat(1000) + 'a'])
    expect(filter?.isExcluded(each, false)).toBe(false);
});

describeWith(['rsync'], 'beside rsync', () => {
  testTrees('rules let through what they do there', TIMEOUT, async ({ memoryTrees }) => {
    makeTree(memoryTrees.source, 2);
    await fuzz('filters beside rsync', { input: anyRuleFile, share: 0.2, atOnce: 10 }, async (rules) => {
      expect(listWithFilter(memoryTrees, rules)).toEqual(await listWithRsync(memoryTrees, rules));
    });
  });
});
