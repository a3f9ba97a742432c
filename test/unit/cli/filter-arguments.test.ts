/** Lists are read by name or pattern, literally where the name exists, and errors say which list. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveFilesFrom, resolveFilters } from '../../../src/cli/filter-arguments.ts';
import { UsageError } from '../../../src/errors.ts';

let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'efs-sync-test-'));
  mkdirSync(join(directory, 'rules'));
  writeFileSync(join(directory, 'rules/2.txt'), '+ two\n# comment\n\n*.o\n');
  writeFileSync(join(directory, 'rules/1.txt'), 'one\n');
  writeFileSync(join(directory, 'rules/é.txt'), 'b\xff\n', 'latin1');
  writeFileSync(join(directory, 'l*t'), 'literal\n');
  writeFileSync(join(directory, 'list'), 'another\n');
  writeFileSync(join(directory, 'nul'), 'a\nb\0c\0');
  writeFileSync(join(directory, 'bad'), 'fine\n- \n');
  writeFileSync(join(directory, 'paths'), 'x/y\n/z//\n');
});

afterAll(() => rmSync(directory, { recursive: true }));

test('rules keep the order of the command line, and of the names a pattern matches', () => {
  const rules = resolveFilters(
    [
      { option: 'include', value: 'first' },
      { option: 'exclude-from', value: `${directory}/rules/[12].txt` },
      { option: 'exclude', value: 'last' },
    ],
    false,
  );
  expect(rules.map(({ action, pattern }) => `${action} ${pattern}`)).toEqual([
    'include first',
    'exclude one',
    'include two',
    'exclude *.o',
    'exclude last',
  ]);
});

test('a pattern finds names that are not ASCII, and rules are bytes', () => {
  const value = Buffer.from(`${directory}/rules/é*`, 'utf8').toString('latin1');
  expect(resolveFilters([{ option: 'include-from', value }], false)).toEqual([
    { action: 'include', pattern: 'b\xff' },
  ]);
});

test('a name that exists is no pattern', () => {
  const value = `${directory}/l*t`;
  expect(resolveFilters([{ option: 'exclude-from', value }], false)).toEqual([
    { action: 'exclude', pattern: 'literal' },
  ]);
});

test('--from0 ends rules with NUL', () => {
  const rules = resolveFilters([{ option: 'exclude-from', value: `${directory}/nul` }], true);
  expect(rules.map(({ pattern }) => pattern)).toEqual(['a\nb', 'c']);
});

const PLAIN = { from0: false, recursive: false };

function keys(value: string): string {
  return Buffer.from(resolveFilesFrom(value, PLAIN)?.bytes ?? []).toString('latin1');
}

test('--files-from gives paths, of all files a pattern matches', () => {
  expect(resolveFilesFrom(undefined, PLAIN)).toBeUndefined();
  expect(keys(`${directory}/paths`)).toBe('\0x\0y\0z\0');
  expect(keys(`${directory}/rules/[12].txt`)).toBe('\0*.o\0+ two\0one');
});

test('an empty name is told from one that does not exist', () => {
  expect(() => resolveFilesFrom('', PLAIN)).toThrow('cannot read --files-from=: the name is empty');
  expect(() => resolveFilters([{ option: 'exclude-from', value: '' }], false)).toThrow(/is empty/);
});

test.each(['{1..10000000}', '*('.repeat(500), `${'d/'.repeat(3000)}*`])(
  'a pattern that is no use is refused: %.20s',
  (value) => {
    expect(() => resolveFilters([{ option: 'exclude-from', value }], false)).toThrow(UsageError);
    expect(() => resolveFilesFrom(value, PLAIN)).toThrow(/^cannot read --files-from=/);
  },
);

test('an error in a list says which list and where', () => {
  const value = `${directory}/bad`;
  const read = (): unknown => resolveFilters([{ option: 'exclude-from', value }], false);
  expect(read).toThrow(UsageError);
  expect(read).toThrow(`--exclude-from=${value}: the filter rule in line 2 has no pattern`);
});
