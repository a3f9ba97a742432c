/**
 * A file named by the operator that cannot be opened, read or written now delays nobody. The first signal
 * ends the wait with status 20, --timeout with 30, and a run goes on while its outputs wait.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { withLatfs, type Latfs } from '../support/latfs.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { CLI, cleanEnvironment, runCli } from '../support/run-cli.ts';
import { expectSame, test, type Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

const TREE = { a: file('x'), d: dir({ b: file('y') }) };
const LONG = { timeout: 180_000 };

type Arguments = (path: string, trees: Trees) => readonly string[];

function option(name: string): Arguments {
  return (path, { source, destination }) => [source, destination, `--${name}=${path}`];
}

/** Options and commands that accept files other than regular ones. */
const WAITING: readonly (readonly [string, Arguments])[] = [
  ...['log-file', 'emf', 'files-from', 'exclude-from', 'include-from'].map(
    (name) => [`--${name}`, option(name)] as const,
  ),
  ['run', (path) => ['run', path]],
  [
    'preflight --files-from',
    (path, { source, destination }) => ['preflight', source, destination, `--files-from=${path}`],
  ],
  [
    '--print-config --exclude-from',
    (path, trees) => [...option('exclude-from')(path, trees), '--print-config'],
  ],
];

/** True if one of its threads waits in this kernel function (wchan in proc(5)). */
function waitsIn({ pid }: ChildProcess, place: RegExp): boolean {
  const tasks = `/proc/${pid}/task`;
  return (
    existsSync(tasks) && readdirSync(tasks).some((task) => place.test(placeOf(join(tasks, task, 'wchan'))))
  );
}

/** Tolerates a thread that ends meanwhile. */
function placeOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toMatch(/ENOENT|ESRCH/);
    return '';
  }
}

/** Polls until the process ends. */
function signalOnce(
  signal: NodeJS.Signals,
  isTime: (child: ChildProcess) => boolean,
): (child: ChildProcess) => void {
  return (child) => {
    const timer = setInterval(() => {
      if (!isTime(child)) return;
      clearInterval(timer);
      child.kill(signal);
    }, 50);
    child.on('exit', () => clearInterval(timer));
  };
}

describe('a FIFO that nobody else has open', () => {
  test.for(
    WAITING.flatMap(([what, args]) =>
      (['SIGINT', 'SIGTERM'] as const).map((signal) => ({ what, args, signal })),
    ),
  )('$what: $signal', LONG, async ({ args, signal }, { trees }) => {
    await writeTree(trees.source, TREE);
    const fifo = join(trees.directory, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const onStart = signalOnce(signal, (child) => waitsIn(child, /fifo|wait_for_partner/));
    const { status, stderr } = await runCli(args(fifo, trees), { onStart });
    expect(stderr).toMatch(new RegExp(`efs-sync: interrupted while waiting for .*${fifo}`));
    expect([status, readdirSync(trees.destination)]).toEqual([20, []]);
  });

  test.for(WAITING)('%s: --timeout', LONG, async ([, args], { trees }) => {
    await writeTree(trees.source, TREE);
    const fifo = join(trees.directory, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const { status, stderr } = await runCli([...args(fifo, trees), '--timeout=1']);
    expect(stderr).toMatch(new RegExp(`efs-sync: no progress for 1 s: waiting for .*${fifo}`));
    expect([status, readdirSync(trees.destination)]).toEqual([30, []]);
  });

  test.for(['report=r.json', 'metrics=m.prom', 'manifest=m', 'limits-file=l'])(
    '--%s is refused: it needs a regular file',
    LONG,
    async (named, { trees }) => {
      const [name = '', fifo = ''] = named.split('=');
      execFileSync('mkfifo', [join(trees.directory, fifo)]);
      const { status, stderr } = await runCli(option(name)(join(trees.directory, fifo), trees));
      expect(stderr).toContain('Not a regular file');
      expect(status).toBe(1);
    },
  );

  test('gets the log once it has a reader', LONG, async ({ trees }) => {
    await writeTree(trees.source, TREE);
    const fifo = join(trees.directory, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const reader = spawn('cat', [fifo]);
    let text = '';
    reader.stdout.on('data', (part: Buffer) => (text += part.toString()));
    const hasRead = once(reader, 'close');
    const { status } = await runCli(option('log-file')(fifo, trees));
    await hasRead;
    expect([status, text]).toEqual([0, expect.stringMatching(/\] Success/)]);
    await expectSame(trees);
  });
});

describe('standard input that never ends', () => {
  test.for(['SIGINT', 'SIGTERM'] as const)('--files-from=-: %s', LONG, async (signal, { trees }) => {
    const args = [CLI, trees.source, trees.destination, '--files-from=-'];
    const child = spawn(process.execPath, args, { env: cleanEnvironment() });
    child.stdin.write('a\n');
    signalOnce(signal, (running) => waitsIn(running, /pipe_read|unix_stream|skb/))(child);
    const [status] = (await once(child, 'exit')) as [number | null];
    expect(status).toBe(20);
  });
});

/** Uses the shell's pipes. Node's are sockets, which cannot be opened by name. */
async function inShell(script: string, args: readonly string[]): Promise<[number | null, string]> {
  const child = spawn('sh', ['-c', script, process.execPath, CLI, ...args], { env: cleanEnvironment() });
  let text = '';
  child.stdout.on('data', (part: Buffer) => (text += part.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return [status, text];
}

describe('descriptors of the process can be files', () => {
  test.for(['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])(
    '--log-file=%s',
    LONG,
    async (path, { trees }) => {
      await writeTree(trees.source, TREE);
      const script = '{ "$0" "$@" && echo "exit 0"; } | cat';
      const [, text] = await inShell(script, [...option('log-file')(path, trees), '-q']);
      expect(text).toMatch(/\] Success[^]*exit 0\n$/);
    },
  );

  test.for(['/dev/stdin', '/dev/fd/0', '-'])('--files-from=%s', LONG, async (path, { trees }) => {
    await writeTree(trees.source, TREE);
    const [status] = await inShell('echo a | "$0" "$@"', option('files-from')(path, trees));
    expect([status, readdirSync(trees.destination)]).toEqual([0, ['a']]);
  });
});

const OUTPUTS = ['log-file=log', 'report=r.json', 'metrics=m.prom', 'emf=emf', 'manifest=m'] as const;

const timeOf = (root: string): bigint => statSync(root, { bigint: true }).mtimeNs;

/** Mounts a file system for outputs alone. */
async function onLatfs({ directory }: Trees, use: (latfs: Latfs) => Promise<void>): Promise<void> {
  const backing = join(directory, 'backing');
  mkdirSync(backing);
  await withLatfs({ backing, mountPoint: join(directory, 'mounted') }, [], use);
}

describeWith(['latfs'], 'an output on a server that does not answer', () => {
  test.for(OUTPUTS)('--%s, when it is opened', LONG, async (named, { trees }) => {
    await writeTree(trees.source, TREE);
    await onLatfs(trees, async (latfs) => {
      const { mountPoint } = latfs;
      latfs.ctl('op=create', 'action=hang');
      const output = `--${named.replace('=', `=${mountPoint}/`)}`;
      const timedOut = await runCli([trees.source, trees.destination, output, '--timeout=1']);
      expect(timedOut.stderr).toContain(`no progress for 1 s: waiting for ${output}`);
      const onStart = signalOnce('SIGTERM', (child) => waitsIn(child, /fuse|request_wait/));
      const interrupted = await runCli([trees.source, trees.destination, output], { onStart });
      expect(interrupted.stderr).toContain(`interrupted while waiting for ${output}`);
      expect([timedOut.status, interrupted.status, readdirSync(trees.destination)]).toEqual([30, 20, []]);
    });
  });

  test.for(OUTPUTS)('--%s, when it is written: the sync is complete', LONG, async (named, { trees }) => {
    await writeTree(trees.source, TREE);
    await onLatfs(trees, async (latfs) => {
      const { mountPoint } = latfs;
      latfs.ctl('op=write', 'action=hang');
      const output = `--${named.replace('=', `=${mountPoint}/`)}`;
      const timedOut = await runCli([trees.source, trees.destination, output, '-q', '--timeout=10']);
      expect(timedOut.stderr).toContain(`cannot write ${output}: `);
      await expectSame(trees);
      writeFileSync(join(trees.source, 'more'), 'more');
      // The root gets its time last: a name alone may be seen while the run only looks at the output.
      const isDone = () => timeOf(trees.destination) === timeOf(trees.source);
      const onStart = signalOnce('SIGTERM', (child) => isDone() && waitsIn(child, /fuse|request_wait/));
      const interrupted = await runCli([trees.source, trees.destination, output, '-q'], { onStart });
      expect(interrupted.stderr).toContain(`cannot write ${output}: `);
      expect([timedOut.status, interrupted.status]).toEqual([30, 20]);
      await expectSame(trees);
    });
  });

  test('--report: the previous one stays complete', LONG, async ({ trees }) => {
    await writeTree(trees.source, TREE);
    await onLatfs(trees, async (latfs) => {
      const { mountPoint } = latfs;
      const report = join(mountPoint, 'r.json');
      writeFileSync(report, 'before');
      latfs.ctl('op=write', 'errno=ENOSPC');
      const { status, stderr } = await runCli([trees.source, trees.destination, `--report=${report}`]);
      expect(stderr).toContain('No space left on device');
      expect([status, readFileSync(report, 'utf8'), readdirSync(mountPoint)]).toEqual([
        11,
        'before',
        ['r.json'],
      ]);
    });
  });
});
