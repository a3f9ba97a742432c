/**
 * SIGHUP reopens the log, so that logrotate neither loses nor tears a line; a terminal that hangs up ends the
 * run.
 */
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI, cleanEnvironment } from '../support/run-cli.ts';
import { expectSame, sync, test, type Trees } from '../support/scenario.ts';
import { onceWriting, writeManyFiles } from '../support/slow-sync.ts';
import { dir, file, type NamedNode } from '../support/tree.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/logrotate.conf', import.meta.url));
const TERMINAL = fileURLToPath(new URL('../support/terminal.py', import.meta.url));

const FILE_COUNT = 3000;
const LINE = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\d+\] +\S/;

/** Creates a private directory for the log, since logrotate refuses one that others can write to. */
function logFileOf({ directory }: Trees): string {
  mkdirSync(join(directory, 'log'), { mode: 0o755 });
  return join(directory, 'log', 'efs-sync.log');
}

/** The shipped configuration for this log, changed to keep everything. */
function configure({ directory }: Trees, log: string): string {
  const path = join(directory, 'logrotate.conf');
  const example = readFileSync(EXAMPLE, 'utf8');
  writeFileSync(path, example.replaceAll('/var/log/efs-sync.log', log).replace('rotate 12', 'rotate 1000'));
  chmodSync(path, 0o644);
  return path;
}

function age(name: string): number {
  return Number(/\.log\.(\d+)/.exec(name)?.[1] ?? 0);
}

/** All logged lines, oldest first: `.12.gz` to `.2.gz`, `.1`, then the log itself. */
function logged(log: string): string[] {
  const directory = join(log, '..');
  const parts = readdirSync(directory).toSorted((a, b) => age(b) - age(a));
  const texts = parts.map((name) => {
    const bytes = readFileSync(join(directory, name));
    return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
  });
  return texts.join('').split('\n').slice(0, -1);
}

async function writeLongNames(trees: Trees): Promise<void> {
  const files = Array.from({ length: FILE_COUNT }, (_, index): NamedNode => [
    `${'n'.repeat(200)}${index}`,
    file('x'),
  ]);
  await writeTree(trees.source, { d: dir(files) });
}

describeWith(['root', 'logrotate'], 'the example for logrotate', () => {
  test('neither loses nor tears a line, however often it rotates', async ({ trees }) => {
    await writeLongNames(trees);
    const log = logFileOf(trees);
    const config = configure(trees, log);
    const state = join(trees.directory, 'state');
    const rotations: Promise<number>[] = [];
    const run = sync(trees, ['-q', '--opslimit=5000', '--verify=none', `--log-file=${log}`], {
      onStart: (child) => rotations.push(rotate(child)),
    });
    async function rotate(child: { exitCode: number | null }): Promise<number> {
      let count = 0;
      for (; child.exitCode === null; count++) {
        await promisify(execFile)('logrotate', ['--force', '--state', state, config]);
        await sleep(100);
      }
      return count;
    }
    const { stderr } = await run;
    expect(stderr).toBe('');
    expect(await rotations[0]).toBeGreaterThan(3);
    const lines = logged(log);
    expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
    const names = lines.flatMap((line) => / >f\+{9} d\/n+(\d+)$/.exec(line)?.[1] ?? []);
    expect(names.map(Number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: FILE_COUNT }, (_, index) => index),
    );
    // The last rotation may follow the last line, so search every file.
    expect(lines.join('\n')).toContain('Success');
  });
});

test('SIGHUP: further lines go to a new file, and the run goes on', async ({ trees }) => {
  await writeManyFiles(trees);
  const log = logFileOf(trees);
  const act = onceWriting(trees, (child) => {
    renameSync(log, `${log}.1`);
    child.kill('SIGHUP');
  });
  await sync(trees, ['--bwlimit=500', '--verify=none', `--log-file=${log}`], { onStart: act });
  await expectSame(trees);
  expect(readFileSync(`${log}.1`, 'utf8')).toContain('preparing');
  expect(readFileSync(log, 'utf8')).toContain('Success');
});

test('SIGHUP: a log that cannot be reopened continues in the old file', async ({ trees }) => {
  await writeManyFiles(trees);
  const log = logFileOf(trees);
  const act = onceWriting(trees, (child) => {
    renameSync(log, `${log}.1`);
    mkdirSync(log);
    child.kill('SIGHUP');
  });
  const args = ['--bwlimit=500', '--verify=none', `--log-file=${log}`];
  const { stderr } = await sync(trees, args, { onStart: act });
  expect(stderr).toMatch(
    /^efs-sync: warning: cannot reopen --log-file=\S+: (Is|Illegal operation on) a directory; still writing/i,
  );
  expect(readFileSync(`${log}.1`, 'utf8')).toContain('Success');
});

test('SIGHUP without a log stops the run', async ({ trees }) => {
  await writeManyFiles(trees);
  const { output } = await sync(trees, ['--bwlimit=500', '--verify=none'], {
    status: 20,
    onStart: onceWriting(trees, (child) => child.kill('SIGHUP')),
  });
  expect(output).toMatch(/SIGHUP: stopping/);
});

async function runOnTerminal(trees: Trees, command: readonly string[]): Promise<string> {
  await writeManyFiles(trees);
  const run = [process.execPath, CLI, '--bwlimit=500', '--verify=none', trees.source, trees.destination];
  return execFileSync('python3', ['-B', TERMINAL, trees.destination, 'hang-up', ...command, ...run], {
    cwd: trees.directory,
    env: cleanEnvironment(),
    encoding: 'utf8',
  }).trim();
}

describe('on a terminal that hangs up', () => {
  test('a run stops', async ({ trees }) => {
    expect(await runOnTerminal(trees, [])).toBe('20');
  });

  test('a run that reads it alone stops', async ({ trees }) => {
    expect(await runOnTerminal(trees, ['sh', '-c', 'exec "$@" >log 2>&1', 'sh'])).toBe('20');
  });

  test('a run under nohup goes on', async ({ trees }) => {
    expect(await runOnTerminal(trees, ['nohup'])).toBe('0');
    expect(readFileSync(join(trees.directory, 'nohup.out'), 'utf8')).toContain('Success');
    await expectSame(trees);
  });
});

test.for([
  ['hang-up', '20'],
  ['HUP', '0'],
] as const)('on a terminal with a log: %s ends with status %s', async ([how, status], { trees }) => {
  await writeManyFiles(trees);
  const log = logFileOf(trees);
  const args = ['--bwlimit=500', '--verify=none', `--log-file=${log}`, trees.source, trees.destination];
  const printed = execFileSync(
    'python3',
    ['-B', TERMINAL, trees.destination, how, process.execPath, CLI, ...args],
    {
      env: cleanEnvironment(),
      encoding: 'utf8',
    },
  );
  expect(printed.trim()).toBe(status);
  expect(readFileSync(log, 'utf8')).toMatch(how === 'hang-up' ? /Interrupted/ : /Success/);
});
