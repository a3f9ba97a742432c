/** Relative paths in a task file count from the directory of the file. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readTask, type TaskFile } from '../../../../src/cli/task-file/read-task.ts';
import { PATIENT } from '../../../support/patience.ts';

const directory = mkdtempSync(join(tmpdir(), 'efs-sync-task-'));
const file = join(directory, 'home.yaml');
afterAll(() => rmSync(directory, { recursive: true }));

async function read(text: string): Promise<TaskFile> {
  writeFileSync(file, text);
  return readTask(file, PATIENT);
}

const ROOTS = 'source: a\ndestination: b\n';

test.each([
  ['a', () => join(directory, 'a')],
  ['./a', () => join(directory, 'a')],
  ['.', () => directory],
  // What it leads to depends on links.
  ['../a/..', () => `${directory}/../a/..`],
  ['/a', () => '/a'],
])('%s', async (path, expected) => {
  const { source, options, given } = await read(`source: "${path}"\ndestination: /b\nlog-file: "${path}"`);
  expect([source, options.logFile]).toEqual([expected(), expected()]);
  expect(given.map(({ value }) => value)).toEqual([expected(), '/b', expected()]);
});

test.each(['~/a', 'nas:/export', '$HOME/a', 's3://a'])(
  'but %s is no path, and is explained',
  async (written) => {
    expect((await read(`source: "${written}"\ndestination: b`)).source).toBe(written);
    expect((await read(`source: "./${written}"\ndestination: b`)).source).toBe(`${directory}/${written}`);
  },
);

test('also where the file was named relative to the working directory', async () => {
  await read('source: a\ndestination: b');
  const { source } = await readTask(relative(process.cwd(), file), PATIENT);
  expect(realpathSync(join(source, '..'))).toBe(realpathSync(directory));
});

test('- is still a standard stream, and a pattern is no path', async () => {
  const { options, filters } = await read(`${ROOTS}files-from: "-"\nexclude: a/b\nrequire-file: c`);
  expect(options).toMatchObject({ filesFrom: '-', requireFile: 'c' });
  expect(filters).toMatchObject([{ value: 'a/b' }]);
});
