/**
 * One sync of a destination at a time: a second one is refused or waits, and the leftovers of a killed run
 * delay nobody.
 */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { cleanEnvironment, CLI, NOBODY } from '../support/run-cli.ts';
import { expectSame, run, sync, test, verify } from '../support/scenario.ts';
import type { Trees } from '../support/scenario.ts';
import { SLOWLY, writeManyFiles } from '../support/slow-sync.ts';
import { dir, file } from '../support/tree.ts';

/** Runs a slow sync, which holds the destination's lock while `act` runs. */
async function whileRunning(trees: Trees, act: (child: ChildProcess) => Promise<void>): Promise<void> {
  const args = [CLI, trees.source, trees.destination, ...SLOWLY];
  const child = spawn(process.execPath, args, { env: cleanEnvironment(), stdio: 'ignore' });
  try {
    await vi.waitFor(() => expect(readdirSync(trees.destination)).not.toEqual([]), { timeout: 30_000 });
    await act(child);
  } finally {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  }
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'close');
}

test('a second run is refused at once, by any path of the destination, and names the holder', async ({
  trees,
}) => {
  await writeManyFiles(trees);
  const link = join(trees.directory, 'link');
  symlinkSync(trees.destination, link);
  await whileRunning(trees, async ({ pid }) => {
    for (const destination of [trees.destination, link, `${trees.destination}/../destination/`]) {
      const { stderr } = await run([trees.source, destination], { status: 75 });
      expect(stderr).toMatch(new RegExp(`^efs-sync: another sync of .* is running: process ${pid}, since `));
    }
    const { stdout } = await sync(trees, ['--json'], { status: 75 });
    expect(JSON.parse(stdout)).toMatchObject({ event: 'error', name: 'DestinationBusy', exitStatus: 75 });
    // Commands that write nothing need no lock.
    await verify(trees, ['-q'], { status: 40 });
    await sync(trees, ['-nq']);
  });
});

describeWith(['tmpfs mount'], 'a destination with a second mount', () => {
  test('has one lock', async ({ trees }) => {
    await writeManyFiles(trees);
    const second = join(trees.directory, 'second');
    mkdirSync(second);
    execFileSync('mount', ['--bind', trees.destination, second]);
    try {
      await whileRunning(trees, async () => {
        await run([trees.source, second], { status: 75 });
      });
    } finally {
      execFileSync('umount', [second]);
    }
  });
});

test('a killed run leaves no lock', async ({ trees }) => {
  await writeManyFiles(trees);
  await whileRunning(trees, kill);
  await sync(trees);
  await expectSame(trees);
});

test('--wait waits for the other run, says so in one line, and then syncs', async ({ trees }) => {
  await writeManyFiles(trees);
  await whileRunning(trees, async (other) => {
    let lines = '';
    const waiting = run(['--wait', trees.source, trees.destination], {
      onStart: (child) => {
        child.stderr?.on('data', (text: Buffer) => {
          if (lines === '') void kill(other);
          lines += text.toString();
        });
      },
    });
    const { stderr } = await waiting;
    expect(stderr).toMatch(
      new RegExp(
        `^efs-sync: waiting for another sync of .* to finish \\(process ${other.pid}, since [^\\n]*\\)\\n$`,
      ),
    );
  });
  await expectSame(trees);
});

test('--wait=1 gives up after a second, and with -q prints nothing before', async ({ trees }) => {
  await writeManyFiles(trees);
  await whileRunning(trees, async () => {
    const { output } = await sync(trees, ['--wait=1', '-q'], { status: 75 });
    expect(output).toMatch(/^efs-sync: another sync of .* is running/);
    const { stdout } = await sync(trees, ['--wait=1', '--json'], { status: 75 });
    const [first, last] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(first).toMatchObject({
      event: 'waiting',
      destination: trees.destination,
      pid: expect.any(Number) as number,
    });
    expect(last).toMatchObject({ event: 'error', exitStatus: 75 });
  });
});

test('a signal ends the wait', async ({ trees }) => {
  await writeManyFiles(trees);
  await whileRunning(trees, async () => {
    const { stderr } = await sync(trees, ['--wait'], {
      status: 20,
      onStart: (child) => {
        child.stderr?.once('data', () => child.kill('SIGINT'));
      },
    });
    expect(stderr).toMatch(/interrupted while another sync of this destination was running\n$/);
  });
});

describeWith(['root'], 'the state directory', () => {
  const refusals: [string, (path: string) => void, RegExp][] = [
    [
      'that others may write to',
      (path) => makeDirectory(path, 0o777),
      /other users can access it \(mode 777\)/,
    ],
    ['that others may list', (path) => makeDirectory(path, 0o750), /\(mode 750\).*chmod 700/],
    [
      'of another user',
      (path) => {
        makeDirectory(path, 0o700);
        chownSync(path, NOBODY, NOBODY);
      },
      /belongs to user 65534, but this process runs as user 0/,
    ],
    [
      'that is a symbolic link',
      (path) => {
        makeDirectory(`${path}-target`, 0o700);
        symlinkSync(`${path}-target`, path);
      },
      /it is a symbolic link or not a directory/,
    ],
  ];
  test('that cannot be created, in a directory of the kernel, is refused', async ({ trees }) => {
    await writeTree(trees.source, { a: file('x') });
    for (const state of ['/proc', '/proc/none', '/proc/self/none/below']) {
      const { stderr } = await sync(trees, ['-q'], { status: 3, env: { XDG_STATE_HOME: state } });
      expect(stderr).toContain(`cannot use state directory ${state}/efs-sync: No such file or directory`);
    }
    expect(readdirSync(trees.destination)).toEqual([]);
  });

  test.for(refusals)('%s is refused and left unchanged', async ([, make, says], { trees }) => {
    await writeTree(trees.source, { a: file('x') });
    const state = join(trees.directory, 'state');
    make(state);
    const { mode } = statSync(state);
    const { stderr } = await sync(trees, [`--state-dir=${state}`], { status: 3 });
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/--state-dir/);
    expect(stderr.split('\n').length).toBe(2);
    expect([statSync(state).mode, readdirSync(state), readdirSync(trees.destination)]).toEqual([
      mode,
      [],
      [],
    ]);
  });

  test('is created for its user alone, whatever the umask', async ({ trees }) => {
    await writeTree(trees.source, { a: dir() });
    const state = join(trees.directory, 'deep/state');
    const script = 'umask 0 && exec "$0" "$@"';
    const args = [process.execPath, CLI, trees.source, trees.destination, '-q', `--state-dir=${state}`];
    execFileSync('sh', ['-c', script, ...args], { env: cleanEnvironment() });
    const [lock = ''] = readdirSync(join(state, 'locks'));
    const modes = [state, join(state, 'locks'), join(state, 'locks', lock)].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o700, 0o600]);
  });

  test('of a user without a home: another has the locks, and a warning says how to name one', async ({
    trees,
  }) => {
    await writeTree(trees.source, { a: file('x') });
    execFileSync('chown', ['-R', '54321:54321', trees.directory]);
    chmodSync(trees.directory, 0o755);
    const start = async (...args: string[]) => {
      const all = [CLI, trees.source, trees.destination, '-q', ...args];
      const env = { PATH: process.env['PATH'] ?? '', XDG_RUNTIME_DIR: join(trees.directory, 'runtime') };
      const child = spawn(process.execPath, all, { uid: 54_321, gid: 54_321, env, cwd: '/' });
      let stderr = '';
      child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
      const [status] = (await once(child, 'close')) as [number];
      return { status, stderr };
    };
    expect(await start('-n')).toEqual({ status: 0, stderr: '' });
    const warning =
      /^efs-sync: warning: .*its lock is in .*\/runtime\/efs-sync: cannot tell where.*--state-dir\n$/;
    expect(await start()).toEqual({ status: 0, stderr: expect.stringMatching(warning) as string });
    expect(readdirSync(join(trees.directory, 'runtime/efs-sync'))).toEqual(['locks']);
    expect(await start(`--state-dir=${trees.directory}/state`)).toEqual({ status: 0, stderr: '' });
  });
});

function makeDirectory(path: string, mode: number): void {
  mkdirSync(path);
  chmodSync(path, mode);
}
