/** What one pattern matches, according to rsync's man page; test/parity asks rsync itself. */
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../../src/policy/filter/pattern.ts';

/** A path that ends in a slash is a directory. */
function isMatch(pattern: string, path: string): boolean {
  const isDirectory = path.endsWith('/');
  const bare = isDirectory ? path.slice(0, -1) : path;
  const name = bare.slice(bare.lastIndexOf('/') + 1);
  const compiled = compilePattern(pattern);
  if (compiled.directoriesOnly && !isDirectory) return false;
  if (compiled.kind === 'test') return compiled.matches(bare, name, isDirectory);
  return compiled.text === { name, path: bare }[compiled.kind];
}

type Case = readonly [pattern: string, matched: string, unmatched: string];

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'a name matches at any depth': [
    ['foo', 'foo foo/ a/foo a/b/foo/', 'food a/foo/b xfoo'],
    ['*.o', '.o a.o b/a.o a.o/', 'a.oo a.o/b'],
    ['core.*', 'core. core.1 a/core.1', 'core a/xcore.1'],
    ['*~', '~ a~', 'a~b'],
    ['a*a', 'aa aba', 'a'],
    ['?', 'a b/c', 'ab'],
    ['a?c*', 'abc a/abcd', 'ac ab'],
    ['?*', 'a ab b/a', ''],
    ['*?', 'a ab b/a', ''],
    ['*.?', '.h a.c b/a.c', 'a. a.cc c'],
    ['a*b*c', 'abc axbxc a/abbc', 'ac acb'],
  ],
  'brackets match one byte of a set': [
    ['x[ab]y', 'xay a/xby', 'xy x[y xxy xaby'],
    ['[!a]', 'b x/b', 'a x/a bb'],
    ['*.[ch]', 'a.c b/a.h', 'a.o a.[ch] a.ch'],
    ['[ab', '', 'a [ab'],
  ],
  'a trailing slash means directories only': [
    ['foo/', 'foo/ a/foo/', 'foo a/foo'],
    ['f*/', 'foo/ a/f/', 'foo'],
    ['/', '', 'a a/'],
  ],
  'a leading slash anchors to the root': [
    ['/foo', 'foo foo/', 'a/foo'],
    ['/foo/bar', 'foo/bar', 'a/foo/bar bar'],
    ['/*', 'a b/', 'a/b'],
    ['/foo/*/bar', 'foo/a/bar', 'foo/bar foo/a/b/bar x/foo/a/bar'],
  ],
  'a slash inside matches as many components from the end': [
    ['foo/bar', 'foo/bar a/foo/bar', 'bar foo/bar/a xfoo/bar'],
    ['foo/*', 'foo/a a/foo/b', 'foo foo/a/b'],
    ['*/*/b', 'a/a/b x/a/a/b', 'a/b b'],
    ['a[/]b', '', 'a/b x/a/b'],
    ['[^/a]', '', 'b x/b x/x/b'],
  ],
  'a double star crosses slashes': [
    ['**', 'a a/b a/b/c/', ''],
    ['**/foo', 'foo a/foo/ a/b/foo', 'foo/a xfoo'],
    ['**foo', 'foo a/foo a/xfoo', 'foo/a'],
    ['/foo/**/bar', 'foo/a/bar foo/a/b/bar', 'foo/bar x/foo/a/bar'],
    ['foo/**', 'foo/a foo/a/b x/foo/a', 'foo foo/'],
    ['foo**bar', 'foobar foo/bar x/foo/a/bar', 'xfoobar foo'],
    ['*/**/b', 'a/x/b a/a/b/b', 'a/b'],
  ],
  'a trailing triple star takes in the directory itself': [
    ['foo/***', 'foo/ foo/a foo/a/b a/foo/', 'foo xfoo/'],
    ['/foo/***', 'foo/ foo/a', 'a/foo/ foo'],
  ],
  'a backslash escapes only beside a wildcard': [
    ['a\\b', 'a\\b', 'ab'],
    ['a\\b*', 'ab abc', 'a\\b'],
    ['a\\\\b*', 'a\\b a\\bc', 'ab'],
    ['a\\*b', 'a*b', 'ab axb a\\*b'],
    ['\\[x]', '[x]', 'x'],
    ['*\\', '', 'a a\\ \\'],
  ],
  'bytes are matched, not characters': [
    ['?', '\xe9', '\xc3\xa9'],
    ['[\xe0-\xff]', '\xe9', '\xc3 e'],
  ],
};

describe.each(Object.entries(CASES))('%s', (_title, cases) => {
  test.each(cases)('%s', (pattern, matched, unmatched) => {
    for (const [list, expected] of [
      [matched, true],
      [unmatched, false],
    ] as const) {
      for (const path of list.split(' ').filter(Boolean)) expect(isMatch(pattern, path), path).toBe(expected);
    }
  });
});

test('names and anchored paths without wildcards are distinguished, so that a filter can look them up', () => {
  expect(compilePattern('foo/')).toEqual({ directoriesOnly: true, kind: 'name', text: 'foo' });
  expect(compilePattern('/foo/bar')).toEqual({ directoriesOnly: false, kind: 'path', text: 'foo/bar' });
});
