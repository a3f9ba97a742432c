/** The syntax of --exclude, --include and their -from files. */
import { expect, test } from 'vitest';
import { UsageError } from '../../../../src/errors.ts';
import type { FilterRule } from '../../../../src/model/settings.ts';
import { withRule, withRuleFile } from '../../../../src/policy/filter/rule-file.ts';

const EARLIER: readonly FilterRule[] = [{ action: 'include', pattern: 'earlier' }];

/** As rsync would print it: `- pattern`. */
function show(rules: readonly FilterRule[]): string[] {
  return rules.map(({ action, pattern }) => `${action === 'include' ? '+' : '-'} ${pattern}`);
}

function readExcludes(text: string, from0 = false): string[] {
  return show(withRuleFile([], text, { action: 'exclude', from0 }));
}

test.each([
  ['a', 'exclude', ['+ earlier', '- a']],
  ['a', 'include', ['+ earlier', '+ a']],
  ['+ a', 'exclude', ['+ earlier', '+ a']],
  ['- a', 'include', ['+ earlier', '- a']],
  ['#a', 'exclude', ['+ earlier', '- #a']],
  ['', 'exclude', ['+ earlier']],
  ['!', 'exclude', []],
] as const)('the argument %j to %s', (argument, action, expected) => {
  expect(show(withRule(EARLIER, argument, action))).toEqual(expected);
});

test.each<[text: string, expected: string[]]>([
  ['', []],
  ['a', ['- a']],
  ['a\nb\n', ['- a', '- b']],
  ['a\r\nb\r\n', ['- a', '- b']],
  ['a\rb', ['- a', '- b']],
  ['\n\na\n\n', ['- a']],
  ['# one\n; two\n#a\n;b\n#', []],
  [' # no comment', ['-  # no comment']],
  ['+ a\n- b\nc', ['+ a', '- b', '- c']],
  ['+a\n-b', ['- +a', '- -b']],
  ['+  a', ['+  a']],
  [' a \t', ['-  a \t']],
  ['a\n!\nb', ['- b']],
  ['!a\n! ', ['- !a', '- ! ']],
  ['+ !', ['+ !']],
  ['a\0b\n\0c', ['- a']],
  ['\xe9\xff', ['- \xe9\xff']],
])('the file %j', (text, expected) => {
  expect(readExcludes(text)).toEqual(expected);
});

test('a file adds to what came before, and ! takes that back too', () => {
  const format = { action: 'include', from0: false } as const;
  expect(show(withRuleFile(EARLIER, 'a', format))).toEqual(['+ earlier', '+ a']);
  expect(show(withRuleFile(EARLIER, '!\na', format))).toEqual(['+ a']);
});

test('with from0 only NUL ends a rule', () => {
  expect(readExcludes('a\nb\0c\r\0\0# comment\0- d', true)).toEqual(['- a\nb', '- c\r', '- d']);
});

test('a prefix alone is refused', () => {
  expect(() => withRule([], '+ ', 'exclude')).toThrow(new UsageError('the filter rule "+ " has no pattern'));
  expect(() => readExcludes('a\n- \n')).toThrow(new UsageError('the filter rule in line 2 has no pattern'));
});
