/** `efs-sync status` shows past and current runs, in words and in JSON, even while the history is written. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { readStatus, record, showStatus, stateOf } from '../support/history.ts';
import { writeTree } from '../support/oracle.ts';
import { cleanEnvironment, CLI } from '../support/run-cli.ts';
import { run, test, verify, type Trees } from '../support/scenario.ts';
import { SLOWLY, writeManyFiles } from '../support/slow-sync.ts';
import { file } from '../support/tree.ts';

async function whileSyncing(trees: Trees, act: (child: ChildProcess) => Promise<void>): Promise<void> {
  await writeManyFiles(trees);
  const args = [CLI, trees.source, trees.destination, ...SLOWLY, `--state-dir=${stateOf(trees)}`];
  const child = spawn(process.execPath, args, { env: cleanEnvironment(), stdio: 'ignore' });
  const ended = once(child, 'close');
  try {
    await vi.waitFor(
      async () => expect((await readStatus(stateOf(trees))).tasks[0]?.status).toBe('Syncing'),
      { timeout: 30_000 },
    );
    await act(child);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

test('before anything has run, there is nothing to show', async ({ trees }) => {
  const { output } = await showStatus(trees);
  expect(output).toBe('Nothing has run yet, or the history is kept elsewhere.\n');
  expect(await readStatus(stateOf(trees))).toEqual({ tasks: [], executions: [] });
  const { stderr } = await showStatus(trees, ['home'], 1);
  expect(stderr).toMatch(/^efs-sync: the history has no task home\n/);
});

describe('a past run', () => {
  test('is shown with its counts and results, the latest first', async ({ trees }) => {
    await writeTree(trees.source, { a: file('12345'), b: file('1') });
    await record(trees);
    writeFileSync(join(trees.destination, 'stray'), '');
    await record(trees, ['--delete']);
    writeFileSync(join(trees.destination, 'a'), 'other');
    await verify(trees, ['-q', `--state-dir=${stateOf(trees)}`], { status: 40 });
    const { tasks, executions } = await readStatus(stateOf(trees));
    expect(tasks).toMatchObject([{ source: trees.source, status: 'Available', forecast: { runs: 2 } }]);
    expect(executions).toMatchObject([
      { command: 'verify', status: 'Verification failure', exitStatus: 40, differences: 1, isRunning: false },
      {
        command: 'sync',
        status: 'Success',
        exitStatus: 0,
        tally: { entriesDeleted: 1, filesTransferred: 0 },
      },
      {
        command: 'sync',
        status: 'Success',
        exitStatus: 0,
        tally: { bytesTransferred: 6, filesTransferred: 2 },
      },
    ]);
    const { stdout } = await showStatus(trees, [trees.source]);
    const row = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}sync {4}Success {15,}.* {2}2 {2} *6 bytes +0 +0 +0$/m;
    expect(stdout).toMatch(row);
    expect(
      new Set(
        stdout
          .split('\n')
          .slice(3, -1)
          .map((line) => line.length),
      ).size,
    ).toBe(1);
  });

  test('is not recorded if it was a dry run, was refused or found the destination busy', async ({
    trees,
  }) => {
    await record(trees, ['-n']);
    await record(trees, [`--log-file=${trees.directory}`], 1);
    await record(trees, ['--checksum', '--size-only'], 1);
    await whileSyncing(trees, async () => {
      await record(trees, [], 75);
      expect((await readStatus(stateOf(trees))).executions).toHaveLength(1);
    });
  });

  test('is shown with the reason if it could not begin', async ({ trees }) => {
    const source = join(trees.directory, 'no\u202esuch\n');
    await run([source, trees.destination, `--state-dir=${stateOf(trees)}`], { status: 3 });
    const { stdout } = await showStatus(trees, [source]);
    expect(stdout).toMatch(
      / Error +\d+ ms .*\n {2}cannot use source .*no\\#342\\#200\\#256such\\#012: No such file or directory\n$/,
    );
    expect(stdout).not.toMatch(/[\u202e]/);
  });

  test('is shown as interrupted', async ({ trees }) => {
    await whileSyncing(trees, async (child) => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    });
    expect((await readStatus(stateOf(trees))).executions).toMatchObject([
      { status: 'Interrupted', exitStatus: 20, isRunning: false },
    ]);
  });
});

describe('the task', () => {
  test('from a file is identified by its name, whatever its roots', async ({ trees }) => {
    await writeTree(trees.source, { a: file() });
    const task = join(trees.directory, 'home.yaml');
    for (const destination of [trees.destination, trees.source.replace(/[^/]*$/, 'destination/sub')]) {
      mkdirSync(destination, { recursive: true });
      writeFileSync(task, `name: home\nsource: ${trees.source}\ndestination: ${destination}\n`);
      await run(['run', task, '-q', `--state-dir=${stateOf(trees)}`]);
    }
    const { tasks, executions } = await readStatus(stateOf(trees), ['home']);
    expect([tasks.length, executions.length, tasks[0]?.task]).toEqual([1, 2, 'home']);
    const { stderr } = await showStatus(trees, ['hone'], 1);
    expect(stderr).toMatch(/^efs-sync: the history has no task hone \(did you mean home\?\)\n/);
  });

  test('without a file is identified by its roots, however they are written', async ({ trees }) => {
    await writeTree(trees.source, { a: file() });
    await record(trees);
    const options = { cwd: trees.directory };
    await run(['source/', './destination', '-q', `--state-dir=${stateOf(trees)}`], options);
    const { tasks, executions } = await readStatus(stateOf(trees), [trees.source, `${trees.destination}/`]);
    expect([tasks.length, executions.length]).toEqual([1, 2]);
    const { stdout } = await run(['status', 'source', 'destination', '--state-dir=state'], options);
    expect(stdout).toContain(
      `${trees.source} -> ${trees.destination}\nAvailable; the next run should take about `,
    );
    await showStatus(trees, [trees.destination, trees.source], 1);
  });
});

describe('a current run', () => {
  test('is shown with its progress, and as interrupted after it was killed', async ({ trees }) => {
    await whileSyncing(trees, async (child) => {
      const { tasks, executions } = await readStatus(stateOf(trees));
      expect(tasks[0]?.status).toBe('Syncing');
      expect(executions).toMatchObject([{ status: 'Syncing', isRunning: true, pid: child.pid }]);
      const { stdout } = await showStatus(trees, [trees.source]);
      expect(stdout).toMatch(new RegExp(`^Syncing, process ${child.pid}, since .* of 201 files, .*\n`, 'm'));
      child.kill('SIGSTOP');
      expect((await readStatus(stateOf(trees))).executions[0]?.isRunning).toBe(true);
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect((await readStatus(stateOf(trees))).executions).toMatchObject([
        { status: 'Interrupted', isRunning: false },
      ]);
      const after = await showStatus(trees, [trees.source]);
      expect(after.stdout).toMatch(/ Interrupted .*\n {2}ended without a result in Syncing; last seen at /);
      expect(after.stdout).toContain('Available; no forecast');
    });
  });

  test('has a forecast after a similar run, and none without', async ({ trees }) => {
    await whileSyncing(trees, async () => {
      const { tasks } = await readStatus(stateOf(trees));
      expect(tasks[0]).not.toHaveProperty('forecast');
    });
    await record(trees, ['--verify=none']);
    execFileSync('find', [trees.source, '-type', 'f', '-exec', 'touch', '-d', '2001-01-01', '{}', '+']);
    await whileSyncing(trees, async () => {
      const { tasks } = await readStatus(stateOf(trees));
      expect(tasks[0]?.forecast?.runs).toBe(1);
      expect(tasks[0]?.timeLeft?.elapsedMs).toBeGreaterThanOrEqual(0);
    });
  });
});

describe('--forget', () => {
  test('removes the records of one task, and leaves those of others', async ({ trees }) => {
    await record(trees);
    await record(trees);
    await verify(trees, ['-q', `--state-dir=${stateOf(trees)}`]);
    const other = join(trees.directory, 'other');
    mkdirSync(other);
    await run(['-q', `--state-dir=${stateOf(trees)}`, trees.source, other]);
    const { output } = await showStatus(trees, ['--forget', trees.destination]);
    expect(output).toBe(`3 records removed of ${trees.source} -> ${trees.destination}\n`);
    expect((await readStatus(stateOf(trees))).executions).toHaveLength(1);
    await showStatus(trees, ['--forget', trees.destination], 1);
  });

  test('removes the list of paths that failed, too', async ({ trees }) => {
    writeFileSync(join(trees.source, 'a'), 'one');
    await record(trees);
    writeFileSync(join(trees.destination, 'a'), 'other');
    await verify(trees, ['-q', `--state-dir=${stateOf(trees)}`], { status: 40 });
    const lists = join(stateOf(trees), 'retry');
    expect(readdirSync(lists)).toHaveLength(1);
    await showStatus(trees, ['--forget', trees.destination]);
    expect(readdirSync(lists)).toEqual([]);
  });

  test('leaves the record of a run in progress', async ({ trees }) => {
    await whileSyncing(trees, async () => {
      const { output } = await showStatus(trees, ['--forget', trees.destination]);
      expect(output).toMatch(/^0 records removed of .*; the one in progress stays\n$/);
      expect((await readStatus(stateOf(trees))).executions).toMatchObject([{ isRunning: true }]);
    });
  });

  test('needs a task, and belongs to status', async ({ trees }) => {
    await record(trees);
    expect((await showStatus(trees, ['--forget'], 1)).stderr).toMatch(/--forget takes the task/);
    const { stderr } = await run(['--forget', trees.source, trees.destination], { status: 1 });
    expect(stderr).toMatch(/--forget works only with efs-sync status/);
    expect((await readStatus(stateOf(trees))).executions).toHaveLength(1);
  });
});
