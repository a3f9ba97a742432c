/** A task file means what the same command line does, and a mistake in it is named by its place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { overrideTask, readTask, type TaskFile } from '../../../../src/cli/task-file/read-task.ts';
import { UsageError } from '../../../../src/model/run/errors.ts';
import { PATIENT } from '../../../support/patience.ts';
import { commandLineOf } from '../../../support/command-line.ts';
import type { RunCommandLine } from '../../../../src/cli/options/options.ts';
import { parseCommandLine } from '../../../../src/cli/options/parse-command-line.ts';

const directory = mkdtempSync(join(tmpdir(), 'efs-sync-task-'));
const file = join(directory, 'home.yaml');
afterAll(() => rmSync(directory, { recursive: true }));

async function read(text: string | Buffer): Promise<TaskFile> {
  writeFileSync(file, text);
  return readTask(file, PATIENT);
}

const ROOTS = 'source: a\ndestination: b\n';

describe('a key is an option', () => {
  test.each<[string, string[]]>([
    ['delete: true', ['--delete']],
    ['delete: false', ['--no-delete']],
    ['max-delete: 10%', ['--max-delete=10%']],
    ['max-delete: 10', ['--max-delete=10']],
    ['preserve: owner,mode', ['--preserve=owner,mode']],
    ['preserve: [owner, mode]', ['--preserve=owner,mode']],
    ['verify: none', ['--verify=none']],
    ['no-verify: true', ['--no-verify']],
    ['no-verify: false', []],
    ['archive: true\nowner: false', ['-a', '--no-owner']],
    ['D: true', ['-D']],
    ['P: true', ['-P']],
    ['max-size: 1.5k', ['--max-size=1.5k']],
    ['bwlimit: 010', ['--bwlimit=010']],
    ['retries: 0', ['--retries=0']],
    ['wait: true', ['--wait']],
    ['wait: 60', ['--wait=60']],
    ['exclude: "*.tmp"', ['--exclude=*.tmp']],
    ['exclude: [a, b]\ninclude: c', ['--exclude=a', '--exclude=b', '--include=c']],
    [
      'filters:\n- include: a\n- exclude-from: b\n- exclude: c',
      ['--include=a', `--exclude-from=${join(directory, 'b')}`, '--exclude=c'],
    ],
    ['chown: "1000:1000"', ['--chown=1000:1000']],
    ['"report": "über.json"', [`--report=${join(directory, 'Ã¼ber.json')}`]],
  ])('%j', async (text, args) => {
    const { options, filters } = commandLineOf('a', 'b', ...args);
    const roots = { source: join(directory, 'a'), destination: join(directory, 'b') };
    expect(await read(ROOTS + text)).toMatchObject({ filters, ...roots });
    // Commander also stores filter options separately; `filters` keeps their order.
    const others = Object.entries(options).filter(([name]) => !/^(ex|in)clude/.test(name));
    expect((await read(ROOTS + text)).options).toEqual(Object.fromEntries(others));
  });
});

describe('a DataSync setting is', () => {
  test.each<[string, string[]]>([
    ['VerifyMode: POINT_IN_TIME_CONSISTENT', ['--verify=full']],
    ['VerifyMode: ONLY_FILES_TRANSFERRED', ['--verify=transferred']],
    ['OverwriteMode: NEVER', ['--overwrite=never']],
    ['PreserveDeletedFiles: REMOVE', ['--delete']],
    ['PreserveDeletedFiles: PRESERVE', ['--no-delete']],
    ['Uid: NONE, Gid: INT_VALUE', ['--no-owner', '--group']],
    ['Atime: BEST_EFFORT, Mtime: PRESERVE, PosixPermissions: NONE', ['--atimes', '--times', '--no-perms']],
    ['PreserveDevices: PRESERVE', ['--devices']],
    ['BytesPerSecond: -1', ['--bwlimit=0']],
    ['BytesPerSecond: 1048576', ['--bwlimit=1m']],
    ['TransferMode: CHANGED, LogLevel: BASIC, ObjectTags: PRESERVE', []],
    ['LogLevel: TRANSFER', ['-v']],
    ['TaskQueueing: ENABLED', ['--wait']],
  ])('%s', async (text, args) => {
    expect((await read(`${ROOTS}Options: {${text}}`)).options).toEqual(
      commandLineOf('a', 'b', ...args).options,
    );
  });

  test('a pattern between bars, a name, a schedule; settings of AWS alone are ignored', async () => {
    const task = await read(
      JSON.stringify({
        TaskArn: 'arn:aws:datasync:x',
        Name: 'nightly',
        source: 'a',
        destination: 'b',
        Excludes: [{ FilterType: 'SIMPLE_PATTERN', Value: '*.tmp|/cache' }],
        Schedule: { ScheduleExpression: 'cron(0 2 * * ? *)' },
      }),
    );
    expect(task).toMatchObject({ name: 'nightly', schedule: 'cron(0 2 * * ? *)' });
    expect(task.filters).toEqual([
      { option: 'exclude', value: '**.tmp' },
      { option: 'exclude', value: '/cache' },
    ]);
  });
});

test('the default name is that of the file, and hooks are unchanged', async () => {
  expect((await read(ROOTS)).name).toBe('home');
  expect(await read(`${ROOTS}name: n\nhooks: {before: "true", after: echo}`)).toMatchObject({
    name: 'n',
    hooks: { before: 'true', after: 'echo' },
  });
});

describe('refused, with file, line and column', () => {
  test.each<[string, string]>([
    ['destination: b', "1:1: the task has no 'source'"],
    ['source: ""\ndestination: b', "1:1: the task has no 'source'"],
    [`${ROOTS}compress: true`, "3:1: there is no key 'compress': nothing needs doing, leave it out"],
    [`${ROOTS}delete-after: true`, "3:1: there is no key 'delete-after': use the key for --delete"],
    [`${ROOTS}partial-dir: x`, "3:1: there is no key 'partial-dir': use --partial: "],
    [`${ROOTS}delte: true`, "3:1: there is no key 'delte' (did you mean 'delete'?)"],
    [`${ROOTS}print-config: true`, "3:1: there is no key 'print-config'"],
    [`${ROOTS}zzz: true`, "3:1: there is no key 'zzz'"],
    [`${ROOTS}source: c`, '3:1: not YAML: Map keys must be unique'],
    [`${ROOTS}hooks:\n\tbefore: x`, '4:1: not YAML: Tabs are not allowed as indentation'],
    [`${ROOTS}delete: "true"`, "3:9: 'delete' must be true or false, but this is 'true'"],
    [`${ROOTS}delete: yes`, "3:9: 'delete' must be true or false, but this is 'yes'"],
    [`${ROOTS}delete:`, "3:8: 'delete' must be true or false, but this is nothing"],
    [`${ROOTS}retries: many`, "3:10: 'retries': it takes a whole number from 0 to 1000"],
    [`${ROOTS}verify: maybe`, "3:9: 'verify': Allowed choices are full, transferred, none"],
    [`${ROOTS}max-size: true`, "3:11: 'max-size' must be text, but this is true or false"],
    ['source: [a]\ndestination: b', "1:9: 'source' must be text, but this is a list"],
    ['source: &x a\ndestination: *x', '1:12: task files do not support anchors and aliases'],
    [`${ROOTS}filters: {exclude: x}`, "3:10: 'filters' must be a list, but this is a map"],
    [`${ROOTS}filters:\n- x`, '4:3: a rule must be a map with one key'],
    [`${ROOTS}filters:\n- exclud: x`, "4:3: there is no key 'exclud' (did you mean 'exclude'?)"],
    [`${ROOTS}hooks: {befor: x}`, "3:9: there is no key 'befor' (did you mean 'before'?)"],
    [`${ROOTS}Options: {VerifyMode: FULL}`, "3:23: 'VerifyMode' must be one of POINT_IN_TIME_CONSISTENT"],
    [`${ROOTS}Options: {VerfyMode: NONE}`, "3:11: there is no key 'VerfyMode' (did you mean 'VerifyMode'?)"],
    [`${ROOTS}Options: {TransferMode: ALL}`, '3:25: TransferMode: ALL is not supported'],
    [`${ROOTS}Includes: []`, "3:1: there is no key 'Includes'"],
    [`${ROOTS}name: !!js/function x`, '3:7: not YAML: Unresolved tag'],
    ['- a', '1:1: a task file must be a map'],
    ['', '1:1: a task file must be a map'],
    ['a: b\n---\nc: d', '2:1: not YAML: Source contains multiple documents'],
  ])('%j', async (text, message) => {
    await expect(read(text)).rejects.toThrow(UsageError);
    await expect(read(text)).rejects.toThrow(`${file}:${message}`);
  });

  test('an unreadable file', async () => {
    await expect(read(Buffer.alloc(1024 * 1024 + 1, ' '))).rejects.toThrow(/larger than 1048576 bytes/);
    await expect(readTask('/dev/zero', PATIENT)).rejects.toThrow(/larger than 1048576 bytes/);
    await expect(read(Buffer.from('source: \xff', 'latin1'))).rejects.toThrow(/is not UTF-8/i);
    await expect(readTask(join(directory, 'none.yaml'), PATIENT)).rejects.toThrow(
      /cannot read .*No such file/,
    );
    await expect(readTask(directory, PATIENT)).rejects.toThrow(/cannot read .*directory/i);
  });
});

const FILE: TaskFile = {
  file: 'nightly.yaml',
  name: 'nightly',
  source: 'a',
  destination: 'b',
  schedule: undefined,
  options: { delete: true, retries: 7 },
  filters: [{ option: 'exclude', value: '*.o' }],
  given: [
    { key: 'delete', value: true, origin: 'nightly.yaml:3' },
    { key: 'retries', value: '7', origin: 'nightly.yaml:4' },
    { key: 'exclude', value: '*.o', origin: 'nightly.yaml:5' },
  ],
  hooks: { before: 'true' },
};

function lineOf(...args: readonly string[]): RunCommandLine {
  const line = parseCommandLine(['run', 'nightly.yaml', ...args], (text) => expect.fail(text));
  if (line?.command !== 'run') throw new Error('no task');
  return line;
}

it('without options the task is as its file says', () => {
  const { file: from, name, schedule, hooks, ...asked } = FILE;
  expect(overrideTask(FILE, lineOf())).toEqual({
    ...asked,
    command: 'sync',
    task: { name, file: from, schedule, hooks },
  });
});

it.each([
  [['--retries=2'], { delete: true, retries: 2 }],
  [['--no-delete'], { delete: false, retries: 7 }],
  [['--checksum'], { delete: true, retries: 7, checksum: true }],
])('%j overrides only itself', (args, options) => {
  expect(overrideTask(FILE, lineOf(...args)).options).toEqual(options);
});

it('each option is noted once, with the origin that counts', () => {
  const { given } = overrideTask(FILE, lineOf('--no-delete', '--checksum'));
  expect(given).toEqual([
    { key: 'delete', value: false, origin: 'command line' },
    { key: 'checksum', value: true, origin: 'command line' },
    { key: 'retries', value: '7', origin: 'nightly.yaml:4' },
    { key: 'exclude', value: '*.o', origin: 'nightly.yaml:5' },
  ]);
});

it('rules of both apply, those of the command line first', () => {
  const { filters, given } = overrideTask(FILE, lineOf('--include=x.o', '--exclude=y'));
  expect(filters.map(({ option, value }) => `${option} ${value}`)).toEqual([
    'include x.o',
    'exclude y',
    'exclude *.o',
  ]);
  const rules = given.filter(({ key }) => key === 'include' || key === 'exclude');
  expect(rules.map(({ value, origin }) => `${String(value)} ${origin}`)).toEqual([
    'x.o command line',
    'y command line',
    '*.o nightly.yaml:5',
  ]);
});
