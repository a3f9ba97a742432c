/** Which paths the filter lets through, compared with what rsync lists of the same tree under the same rule file. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import pLimit from 'p-limit';
import { expect } from 'vitest';
import { compileFilter } from '../../src/policy/filter/filter.ts';
import { withRuleFile } from '../../src/policy/filter/rule-file.ts';
import { describeWith } from '../support/requirements.ts';
import { test } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';

const DIRECTORY_NAMES = ['a', 'foo', 'a*b'];
const FILE_NAMES = ['b', 'ab', 'a.c', 'bar', '[x]', 'b\\c', '-', '\xe9', '!', '#c', 'x y', 'Z9', 'b]'];

function words(text: TemplateStringsArray, ...values: readonly string[]): string[] {
  return String.raw(text, ...values).split(' ');
}

function makeTree(directory: string, depth: number): void {
  for (const name of FILE_NAMES) writeFileSync(latin1(`${directory}/${name}`), '');
  for (const name of depth === 0 ? [] : DIRECTORY_NAMES) {
    mkdirSync(latin1(`${directory}/${name}`));
    makeTree(`${directory}/${name}`, depth - 1);
  }
}

function latin1(path: string): Buffer {
  return Buffer.from(path, 'latin1');
}

async function listWithRsync({ directory, source }: Trees, ruleFile: string): Promise<string[]> {
  const rules = join(mkdtempSync(join(directory, 'rules-')), 'rules');
  writeFileSync(rules, latin1(ruleFile));
  const args = ['-rn8', '--out-format=%n', `--exclude-from=${rules}`, `${source}/`, join(directory, 'none')];
  const { stdout } = await promisify(execFile)('rsync', args, { encoding: 'latin1' });
  return stdout
    .split('\n')
    .filter((line) => line !== '' && line !== './')
    .toSorted();
}

function listWithFilter({ source }: Trees, ruleFile: string): string[] {
  const filter = compileFilter(withRuleFile([], ruleFile, { action: 'exclude', from0: false }));
  const listed: string[] = [];
  const visit = (directory: string): void => {
    const entries = readdirSync(latin1(`${source}/${directory}`), {
      withFileTypes: true,
      encoding: 'latin1',
    });
    for (const entry of entries) {
      const path = directory + entry.name;
      if (filter?.isExcluded(path, entry.isDirectory())) continue;
      listed.push(entry.isDirectory() ? `${path}/` : path);
      if (entry.isDirectory()) visit(`${path}/`);
    }
  };
  visit('');
  return listed.toSorted();
}

async function expectSameLists(trees: Trees, ruleFiles: readonly string[]): Promise<void> {
  makeTree(trees.source, 2);
  // rsync mostly waits for its own processes.
  const limit = pLimit(4);
  const expected = await limit.map(ruleFiles, (ruleFile) => listWithRsync(trees, ruleFile));
  for (const [index, ruleFile] of ruleFiles.entries()) {
    const rules = JSON.stringify(ruleFile);
    const paths = listWithFilter(trees, ruleFile);
    expect({ rules, paths }).toEqual({ rules, paths: expected[index] });
  }
}

/** One pattern a word. */
const TRICKY_PATTERNS = [
  // Anchors, tails and directories.
  words`/a a a/ /a/ a/b /a/b foo/a/b a/foo/ b/ / // a// //a a//b /foo/a/ foo /foo bar/`,
  // Stars.
  words`* */ /* /*/ */* /*/* */*/ *.c a* a*b *a* foo/* /foo/*/b foo/*/bar a*/b */b`,
  words`** /** **/ **/b /**/b **b a** a**b foo/** /foo/** foo/**/bar /foo/**/bar **/foo/ /a**/`,
  words`foo**bar /foo**bar **/foo/** **foo/b f**/b **/a/* */**/b **.c a/**/ /a/**/foo/`,
  words`*** a/*** /a/*** foo/***/ **/foo/*** a*** /f*** */*** **** a/**** ***/b foo/a/*** b/***`,
  // Single characters and classes.
  words`? ?? /? foo?b foo/? ??? [ab] [!a] [^a] [!a-y] [a-c]? a[/]b foo[!x]b foo/[!x] **[!x]b`,
  words`[[:alpha:]] [[:upper:]][[:digit:]] [^[:alnum:]] [[:punct:]]* [[:x:]] [[:alpha:] [[:alpha]* [[:]*`,
  words`[]b] b[]] [!]b] [ a[ [a [] [!] [-] [a-] [!-~] [--/] [b-[:alpha:]]* [[:alpha:]-z] [[:alpha:]-]`,
  words`[a\-z] [\]] b[\]] [+-\-] [\ [a-\ [a-b-c] [b-a] [*]* a[*]b [[:blank:]]* x[[:space:]]y [[:cntrl:]]`,
  words`[[:graph:]] [[:lower:]]* [[:print:]]* [[:xdigit:]] [[:digit:]-a]9`,
  // Backslashes.
  words`b\c b\c* b\\c* b\\c a\*b \a \a* *\ *\b \[x] \[x\] [x] \[* a\*b/** \ a\*b/ /a\*b/?`,
  // Bytes.
  words`${'\xe9'} ?${'\xe9'} [${'\xe9'}] *${'\xe9'} ${'\xc3\xa9'} [${'\xe0-\xff'}]`,
].flat();

/** One rule file each. */
const TRICKY_FILES = [
  // What is a rule, a comment or a line.
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
  // First match wins.
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

const PIECES = [
  words`a b ab foo bar .c / / / * * ** *** ? - ! # ${'\xe9'} ] \ \* [ab] [!a] [^/a] [a-f] [[:alpha:]]`,
  words`[]a] [ [\]x] [b- [[: :] /**/ /*** [!-~]`,
].flat();
const pattern = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.join(''));
const line = fc.tuple(fc.constantFrom('', '', '- ', '+ '), pattern).map((parts) => parts.join(''));
const ruleFile = fc
  .tuple(
    fc.array(line, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('', '', '+ */\n- *', '- /*/*', '*.c'),
  )
  .map(([lines, last]) => [...lines, last].join('\n'));

describeWith(['rsync'], 'filter rules let through what rsync lets through', () => {
  test('for tricky rules', async ({ memoryTrees }) => {
    await expectSameLists(memoryTrees, [...TRICKY_PATTERNS, ...TRICKY_FILES]);
  });

  test('for random rules', async ({ memoryTrees }) => {
    await expectSameLists(memoryTrees, fc.sample(ruleFile, { seed: 20_260_101, numRuns: 200 }));
  });
});
