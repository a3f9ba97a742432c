/**
 * A service manager that listens learns that the run has begun, its progress, that it is alive, and how it
 * ends.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { writeTree } from '../support/oracle.ts';
import { run, sync, test, type SyncOptions, type Trees } from '../support/scenario.ts';
import { onceWriting, writeManyFiles } from '../support/slow-sync.ts';
import { file } from '../support/tree.ts';

const LISTENER = fileURLToPath(new URL('../support/notify-socket.py', import.meta.url));

interface Heard {
  /** The `NAME=value` lines, in order of arrival. */
  readonly lines: readonly string[];
  readonly pids: ReadonlySet<number>;
}

/** Collects what is sent to the socket while `body` runs. */
async function listenAt(name: string, body: () => Promise<unknown>): Promise<Heard> {
  const listener = spawn('python3', ['-B', LISTENER, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(listener, 'close');
  const output = createInterface({ input: listener.stdout });
  await once(output, 'line');
  const messages: [number, string][] = [];
  output.on('line', (line) => messages.push(JSON.parse(line) as [number, string]));
  try {
    await body();
    await expect.poll(() => messages.at(-1)?.[1]).toBe('STOPPING=1');
  } finally {
    listener.kill();
    await ended;
  }
  return {
    lines: messages.flatMap(([, text]) => text.split('\n')),
    pids: new Set(messages.map(([pid]) => pid)),
  };
}

async function heardOf(trees: Trees, args: string[], options: SyncOptions = {}): Promise<Heard> {
  const name = join(trees.directory, 'notify');
  return listenAt(name, async () =>
    sync(trees, args, { ...options, env: { ...options.env, NOTIFY_SOCKET: name } }),
  );
}

test('“ready”, each phase and the result come from the process itself', async ({ trees }) => {
  await writeTree(trees.source, { a: file('x') });
  let pid: number | undefined;
  const heard = await heardOf(trees, ['-q'], { onStart: (child) => (pid = child.pid) });
  expect(heard.pids).toEqual(new Set([pid]));
  const all = heard.lines.map((line) => line.replace(/: .*/, ': …'));
  // On a busy machine a phase tells its progress more than once.
  const lines = all.filter((line, index) => line !== all[index - 1]);
  expect(lines).toEqual([
    ...['READY=1', 'STATUS=Starting', 'STATUS=Preparing', 'STATUS=Preparing: …', 'STATUS=Syncing'],
    ...['STATUS=Syncing: …', 'STATUS=Verifying', 'STATUS=Verifying: …', 'STATUS=Success', 'STOPPING=1'],
  ]);
  expect(heard.lines).toContainEqual(expect.stringMatching(/^STATUS=Preparing: 1 entry listed; 1 file /));
});

test('an abstract socket, and a run that takes its time', async ({ trees }) => {
  await writeManyFiles(trees);
  const name = `@efs-sync-test-${process.pid}-${Date.now()}`;
  const env = { NOTIFY_SOCKET: name, WATCHDOG_USEC: '300000' };
  const { lines } = await listenAt(name, async () =>
    sync(trees, ['--bwlimit=500', '--verify=none'], { env }),
  );
  expect(lines.filter((line) => /^STATUS=Syncing: [\d,]+ of 201 files, /.test(line)).length).toBeGreaterThan(
    1,
  );
  expect(lines.filter((line) => line === 'WATCHDOG=1').length).toBeGreaterThan(3);
});

test('no keep-alive if the watchdog is for another process', async ({ trees }) => {
  await writeManyFiles(trees);
  const env = { WATCHDOG_USEC: '30000', WATCHDOG_PID: '1' };
  const { lines } = await heardOf(trees, ['--bwlimit=5M'], { env });
  expect(lines).not.toContain('WATCHDOG=1');
});

test('keep-alives continue while a hook runs', async ({ trees }) => {
  // Two roots created in a row may differ by a clock tick.
  for (const root of [trees.source, trees.destination]) utimesSync(root, 1, 1);
  const task = {
    source: trees.source,
    destination: trees.destination,
    hooks: { after: 'sleep 2; echo later >&2' },
  };
  const path = join(trees.directory, 'task.yaml');
  writeFileSync(path, JSON.stringify(task));
  const name = join(trees.directory, 'notify');
  const env = { NOTIFY_SOCKET: name, WATCHDOG_USEC: '300000' };
  const { lines } = await listenAt(name, async () => {
    await run(['run', path], { env });
  });
  const after = lines.slice(lines.indexOf('STATUS=Success: nothing to transfer'));
  expect(after.filter((line) => line === 'WATCHDOG=1').length).toBeGreaterThan(3);
});

test('a signal: “stopping”', async ({ trees }) => {
  await writeManyFiles(trees);
  const { lines } = await heardOf(trees, ['--bwlimit=500'], {
    status: 20,
    onStart: onceWriting(trees, (child) => child.kill('SIGTERM')),
  });
  const stopping = lines.indexOf('STOPPING=1');
  expect(lines.slice(stopping, stopping + 2)).toEqual(['STOPPING=1', 'STATUS=Stopping and cleaning up']);
  expect(lines).toContain('STATUS=Interrupted');
});

test('a run that is refused was never ready', async ({ trees }) => {
  const { lines } = await heardOf({ ...trees, source: '/no/such' }, [], { status: 3 });
  expect(lines).not.toContain('READY=1');
  expect(lines[0]).toMatch(/^STATUS=Error: .*\/no\/such/);
});

test.for<[string, string]>([
  ['/no/such/socket', 'No such file or directory'],
  ['vsock:2:9', 'Invalid argument'],
  [`/${'x'.repeat(200)}`, 'Invalid argument'],
])(
  'a socket %s that cannot be written is reported once, and the sync goes on',
  async ([name, reason], { trees }) => {
    await writeTree(trees.source, { a: file('x') });
    const { stderr } = await sync(trees, ['-q'], { env: { NOTIFY_SOCKET: name } });
    expect(stderr).toBe(`efs-sync: warning: cannot notify NOTIFY_SOCKET=${name}: ${reason}\n`);
  },
);
