/** A run's files are known before it begins; one that cannot begin says why, and writes what was asked for. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { execute, runFilesOf } from '../../../src/cli/execute.ts';
import { resolveTask } from '../../../src/cli/resolve-task.ts';
import { runCommand } from '../../../src/cli/run-command.ts';
import { UsageError } from '../../../src/model/run/errors.ts';
import { ExitStatus } from '../../../src/report/exit-status.ts';
import { commandLineOf } from '../../support/command-line.ts';
import { makeScratch, descriptorsBelow, run as runProgram, type Scratch } from '../../support/open-files.ts';
import { OPTIONS } from '../../../src/cli/options/table/option-table.ts';
import { nameOf } from '../../../src/cli/options/table/option-declaration.ts';

/** In the form `--log-file events appended`, without the standard streams. */
function filesOf(...args: readonly string[]): string[] {
  const files = runFilesOf(commandLineOf('a', 'b', ...args).options);
  return files
    .filter(({ what }) => !what.startsWith('standard'))
    .map(({ what, path, use }) => `${what} ${path} ${use}`);
}

it('standard output and error may be files of the trees, whatever the options', () => {
  const paths = runFilesOf({}).map(({ what, path }) => `${what} ${path}`);
  expect(paths).toEqual(['standard output /proc/self/fd/1', 'standard error /proc/self/fd/2']);
});

describe('the files of a run', () => {
  it.each([
    [['--log-file=events'], ['--log-file events appended']],
    [['--emf=m.json'], ['--emf m.json appended']],
    [
      ['--report=r.txt', '--report=r.html'],
      ['--report r.txt replaced', '--report r.html replaced'],
    ],
    [['--metrics=m.prom'], ['--metrics m.prom replaced']],
    [['--manifest=m'], ['--manifest m replaced', '--manifest m.sha256 replaced']],
    [['--limits-file=l'], ['--limits-file l fixed']],
    [['--emf=-'], []],
  ])('%j', (args, expected) => {
    expect(filesOf(...args)).toEqual(expected);
  });

  /** Options whose file only selects paths. */
  const LISTS = new Set(['exclude-from', 'include-from', 'files-from']);

  it('are those of every option that names a file', () => {
    const named = OPTIONS.filter(({ flags }) => flags.includes('<FILE>')).map(({ flags }) => nameOf(flags));
    for (const name of named.filter((each) => !LISTS.has(each))) {
      const file = name === 'metrics' ? 'm.prom' : 'f.txt';
      const [first = ''] = filesOf(`--${name}=${file}`);
      expect(first, name).toContain(`--${name} ${file} `);
    }
  });
});

let scratch: Scratch;
let out: string;
let err: string;

beforeEach(() => {
  scratch = makeScratch();
  for (const side of ['source', 'destination']) mkdirSync(scratch.path(side));
  writeFileSync(scratch.path('source/a'), 'content');
  out = '';
  err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  scratch.remove();
});

function lineOf(...args: readonly string[]) {
  const state = `--state-dir=${scratch.path('state')}`;
  return commandLineOf(state, ...args, scratch.path('source'), scratch.path('destination'));
}

async function run(...args: readonly string[]) {
  const ended = await execute(lineOf(...args));
  // Screens print on the next turn of the event loop.
  await new Promise(setImmediate);
  return ended;
}

function textOf(name: string): string {
  return readFileSync(scratch.path(name), 'utf8');
}

function listeners(): number[] {
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'uncaughtException'];
  return names.map((name) => process.listenerCount(name));
}

describe('an error', () => {
  it('ends the run before anything is done, and is in the report', async () => {
    const report = scratch.path('r.json');
    const line = commandLineOf(`--report=${report}`, scratch.path('none'), scratch.path('destination'));
    const { outcome, end } = await execute(line);
    await new Promise(setImmediate);
    expect(outcome).toEqual({ status: 'Error', reason: 'location' });
    expect(end).toMatchObject({ error: { code: 'ENOENT', path: scratch.path('none') } });
    expect(err).toMatch(/^efs-sync: cannot use source .*\/none: No such file or directory/);
    expect(JSON.parse(textOf('r.json'))).toMatchObject({ event: 'error', exitStatus: ExitStatus.location });
  });

  it('in a report file is found before the sync', async () => {
    const { outcome } = await run(`--report=${scratch.path('none/r.txt')}`);
    expect(outcome).toEqual({ status: 'Error', reason: 'usage' });
    expect(readdirSync(scratch.path('destination'))).toEqual([]);
  });

  it('is printed as JSON with --json', async () => {
    await run('--json', `--report=${scratch.path('none/r.txt')}`);
    expect(JSON.parse(out)).toMatchObject({ event: 'error', name: 'UsageError', exitStatus: 1 });
  });
});

describe('a run that could not begin', () => {
  it('leaves the process as it was: no listener, no descriptor', async () => {
    const before = listeners();
    const args = [`--log-file=${scratch.path('log')}`, `--report=${scratch.path('none/r.txt')}`];
    await run(...args);
    expect(listeners()).toEqual(before);
    expect(descriptorsBelow(scratch.directory)).toEqual([]);
  });

  it('has its error in the log, and nothing on standard output', async () => {
    await run('-q', `--log-file=${scratch.path('log')}`, `--report=${scratch.path('none/r.txt')}`);
    expect(textOf('log')).toMatch(/ \[\d+\] .*cannot .*none\/r\.txt/);
    expect(out).toBe('');
  });
});

describe('resolveTask', () => {
  const patience = { signal: new AbortController().signal, timeoutMs: 0 };

  it('returns a frozen task with complete settings', async () => {
    const task = await resolveTask(lineOf('--delete', '--bwlimit=1M'), patience);
    expect(Object.isFrozen(task)).toBe(true);
    expect(task).toMatchObject({
      source: scratch.path('source'),
      destination: scratch.path('destination'),
      settings: { delete: true, bandwidthBytesPerSec: 1024 * 1024, stateDirectory: scratch.path('state') },
    });
    expect(task).not.toHaveProperty('name');
  });

  it('refuses an unreadable list', async () => {
    const line = lineOf(`--exclude-from=${scratch.path('none')}`);
    await expect(resolveTask(line, patience)).rejects.toThrow(UsageError);
  });

  it('throws the interruption of a wait for a list', async () => {
    runProgram('mkfifo', scratch.path('fifo'));
    const controller = new AbortController();
    const waiting = resolveTask(lineOf(`--files-from=${scratch.path('fifo')}`), {
      signal: controller.signal,
      timeoutMs: 0,
    });
    controller.abort('SIGINT');
    await expect(waiting).rejects.toMatchObject({ name: 'Interrupted' });
    // Ends the open that still waits in the thread pool.
    runProgram('sh', '-c', 'exec 3<>"$0"', scratch.path('fifo'));
  });
});

describe('runCommand, without a run', () => {
  it.each([
    ['--help', ExitStatus.success, /^Usage: efs-sync /],
    ['--version', ExitStatus.success, /^efs-sync \d+\.\d+\.\d+\n$/],
  ])('%s prints and succeeds', async (option, status, text) => {
    expect(await runCommand([option])).toBe(status);
    await new Promise(setImmediate);
    expect(out).toMatch(text);
    expect(err).toBe('');
  });

  it('prints a usage error, also as JSON', async () => {
    expect(await runCommand(['--nonsense', 'a', 'b'])).toBe(ExitStatus.usage);
    await new Promise(setImmediate);
    expect(err).toContain('--nonsense');
    expect(await runCommand(['--json', '--nonsense'])).toBe(ExitStatus.usage);
    await new Promise(setImmediate);
    expect(JSON.parse(out)).toMatchObject({ event: 'error', exitStatus: ExitStatus.usage });
  });
});
