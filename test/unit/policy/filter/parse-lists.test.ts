/** The syntax of --exclude, --include and their -from files. */
import { expect, test } from 'vitest';
import { UsageError } from '../../../../src/model/run/errors.ts';
import type { FilterList, FilterRule } from '../../../../src/model/filter-list.ts';
import { parseFilesFrom, withRule, withRuleFile } from '../../../../src/policy/filter/parse-lists.ts';

const EARLIER: readonly FilterRule[] = [{ action: 'include', pattern: 'earlier' }];

/** As rsync would print it: `- pattern`. */
function show(rules: FilterList): string[] {
  return rules.map(({ action, pattern }) => `${action === 'include' ? '+' : '-'} ${pattern}`);
}

function readExcludes(text: string, from0 = false): string[] {
  return show(withRuleFile([], text, { action: 'exclude', from0, file: 'rules' }));
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
  ['a\0bcd', ['- a']],
  ['\xe9\xff', ['- \xe9\xff']],
])('the file %j', (text, expected) => {
  expect(readExcludes(text)).toEqual(expected);
});

test('a file adds to what came before, and ! takes that back too', () => {
  const format = { action: 'include', from0: false, file: 'rules' } as const;
  expect(show(withRuleFile(EARLIER, 'a', format))).toEqual(['+ earlier', '+ a']);
  expect(show(withRuleFile(EARLIER, '!\na', format))).toEqual(['+ a']);
});

test('each rule of a file knows its line', () => {
  const rules = withRuleFile(EARLIER, '# first\na\n\n+ b\n', {
    action: 'exclude',
    from0: false,
    file: 'rules',
  });
  expect(rules.map(({ pattern, ...rule }) => [pattern, 'from' in rule ? rule.from : undefined])).toEqual([
    ['earlier', undefined],
    ['a', { file: 'rules', line: 2 }],
    ['b', { file: 'rules', line: 4 }],
  ]);
});

test('with from0 only NUL ends a rule', () => {
  expect(readExcludes('a\nb\0c\r\0\0# comment\0- d', true)).toEqual(['- a\nb', '- c\r', '- d']);
});

test('a prefix alone is refused', () => {
  expect(() => withRule([], '+ ', 'exclude')).toThrow(new UsageError('the filter rule "+ " has no pattern'));
  expect(() => readExcludes('a\n- \n')).toThrow(new UsageError('the filter rule in line 2 has no pattern'));
});

test.each<[text: string, expected: string[]]>([
  ['', []],
  ['a', ['a']],
  ['a\nb/c\n', ['a', 'b/c']],
  ['a\r\nb\rc', ['a', 'b', 'c']],
  ['\n\na\n\n', ['a']],
  ['# one\n;two\n./#three\na#b', ['#three', 'a#b']],
  ['/a', ['a']],
  ['//a///b', ['a/b']],
  ['./a/./b', ['a/b']],
  ['a/', ['a/']],
  ['a//', ['a/']],
  ['a/.', ['a/']],
  ['.', ['.']],
  ['./', ['.']],
  ['/', ['.']],
  ['...', ['...']],
  ['..a/b..', ['..a/b..']],
  [' a ', [' a ']],
  ['\xe9\xff', ['\xe9\xff']],
])('%j', (text, expected) => {
  expect([...parseFilesFrom([text], false)]).toEqual(expected);
});

test('with from0 only NUL ends a path, and nothing is a comment', () => {
  expect([...parseFilesFrom(['a\nb\0\0#c\0;e\0d\r\0'], true)]).toEqual(['a\nb', '#c', ';e', 'd\r']);
});

test.each([
  ['a/../b', 'b'],
  ['a/b/../../c/d', 'c/d'],
  ['a/..', '.'],
  ['a/b/..', 'a/'],
  ['a/b/../.', 'a/'],
  ['a/./../b/', 'b/'],
  ['a//../b', 'b'],
  ['/a/../b', 'b'],
])('%s is %s, whether or not a exists', (path, expected) => {
  expect([...parseFilesFrom([path], false)]).toEqual([expected]);
});

test.each(['..', '../a', 'a/../..', 'a/../../a', './..', '/..'])(
  '%s is refused: it leads out of the source',
  (path) => {
    const message = 'line 3 of the list leads out of the source with ".."';
    expect(() => [...parseFilesFrom([`a\n\n${path}`], false)]).toThrow(new UsageError(message));
  },
);

test('a list with NUL is refused without from0', () => {
  const message = 'line 1 of the list contains a NUL byte: is --from0 missing?';
  expect(() => [...parseFilesFrom(['a\0b\0'], false)]).toThrow(new UsageError(message));
});

test('with from0 a path may arrive in parts, too', () => {
  expect([...parseFilesFrom(['a', 'b\0c', '/d\0', '\0e'], true)]).toEqual(['ab', 'c/d', 'e']);
});

test.each([
  [false, '\n'],
  [true, '\0'],
])('paths are returned before the next part is read, with from0 %j', (from0, end) => {
  let partsRead = 0;
  function* parts(): Iterable<string> {
    for (const part of [`a${end}b`, `c${end}d`]) {
      partsRead++;
      yield part;
    }
  }
  const seen: [string, number][] = [];
  for (const path of parseFilesFrom(parts(), from0)) seen.push([path, partsRead]);
  expect(seen).toEqual([
    ['a', 1],
    ['bc', 2],
    ['d', 2],
  ]);
});

test('parts that are split anywhere are read as a whole, with the same line numbers', () => {
  const text = 'a/b\r\n\r\n#c\rd\n\ne/./f/\r\n;g\nh';
  const whole = [...parseFilesFrom([text], false)];
  expect(whole).toEqual(['a/b', 'd', 'e/f/', 'h']);
  for (let first = 0; first <= text.length; first++) {
    for (let second = first; second <= text.length; second++) {
      const parts = [text.slice(0, first), text.slice(first, second), text.slice(second)];
      expect([...parseFilesFrom(parts, false)]).toEqual(whole);
      expect(() => [...parseFilesFrom([...parts, '\n..'], false)]).toThrow('line 9 of the list');
    }
  }
});
