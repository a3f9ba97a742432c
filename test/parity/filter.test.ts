/** Which paths the filter lets through, compared with what rsync lists of the same tree under the same rule file. */
import fc from 'fast-check';
import pLimit from 'p-limit';
import { expect } from 'vitest';
import { anyRuleFile, listWithFilter, listWithRsync, makeTree, words } from '../support/filter-oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';

async function expectSameLists(trees: Trees, ruleFiles: readonly string[]): Promise<void> {
  makeTree(trees.source, 2);
  // rsync mostly waits for its own processes, so four run at once.
  const limit = pLimit(4);
  const expected = await limit.map(ruleFiles, (ruleFile) => listWithRsync(trees, ruleFile));
  for (const [index, ruleFile] of ruleFiles.entries()) {
    const rules = JSON.stringify(ruleFile);
    const paths = listWithFilter(trees, ruleFile);
    expect({ rules, paths }).toEqual({ rules, paths: expected[index] });
  }
}

/** One pattern per word. */
const TRICKY_PATTERNS = [
  words`/a a a/ /a/ a/b /a/b foo/a/b a/foo/ b/ / // a// //a a//b /foo/a/ foo /foo bar/`,
  words`* */ /* /*/ */* /*/* */*/ *.c a* a*b *a* foo/* /foo/*/b foo/*/bar a*/b */b`,
  words`** /** **/ **/b /**/b **b a** a**b foo/** /foo/** foo/**/bar /foo/**/bar **/foo/ /a**/`,
  words`foo**bar /foo**bar **/foo/** **foo/b f**/b **/a/* */**/b **.c a/**/ /a/**/foo/`,
  words`*** a/*** /a/*** foo/***/ **/foo/*** a*** /f*** */*** **** a/**** ***/b foo/a/*** b/***`,
  words`? ?? /? foo?b foo/? ??? [ab] [!a] [^a] [!a-y] [a-c]? a[/]b foo[!x]b foo/[!x] **[!x]b`,
  words`[[:alpha:]] [[:upper:]][[:digit:]] [^[:alnum:]] [[:punct:]]* [[:x:]] [[:alpha:] [[:alpha]* [[:]*`,
  words`[]b] b[]] [!]b] [ a[ [a [] [!] [-] [a-] [!-~] [--/] [b-[:alpha:]]* [[:alpha:]-z] [[:alpha:]-]`,
  words`[a\-z] [\]] b[\]] [+-\-] [\ [a-\ [a-b-c] [b-a] [*]* a[*]b [[:blank:]]* x[[:space:]]y [[:cntrl:]]`,
  words`[[:graph:]] [[:lower:]]* [[:print:]]* [[:xdigit:]] [[:digit:]-a]9`,
  words`b\c b\c* b\\c* b\\c a\*b \a \a* *\ *\b \[x] \[x\] [x] \[* a\*b/** \ a\*b/ /a\*b/?`,
  words`${'\xe9'} ?${'\xe9'} [${'\xe9'}] *${'\xe9'} ${'\xc3\xa9'} [${'\xe0-\xff'}]`,
].flat();

/** One rule file per string. */
const TRICKY_FILES = [
  // Comments, blank lines and rule prefixes.
  ...[
    '# comment\na',
    '; comment\nb',
    '#c',
    './#c',
    '*#c',
    ' a',
    'a ',
    'x y',
    '- x y',
    '-  a',
    '+a',
    '-a',
    '+',
    '-',
  ],
  ...[
    '!',
    '!a',
    '! ',
    'b\n!\na',
    '+ !\n!',
    '- !',
    '- -',
    '- + a',
    'a\r\nb\r\n',
    'a\rb',
    '\n\n\r\n',
    'a\0b\nb',
    '\0a',
  ],
  // The first match wins.
  ...['+ a\n- a\nb', '+ a/\n- *', '+ */\n- *', '+ */\n+ *.c\n- *', '+ /foo/***\n- *', '+ foo/\n+ foo/b\n- *'],
  ...[
    '- b\n+ b',
    '+ b\n- b',
    '+ a/\n- a*',
    '+ /a\n+ /a/b\n- **',
    '- *.c\n+ /a/\n- /*/',
    '- foo/b\n+ b\n+ */\n- *',
  ],
  ...['+ /foo/a/***\n+ /foo/\n- /foo/*\n- /a', '+ b\n+ a/**/bar\n+ */\n- *', 'a/\n+ b\n/foo\n- a'],
];

describeWith(['rsync'], 'filter rules let through what rsync lets through', () => {
  test('for tricky rules', async ({ memoryTrees }) => {
    await expectSameLists(memoryTrees, [...TRICKY_PATTERNS, ...TRICKY_FILES]);
  });

  test('for random rules', async ({ memoryTrees }) => {
    await expectSameLists(memoryTrees, fc.sample(anyRuleFile, { seed: 20_260_101, numRuns: 200 }));
  });
});
