/** Rules as a list: the first that matches wins, whatever kind of pattern it has. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FilterRule } from '../../../../src/model/filter-list.ts';
import { compileFilter } from '../../../../src/policy/filter/filter.ts';

/** `+ pattern` or `- pattern`. */
function rulesOf(...lines: readonly string[]): FilterRule[] {
  return lines.map((line) => ({
    action: line.startsWith('+') ? 'include' : 'exclude',
    pattern: line.slice(2),
  }));
}

function excludedBy(rules: readonly FilterRule[], paths: readonly string[]): string[] {
  const filter = compileFilter(rules);
  return paths.filter((path) => filter?.isExcluded(path.replace(/\/$/, ''), path.endsWith('/')));
}

test('no rules make no filter', () => {
  expect(compileFilter([])).toBeUndefined();
});

test.each<[rules: string[], paths: string, excluded: string]>([
  [['- foo'], 'foo a/foo bar', 'foo a/foo'],
  [['- /foo'], 'foo a/foo', 'foo'],
  [['- foo/'], 'foo foo/', 'foo/'],
  [['+ foo', '- foo'], 'foo', ''],
  [['- foo', '+ foo'], 'foo', 'foo'],
  [['+ /foo', '- foo'], 'foo a/foo', 'a/foo'],
  [['- foo', '+ /foo'], 'foo a/foo', 'foo a/foo'],
  [['+ foo/', '- foo'], 'foo foo/', 'foo'],
  [['+ *.c', '- *'], 'a.c b a/', 'b a/'],
  [['+ */', '+ *.c', '- *'], 'a.c b a/', 'b'],
  [['+ b', '- *'], 'a b', 'a'],
  [['- b*', '+ b'], 'b bc', 'b bc'],
  [['+ b', '- b*', '+ bc'], 'b bc', 'bc'],
  [['- f*/'], 'foo foo/', 'foo/'],
  [['+ a*', '- ab'], 'ab b', ''],
  [['- __proto__', '- constructor'], '__proto__ toString a/constructor', '__proto__ a/constructor'],
])('%j', (lines, paths, excluded) => {
  expect(excludedBy(rulesOf(...lines), paths.split(' '))).toEqual(excluded.split(' ').filter(Boolean));
});

test('literal rules that are looked up keep their place among the others', () => {
  const rule = fc.tuple(
    fc.constantFrom('+', '-'),
    fc.constantFrom('a', 'b', '/a', 'a/', '/a/b', 'a*', '*b', '?', 'a/b'),
  );
  const lines = fc.array(
    rule.map((parts) => parts.join(' ')),
    { maxLength: 6 },
  );
  const paths = ['a', 'a/', 'b', 'a/b', 'a/a/', 'b/a', 'b/a/b', 'ab'];
  fc.assert(
    fc.property(lines, (list) => {
      const rules = rulesOf(...list);
      const expected = paths.filter((path) => {
        const first = rules.find(
          ({ pattern }) => excludedBy([{ action: 'exclude', pattern }], [path]).length > 0,
        );
        return first?.action === 'exclude';
      });
      expect(excludedBy(rules, paths)).toEqual(expected);
    }),
  );
});
