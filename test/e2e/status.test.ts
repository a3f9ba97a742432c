/** `efs-sync status` shows what ran and what runs, in words, in JSON, and while it is written. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { historyFiles, readStatus } from '../support/history.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { cleanEnvironment, CLI } from '../support/run-cli.ts';
import { giveToNobody, run, sync, test, verify, type Trees } from '../support/scenario.ts';
import { SLOWLY, writeManyFiles } from '../support/slow-sync.ts';
import { file } from '../support/tree.ts';

function stateOf({ directory }: Trees): string {
  return join(directory, 'state');
}

async function showStatus(trees: Trees, operands: readonly string[] = [], status = 0) {
  return run(['status', `--state-dir=${stateOf(trees)}`, ...operands], { status });
}

async function record(trees: Trees, args: readonly string[] = [], status = 0): Promise<void> {
  await sync(trees, ['-q', `--state-dir=${stateOf(trees)}`, ...args], { status });
}

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
  expect(output).toBe('Nothing has been run yet, or its history was kept elsewhere.\n');
  expect(await readStatus(stateOf(trees))).toEqual({ tasks: [], executions: [] });
  const { stderr } = await showStatus(trees, ['home'], 1);
  expect(stderr).toMatch(/^efs-sync: the history has no task home\n/);
});

describe('what has run', () => {
  test('is told with its counts and results, the latest first', async ({ trees }) => {
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

  test('dry runs, what is refused, and what others do already are not', async ({ trees }) => {
    await record(trees, ['-n']);
    await record(trees, [`--log-file=${trees.directory}`], 1);
    await record(trees, ['--checksum', '--size-only'], 1);
    await whileSyncing(trees, async () => {
      await record(trees, [], 75);
      expect((await readStatus(stateOf(trees))).executions).toHaveLength(1);
    });
  });

  test('what could not begin is, with the reason', async ({ trees }) => {
    const source = join(trees.directory, 'no\u202esuch\n');
    await run([source, trees.destination, `--state-dir=${stateOf(trees)}`], { status: 3 });
    const { stdout } = await showStatus(trees, [source]);
    expect(stdout).toMatch(
      / Error +\d+ ms .*\n {2}cannot use source .*no\\#342\\#200\\#256such\\#012: No such file or directory\n$/,
    );
    expect(stdout).not.toMatch(/[\u202e]/);
  });

  test('an interruption is one', async ({ trees }) => {
    await whileSyncing(trees, async (child) => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    });
    expect((await readStatus(stateOf(trees))).executions).toMatchObject([
      { status: 'Interrupted', exitStatus: 20, isRunning: false },
    ]);
  });
});

describe('a task', () => {
  test('of a file is known by its name, whatever its roots', async ({ trees }) => {
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

  test('without one by its roots, however they were written', async ({ trees }) => {
    await writeTree(trees.source, { a: file() });
    await record(trees);
    const options = { cwd: trees.directory };
    await run(['source/', './destination', '-q', `--state-dir=${stateOf(trees)}`], options);
    const { tasks, executions } = await readStatus(stateOf(trees), [trees.source, `${trees.destination}/`]);
    expect([tasks.length, executions.length]).toEqual([1, 2]);
    const { stdout } = await run(['status', 'source', 'destination', '--state-dir=state'], options);
    expect(stdout).toContain(`${trees.source} -> ${trees.destination}\nAvailable; the next run takes about `);
    await showStatus(trees, [trees.destination, trees.source], 1);
  });
});

describe('a run under way', () => {
  test('is told as it goes, and as interrupted once it was killed', async ({ trees }) => {
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
      expect(after.stdout).toMatch(/ Interrupted .*\n {2}ended from outside in Syncing; last heard of at /);
      expect(after.stdout).toContain('Available; no forecast');
    });
  });

  test('has time left after a run of its kind, and none is made up without', async ({ trees }) => {
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

describe('the history', () => {
  test('keeps a hundred executions of a task, and nothing of what was killed while it wrote', async ({
    trees,
  }) => {
    await writeTree(trees.source, { a: file() });
    await record(trees);
    const [first = ''] = historyFiles(stateOf(trees));
    const history = join(stateOf(trees), 'history');
    const text = readFileSync(join(history, first), 'utf8');
    const [mark = ''] = first.split('-');
    const nameOf = (index: number): string => `${mark}-${String(1000 + index).padStart(13, '0')}-x`;
    for (let index = 0; index < 120; index++) writeFileSync(join(history, nameOf(index)), text);
    writeFileSync(join(history, `${nameOf(0)}.new`), text.slice(0, 99));
    utimesSync(join(history, `${nameOf(0)}.new`), 1, 1);
    writeFileSync(join(history, `${nameOf(1)}.new`), text.slice(0, 99));
    await record(trees);
    const names = historyFiles(stateOf(trees));
    expect(names.filter((name) => !name.endsWith('.new'))).toHaveLength(100);
    expect(names.filter((name) => name.endsWith('.new'))).toEqual([`${nameOf(1)}.new`]);
    expect(names).toContain(first);
    expect(names).not.toContain(nameOf(21));
  });

  test('that is damaged is shown as far as it can be read', async ({ trees }) => {
    await writeTree(trees.source, { a: file() });
    await record(trees);
    const [name = ''] = historyFiles(stateOf(trees));
    for (const [index, text] of ['', '{"format":1,', '{"format":2}\n', 'null}\n'].entries()) {
      writeFileSync(join(stateOf(trees), 'history', name.replace(/.$/, String(index))), text);
    }
    const { stdout, stderr } = await showStatus(trees);
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stderr).toMatch(/^efs-sync: warning: 4 executions of the history cannot be read/);
  });

  test('of two runs at once has both', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    const others = ['one', 'two', 'three', 'four'].map((name) => ({
      ...trees,
      destination: join(trees.directory, name),
    }));
    for (const { destination } of others) mkdirSync(destination);
    await Promise.all(
      [...others, ...others].map(async (each) =>
        run(['verify', each.source, each.destination, '-q', `--state-dir=${stateOf(trees)}`], { status: 40 }),
      ),
    );
    const { tasks, executions } = await readStatus(stateOf(trees));
    expect([tasks.length, executions.length]).toEqual([4, 8]);
  });

  test('that cannot be written leaves a run as it is, and says so once', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    mkdirSync(stateOf(trees), { mode: 0o700 });
    writeFileSync(join(stateOf(trees), 'history'), '');
    const { stderr } = await sync(trees, [`--state-dir=${stateOf(trees)}`]);
    expect(stderr).toMatch(
      /^efs-sync: warning: this run is not in the history: cannot use state directory .*\n$/,
    );
  });
});

describeWith(['tmpfs mount'], 'a history on a full disk', () => {
  test('does not change how a run ends, and tells no lies of it', async ({ trees }) => {
    await writeManyFiles(trees);
    mkdirSync(stateOf(trees), { mode: 0o700 });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', stateOf(trees)]);
    try {
      await record(trees);
      const fill = `head -c 1M /dev/zero > ${stateOf(trees)}/fill`;
      execFileSync('sh', ['-c', `${fill} || true`], { stdio: 'ignore' });
      const { stderr } = await sync(trees, [`--state-dir=${stateOf(trees)}`]);
      expect(stderr).toMatch(/^efs-sync: warning: .* history.*: No space left on device.*\n$/i);
      expect((await readStatus(stateOf(trees))).executions).toMatchObject([{ status: 'Success' }]);
    } finally {
      execFileSync('umount', [stateOf(trees)]);
    }
  });
});

describeWith(['root', 'another user'], 'a state directory that others have access to', () => {
  test('is written to by no run, and read by no status', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    giveToNobody(trees);
    const shared = join(trees.directory, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    symlinkSync(trees.source, join(shared, 'history'));
    await verify(trees, [`--state-dir=${shared}`], { status: 40 });
    const { stderr } = await run(['status', `--state-dir=${shared}`], { status: 3 });
    expect(stderr).toMatch(/others have access to it/);
    expect(execFileSync('find', [trees.source, '-type', 'f'], { encoding: 'utf8' })).toBe(
      `${trees.source}/a\n`,
    );
  });
});
