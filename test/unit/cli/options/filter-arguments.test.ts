/** Lists are read by name or pattern, literally where the name exists, and errors say which list. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveFilesFrom, resolveFilters } from '../../../../src/cli/options/filter-arguments.ts';
import { UsageError } from '../../../../src/model/run/errors.ts';
import { PATIENT } from '../../../support/patience.ts';

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

test('rules keep the order of the command line, and of the names a pattern matches', async () => {
  const rules = await resolveFilters(
    [
      { option: 'include', value: 'first' },
      { option: 'exclude-from', value: `${directory}/rules/[12].txt` },
      { option: 'exclude', value: 'last' },
    ],
    false,
    PATIENT,
  );
  expect(rules.map(({ action, pattern }) => `${action} ${pattern}`)).toEqual([
    'include first',
    'exclude one',
    'include two',
    'exclude *.o',
    'exclude last',
  ]);
});

function latin1Of(name: string): string {
  return Buffer.from(`${directory}/${name}`, 'utf8').toString('latin1');
}

test('a pattern finds names that are not ASCII, and rules are bytes', async () => {
  const value = latin1Of('rules/é*');
  expect(await resolveFilters([{ option: 'include-from', value }], false, PATIENT)).toEqual([
    { action: 'include', pattern: 'b\xff', from: { file: latin1Of('rules/é.txt'), line: 1 } },
  ]);
});

test('an existing name is not a pattern', async () => {
  const value = `${directory}/l*t`;
  expect(await resolveFilters([{ option: 'exclude-from', value }], false, PATIENT)).toEqual([
    { action: 'exclude', pattern: 'literal', from: { file: value, line: 1 } },
  ]);
});

test('--from0 ends rules with NUL', async () => {
  const rules = await resolveFilters([{ option: 'exclude-from', value: `${directory}/nul` }], true, PATIENT);
  expect(rules.map(({ pattern }) => pattern)).toEqual(['a\nb', 'c']);
});

const PLAIN = { from0: false, recursive: false };

async function keys(value: string): Promise<string> {
  const paths = await resolveFilesFrom(value, PLAIN, PATIENT);
  return Buffer.from(paths?.bytes ?? []).toString('latin1');
}

test('--files-from reads paths from all files that a pattern matches', async () => {
  expect(await resolveFilesFrom(undefined, PLAIN, PATIENT)).toBeUndefined();
  expect(await keys(`${directory}/paths`)).toBe('\0x\0y\0z\0');
  expect(await keys(`${directory}/rules/[12].txt`)).toBe('\0*.o\0+ two\0one');
});

test('an empty name is distinguished from a missing one', async () => {
  await expect(resolveFilesFrom('', PLAIN, PATIENT)).rejects.toThrow(
    'cannot read --files-from=: the name is empty',
  );
  await expect(resolveFilters([{ option: 'exclude-from', value: '' }], false, PATIENT)).rejects.toThrow(
    /is empty/,
  );
});

test.each(['{1..10000000}', '*('.repeat(500), `${'d/'.repeat(3000)}*`])(
  'a useless pattern is refused: %.20s',
  async (value) => {
    await expect(resolveFilters([{ option: 'exclude-from', value }], false, PATIENT)).rejects.toThrow(
      UsageError,
    );
    await expect(resolveFilesFrom(value, PLAIN, PATIENT)).rejects.toThrow(/^cannot read --files-from=/);
  },
);

test('an error in a list says which list and where', async () => {
  const value = `${directory}/bad`;
  const read = async (): Promise<unknown> =>
    resolveFilters([{ option: 'exclude-from', value }], false, PATIENT);
  await expect(read()).rejects.toThrow(UsageError);
  await expect(read()).rejects.toThrow(`--exclude-from=${value}: the filter rule in line 2 has no pattern`);
});
