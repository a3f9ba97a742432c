/** Hooks run in a shell, know the task and its result, and their failure is told. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ended } from '../../../src/cli/execute.ts';
import { runAfter, runBefore } from '../../../src/cli/hooks.ts';
import type { CommandLine } from '../../../src/cli/options/options.ts';
import { utf8Bytes } from '../../../src/model/display-name.ts';
import { UsageError } from '../../../src/model/run/errors.ts';
import { commandLineOf } from '../../support/command-line.ts';
import { makeScratch, type Scratch } from '../../support/open-files.ts';
import { PROBLEM, reportOf } from '../../support/reports.ts';

let scratch: Scratch;

beforeEach(() => {
  scratch = makeScratch();
});
afterEach(() => scratch.remove());

type Hooks = NonNullable<CommandLine['task']>['hooks'];

function lineWith(hooks: Hooks, name = 'nightly'): CommandLine {
  const line = commandLineOf(utf8Bytes('/src/é'), '/dst');
  return { ...line, task: { name, file: 'nightly.yaml', schedule: undefined, hooks } };
}

async function before(command: string, name?: string): Promise<{ isWell: boolean; told: string[] }> {
  const told: string[] = [];
  return { isWell: await runBefore(lineWith({ before: command }, name), (text) => told.push(text)), told };
}

const DONE: Ended = { outcome: { status: 'Success' }, end: { report: reportOf() } };

async function after(command: string, ended = DONE): Promise<{ isWell: boolean; told: string[] }> {
  const told: string[] = [];
  return { isWell: await runAfter(lineWith({ after: command }), ended, (text) => told.push(text)), told };
}

/** Our variables in the environment of the hook, by name. */
function variablesIn(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n');
  return Object.fromEntries(
    lines.filter((line) => line.startsWith('EFS_SYNC_')).map((line) => line.split('=') as [string, string]),
  );
}

const tell = (text: string) => expect.fail(text);

describe('without a hook', () => {
  it.each<[string, CommandLine]>([
    ['of a command line', commandLineOf('a', 'b')],
    ['of a task', lineWith({})],
  ])('all is well: %s', async (_, line) => {
    expect(await runBefore(line, tell)).toBe(true);
    expect(await runAfter(line, DONE, tell)).toBe(true);
  });

  it('each runs only its own', async () => {
    const [one, other] = [scratch.path('one'), scratch.path('other')];
    await runBefore(lineWith({ before: `touch ${one}`, after: `touch ${other}` }), tell);
    expect([existsSync(one), existsSync(other)]).toEqual([true, false]);
    rmSync(one);
    await runAfter(lineWith({ before: `touch ${one}`, after: `touch ${other}` }), DONE, tell);
    expect([existsSync(one), existsSync(other)]).toEqual([false, true]);
  });
});

describe('a command', () => {
  it('runs in the shell, with the bytes from the task file', async () => {
    const file = scratch.path('out é');
    const { isWell } = await before(utf8Bytes(`cd / && printf '%s' "$PWD é" > "${file}"`));
    expect(isWell).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('/ é');
  });

  it('knows the task before it runs, but no result', async () => {
    const file = scratch.path('env');
    await before(`env > ${file}`, utf8Bytes('nightly é'));
    expect(variablesIn(file)).toMatchObject({
      EFS_SYNC_TASK: 'nightly é',
      EFS_SYNC_SOURCE: '/src/é',
      EFS_SYNC_DESTINATION: '/dst',
    });
    expect(variablesIn(file)).not.toHaveProperty('EFS_SYNC_RESULT');
  });

  it('inherits the environment', async () => {
    expect((await before(`test "$PATH" = '${process.env['PATH']}'`)).isWell).toBe(true);
  });

  it('cannot read the input of the sync', async () => {
    expect((await before('test -z "$(cat)"')).isWell).toBe(true);
  });
});

async function resultOf(ended: Ended): Promise<Record<string, string>> {
  const file = scratch.path('env');
  await after(`env > ${file}`, ended);
  return variablesIn(file);
}

describe('the result of the task', () => {
  it('is available afterwards, in numbers', async () => {
    const report = reportOf({
      tally: { filesTransferred: 3, bytesTransferred: 2 ** 40, entriesDeleted: 4 },
      problems: [PROBLEM],
      problemCounts: { failed: 1, vanished: 2, changed: 4 },
      verdictCounts: { missing: 5, 'content mismatch': 6 },
    });
    const outcome = { status: 'Incomplete', reason: 'failed', paths: 1 } as const;
    expect(await resultOf({ outcome, end: { report } })).toMatchObject({
      EFS_SYNC_TASK: 'nightly',
      EFS_SYNC_EXIT_STATUS: '23',
      EFS_SYNC_RESULT: 'Incomplete',
      EFS_SYNC_FILES_TRANSFERRED: '3',
      EFS_SYNC_BYTES_TRANSFERRED: '1099511627776',
      EFS_SYNC_ENTRIES_DELETED: '4',
      EFS_SYNC_PROBLEMS: '7',
      EFS_SYNC_DIFFERENCES: '11',
    });
  });

  it('has no numbers if the task did not get that far', async () => {
    const outcome = { status: 'Error', reason: 'usage' } as const;
    const variables = await resultOf({ outcome, end: { error: new UsageError('no') } });
    expect(variables).toMatchObject({ EFS_SYNC_EXIT_STATUS: '1', EFS_SYNC_RESULT: 'Error' });
    expect(Object.keys(variables).filter((name) => /FILES|BYTES|PROBLEMS|DIFFER/.test(name))).toEqual([]);
  });
});

describe('a hook that fails', () => {
  it.each([
    ['exit 7', 'exit status 7'],
    ['kill -TERM $$', 'SIGTERM'],
    ['exec /no/such/program', 'exit status 127'],
  ])('%j before the task: nothing is synced', async (command, failure) => {
    expect(await before(`exec 2>&-; ${command}`)).toEqual({
      isWell: false,
      told: [`the hook 'before' failed (${failure}): nothing is synced`],
    });
  });

  it('after the task: the sync has ended', async () => {
    expect(await after('false')).toEqual({
      isWell: false,
      told: ["the hook 'after' failed (exit status 1): the sync itself had already ended"],
    });
  });

  it.each([
    ['is too long', 'x'.repeat(256 * 1024), 'nightly', /^the hook 'before' failed \(spawn E2BIG\): nothing/],
    ['holds NUL', 'true\0', 'nightly', /^the hook 'before' failed \(.*without null bytes/s],
    ['gets a name that holds NUL', 'true', 'night\0ly', /^the hook 'before' failed \(.*without null bytes/s],
  ])('may be one that cannot be started, because it %s', async (_, command, name, message) => {
    const { isWell, told } = await before(command, name);
    expect(isWell).toBe(false);
    expect(told).toEqual([expect.stringMatching(message)]);
  });
});
