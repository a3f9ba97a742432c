/** The syntax of --filter, and what its files hold. */
import { expect, test } from 'vitest';
import { UsageError } from '../../../../src/model/run/errors.ts';
import type { RuleStyle } from '../../../../src/model/filter-list.ts';
import { parseRules } from '../../../../src/policy/filter/expand-rules.ts';
import { parseRule } from '../../../../src/policy/filter/parse-rule.ts';

test.each<[text: string, rule: object | 'clear']>([
  ['- a', { action: 'exclude', pattern: 'a' }],
  ['-_a b', { action: 'exclude', pattern: 'a b' }],
  ['-  a', { action: 'exclude', pattern: ' a' }],
  ['exclude a', { action: 'exclude', pattern: 'a' }],
  ['exclude,! a', { action: 'exclude', pattern: 'a', isNegated: true }],
  ['-,! a', { action: 'exclude', pattern: 'a', isNegated: true }],
  ['include_a', { action: 'include', pattern: 'a' }],
  ['+/p /a/', { action: 'include', pattern: '/a/', isAbsolute: true, isPerishable: true }],
  ['-s a', { action: 'exclude', pattern: 'a', side: 'source' }],
  ['-r a', { action: 'exclude', pattern: 'a', side: 'destination' }],
  ['-sr a', { action: 'exclude', pattern: 'a', side: 'both' }],
  ['hide a', { action: 'exclude', pattern: 'a', side: 'source' }],
  ['S a', { action: 'include', pattern: 'a', side: 'source' }],
  ['P a', { action: 'exclude', pattern: 'a', side: 'destination' }],
  ['risk,p a', { action: 'include', pattern: 'a', side: 'destination', isPerishable: true }],
  ['!', 'clear'],
  ['clear', 'clear'],
  ['-C', { action: 'cvs', traits: { action: 'exclude' } }],
  ['. f', { action: 'read', pattern: 'f', style: {} }],
  ['merge,- f', { action: 'read', pattern: 'f', style: { bare: 'exclude' } }],
  [': f', { action: 'merge', pattern: 'f', style: {}, isInherited: true }],
  [
    'dir-merge,n+w f',
    { action: 'merge', pattern: 'f', style: { bare: 'include', isWords: true }, isInherited: false },
  ],
  [
    ':C',
    {
      action: 'merge',
      pattern: '.cvsignore',
      style: { bare: 'exclude', isWords: true, isCvs: true },
      isInherited: false,
    },
  ],
])('the rule %j', (text, rule) => {
  expect(parseRule(text)).toEqual([rule]);
});

test('a file may exclude itself, by its name alone', () => {
  expect(parseRule(':e /a/f')[0]).toEqual({ action: 'exclude', pattern: 'f' });
});

test.each([
  ['a', 'begins with none of'],
  [' - a', 'begins with none of'],
  ['excludes a', 'begins with none of'],
  ['-', 'has no pattern'],
  ['- ', 'has no pattern'],
  ['merge', 'has no pattern'],
  ['!a', 'has something after its "!"'],
  ['-z a', 'cannot have the modifier "z"'],
  ['-n a', 'cannot have the modifier "n"'],
  ['hide,s a', 'cannot have the modifier "s"'],
  ['P,C', 'cannot have the modifier "C"'],
  ['.! f', 'cannot have the modifier "!"'],
  [':-+ f', 'has more than one of the modifiers'],
])('the rule %j is refused: it %s', (text, why) => {
  expect(() => parseRule(text)).toThrow(new RegExp(why.replace('+', String.raw`\+`)));
  expect(() => parseRule(text)).toThrow(UsageError);
});

function rulesIn(text: string, style: RuleStyle = {}, from0 = false): unknown[] {
  return parseRules({ text, name: 'f' }, style, from0).map((rule) =>
    rule === 'clear' || rule.action === 'cvs' ? rule : `${rule.action} ${rule.pattern}`,
  );
}

test('files have a rule in each line, and comments', () => {
  expect(rulesIn('# no\n- a\r\n\n;- b\n+ c\0d\n!')).toEqual(['exclude a', 'include c', 'clear']);
  expect(rulesIn('- a\nb\0+ c', {}, true)).toEqual(['exclude a\nb', 'include c']);
});

test('lines without a sign are patterns as they are', () => {
  expect(rulesIn('- a\n!\n#b', { bare: 'exclude' })).toEqual(['exclude - a', 'exclude !']);
  expect(rulesIn('a  b\n! #c', { bare: 'exclude', isWords: true, isCvs: true })).toEqual([
    'exclude a',
    'exclude b',
    'clear',
    'exclude #c',
  ]);
});

test('rules have the traits of their file, and may not name a side again', () => {
  const style = { side: 'source', isPerishable: true } as const;
  expect(parseRules({ text: '- a', name: 'f' }, style, false)).toEqual([
    { action: 'exclude', pattern: 'a', ...style, from: { file: 'f', line: 1 } },
  ]);
  expect(() => rulesIn('- a\n-r b', style)).toThrow('f, line 2: the filter rule "-r b" is of one side');
});
