/** Compares what a filter lets through with what rsync lists of the same tree under the same rule file. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { compileFilter } from '../../src/policy/filter/filter.ts';
import { withRuleFile } from '../../src/policy/filter/parse-lists.ts';
import type { Trees } from './scenario.ts';

const DIRECTORY_NAMES = ['a', 'foo', 'a*b'];
const FILE_NAMES = ['b', 'ab', 'a.c', 'bar', '[x]', 'b\\c', '-', '\xe9', '!', '#c', 'x y', 'Z9', 'b]'];

export function words(text: TemplateStringsArray, ...values: readonly string[]): string[] {
  return String.raw(text, ...values).split(' ');
}

/** Files and directories with names that rules may match. */
export function makeTree(directory: string, depth: number): void {
  for (const name of FILE_NAMES) writeFileSync(latin1(`${directory}/${name}`), '');
  for (const name of depth === 0 ? [] : DIRECTORY_NAMES) {
    mkdirSync(latin1(`${directory}/${name}`));
    makeTree(`${directory}/${name}`, depth - 1);
  }
}

function latin1(path: string): Buffer {
  return Buffer.from(path, 'latin1');
}

export async function listWithRsync({ directory, source }: Trees, ruleFile: string): Promise<string[]> {
  const rules = join(mkdtempSync(join(directory, 'rules-')), 'rules');
  writeFileSync(rules, latin1(ruleFile));
  const args = ['-rn8', '--out-format=%n', `--exclude-from=${rules}`, `${source}/`, join(directory, 'none')];
  const { stdout } = await promisify(execFile)('rsync', args, { encoding: 'latin1' });
  return stdout
    .split('\n')
    .filter((line) => line !== '' && line !== './')
    .toSorted();
}

export function listWithFilter({ source }: Trees, ruleFile: string): string[] {
  const filter = compileFilter(
    withRuleFile([], ruleFile, { action: 'exclude', from0: false, file: 'rules' }),
  );
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

const PIECES = [
  words`a b ab foo bar .c / / / * * ** *** ? - ! # ${'\xe9'} ] \ \* [ab] [!a] [^/a] [a-f] [[:alpha:]]`,
  words`[]a] [ [\]x] [b- [[: :] /**/ /*** [!-~]`,
].flat();
const pattern = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.join(''));
const line = fc.tuple(fc.constantFrom('', '', '- ', '+ '), pattern).map((parts) => parts.join(''));
/** Built from pieces that have a meaning in rules. */
export const anyRuleFile = fc
  .tuple(
    fc.array(line, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('', '', '+ */\n- *', '- /*/*', '*.c'),
  )
  .map(([lines, last]) => [...lines, last].join('\n'));
