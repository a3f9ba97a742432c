/**
 * No signal or environment variable opens Node's debugger, which any local user could take over; SIGUSR1
 * prints progress.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { describeWith } from '../support/requirements.ts';
import { CLI, cleanEnvironment, NOBODY, runCli } from '../support/run-cli.ts';
import { expectSame, sync, test, type Trees } from '../support/scenario.ts';
import { onceWriting, SLOWLY, writeManyFiles } from '../support/slow-sync.ts';

/** The addresses that the process listens on, according to the kernel. Empty once it has ended. */
function listeningSockets(pid: number): string[] {
  const open = new Set(descriptorsOf(pid));
  return ['tcp', 'tcp6']
    .flatMap((table) => readFileSync(`/proc/self/net/${table}`, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && open.has(`socket:[${inode}]`))
    .map(([, address]) => address as string);
}

function descriptorsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toMatch(/ENOENT|ESRCH/);
    return [];
  }
}

interface Watched {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  readonly listened: ReadonlySet<string>;
}

/** Starts efs-sync by name, as users do. Calls `each` every millisecond once the shell has become Node. */
async function watch(
  args: readonly string[],
  { each, env = {} }: { each?: (child: ChildProcess) => void; env?: Record<string, string> },
): Promise<Watched> {
  const child = spawn(CLI, args, { cwd: '/', env: { ...cleanEnvironment(), ...env } });
  const ended = once(child, 'close');
  const listened = new Set<string>();
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.resume();
  const pid = child.pid as number;
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  for (; isRunning(); await sleep(1)) {
    if (!isNode(pid)) continue;
    each?.(child);
    for (const address of listeningSockets(pid)) listened.add(address);
  }
  const [status, signal] = (await ended) as [number | null, NodeJS.Signals | null];
  return { status, signal, stderr, listened };
}

/** A process that has ended is not Node either. */
function isNode(pid: number): boolean {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return words[0] === 'node';
}

const COMMANDS: readonly [string, (trees: Trees) => string[]][] = [
  ['sync', ({ source, destination }) => [source, destination]],
  ['verify', ({ source, destination }) => ['verify', source, destination]],
  ['preflight', ({ source, destination }) => ['preflight', '--scan', source, destination]],
  ['run', ({ directory }) => ['run', join(directory, 'task.yaml')]],
  ['status', () => ['status']],
];

test.for(COMMANDS)(
  '%s: SIGUSR1 opens no debugger from the first moment on, and the run goes on',
  async ([command, args], { trees }) => {
    await writeManyFiles(trees);
    await runCli(['init', join(trees.directory, 'task.yaml'), trees.source, trees.destination]);
    if (command === 'verify') await sync(trees);
    const { status, signal, stderr, listened } = await watch(args(trees), {
      each: (child) => child.kill('SIGUSR1'),
    });
    expect({ status, signal, listened: [...listened] }, stderr).toEqual({
      status: 0,
      signal: null,
      listened: [],
    });
    expect(stderr).not.toContain('Debugger listening');
    if (command === 'sync' || command === 'run') await expectSame(trees);
  },
);

test.for(['--inspect', '--inspect=0.0.0.0:0', '--inspect-brk', '--inspect-port=0 --inspect'])(
  'NODE_OPTIONS=%s opens no debugger and delays nothing',
  async (options, { trees }) => {
    await writeManyFiles(trees);
    const { status, stderr, listened } = await watch([trees.source, trees.destination], {
      env: { NODE_OPTIONS: options },
    });
    expect({ status, listened: [...listened] }, stderr).toEqual({ status: 0, listened: [] });
    await expectSame(trees);
  },
);

describeWith(['another user'], 'another user', () => {
  /** Asks port 9229 for its targets, as Chrome's debugger does. */
  const ASK = `import json, urllib.request
try: print(json.load(urllib.request.urlopen('http://127.0.0.1:9229/json', timeout=5)))
except OSError as e: print('refused', e)`;

  test('finds no debugger if node was started with the script', async ({ trees }) => {
    await writeManyFiles(trees);
    let answer = '';
    const attack = async (child: ChildProcess): Promise<void> => {
      child.kill('SIGUSR1');
      await sleep(300);
      const client = spawn('python3', ['-c', ASK], { uid: NOBODY, gid: NOBODY, cwd: '/' });
      for await (const chunk of client.stdout) answer += String(chunk);
      child.kill('SIGTERM');
    };
    const { status, stderr } = await runCli([trees.source, trees.destination, ...SLOWLY], {
      onStart: onceWriting(trees, attack),
      env: { NODE_OPTIONS: '--inspect' },
    });
    expect(answer).not.toBe('');
    expect(answer).not.toContain(CLI);
    expect(status, stderr).toBe(20);
  });
});

test.for([[], ['--quiet'], ['--json']])(
  'SIGUSR1 prints progress on standard error: %j',
  async (options, { trees }) => {
    await writeManyFiles(trees);
    const { status, stdout, stderr } = await runCli(
      [trees.source, trees.destination, ...SLOWLY, ...options],
      {
        onStart: (child) => {
          let told = '';
          child.stderr?.on('data', (chunk: Buffer) => {
            told += chunk.toString();
            if (/Syncing: [1-9]/.test(told) && !/SIGTERM/.test(told)) child.kill('SIGTERM');
          });
          onceWriting(trees, () => {
            const asking = setInterval(() => {
              child.kill('SIGUSR2');
              child.kill('SIGUSR1');
            }, 50);
            child.on('exit', () => clearInterval(asking));
          })(child);
        },
      },
    );
    expect(stderr).toMatch(/^efs-sync: Syncing: \d+ of 201 files, [\d.]+ \w+ of [\d.]+ MiB/m);
    expect(stdout).not.toContain('efs-sync: Syncing');
    expect(status, stderr).toBe(20);
  },
);
