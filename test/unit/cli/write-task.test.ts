/** `init` writes a task that runs as it is, and never over a file that is there. */
import { mkdirSync, readFileSync, statSync, symlinkSync, existsSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseCommandLine } from '../../../src/cli/options/parse-command-line.ts';
import { readTask } from '../../../src/cli/task-file/read-task.ts';
import { writeTask } from '../../../src/cli/write-task.ts';
import { UsageError } from '../../../src/model/run/errors.ts';
import { makeScratch, type Scratch } from '../../support/open-files.ts';
import { PATIENT } from '../../support/patience.ts';

let scratch: Scratch;
let file: string;

beforeEach(() => {
  scratch = makeScratch();
  file = scratch.path('task.yaml');
});
afterEach(() => scratch.remove());

async function init(...args: readonly string[]): Promise<number> {
  const line = parseCommandLine(['init', ...args], (text) => expect.fail(text));
  if (line?.command !== 'init') throw new Error('no init');
  return writeTask(line);
}

describe('a new file', () => {
  it('is a task with the given options', async () => {
    expect(await init(file, '/src', '/dst', '--delete', '--exclude=*.o', '--retries=7')).toBe(0);
    expect(await readTask(file, PATIENT)).toMatchObject({
      source: '/src',
      destination: '/dst',
      options: { delete: true, retries: 7 },
      filters: [{ option: 'exclude', value: '*.o' }],
    });
  });

  it('has absolute paths, wherever it lies', async () => {
    await init(file, 'src', '.', '--log-file=log', '--exclude=src', '--files-from=-');
    const here = process.cwd();
    expect(await readTask(file, PATIENT)).toMatchObject({
      source: `${here}/src`,
      destination: here,
      options: { logFile: `${here}/log`, filesFrom: '-' },
      filters: [{ value: 'src' }],
    });
  });

  it('names a schema that an editor can open, in its first line', async () => {
    await init(file, '/src', '/dst');
    const [first = ''] = readFileSync(file, 'utf8').split('\n');
    expect(first).toMatch(/^# yaml-language-server: \$schema=file:\/\/\/.*\/task\.schema\.json$/);
  });

  it('has every other option as a comment', async () => {
    await init(file, '/src', '/dst', '--delete');
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines.filter((line) => line.startsWith('delete: true'))).toHaveLength(1);
    expect(lines.filter((line) => /^# ?retries: /.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /^[a-z-]+:/.test(line)).map((line) => line.split(':')[0])).toEqual([
      'source',
      'destination',
      'delete',
    ]);
  });
});

describe('an existing file', () => {
  it.each<[string, () => void]>([
    ['a file', () => writeFileSync(file, 'mine')],
    ['an empty file', () => writeFileSync(file, '')],
    ['a directory', () => mkdirSync(file)],
    ['a symbolic link', () => symlinkSync(scratch.path('elsewhere'), file)],
  ])('stays unchanged: %s', async (_, make) => {
    make();
    const before = existsSync(file) ? statSync(file) : undefined;
    const writing = init(file, '/src', '/dst');
    await expect(writing).rejects.toThrow(UsageError);
    await expect(writing).rejects.toThrow(/^cannot write .*task\.yaml: /);
    expect(existsSync(file) ? statSync(file) : undefined).toEqual(before);
    expect(existsSync(scratch.path('elsewhere'))).toBe(false);
  });

  it('needs an existing directory', async () => {
    await expect(init(scratch.path('none/task.yaml'), '/src', '/dst')).rejects.toThrow(/No such file/i);
  });
});

it('- is standard output', async () => {
  let out = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  expect(await init('-', '/src', '/dst')).toBe(0);
  await new Promise(setImmediate);
  write.mockRestore();
  writeFileSync(file, out);
  expect(await readTask(file, PATIENT)).toMatchObject({ source: '/src', destination: '/dst' });
  expect(existsSync('-')).toBe(false);
});
