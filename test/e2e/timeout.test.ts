/** With --timeout a call that never returns ends the run, and is named with its file and mount, whatever it is. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { jsonEvents } from '../support/json-report.ts';
import { withLatfs } from '../support/latfs.ts';
import { writeTree } from '../support/oracle.ts';
import { describeWith } from '../support/requirements.ts';
import { tracedEnvironment, CLI, runCli } from '../support/run-cli.ts';
import { resetTrees, test, type Trees } from '../support/scenario.ts';
import { dir, file } from '../support/tree.ts';

/** strace holds each call that can read the file back for far longer than the test waits. */
const READS = 'copy_file_range,read,pread64';
const HANG = ['-e', `trace=${READS}`, '-e', `inject=${READS}:delay_enter=600000000`];

describeWith(['strace'], 'a call that hangs', () => {
  test('is named', async ({ trees }) => {
    const path = join(trees.source, 'large');
    writeFileSync(path, Buffer.alloc(1024 * 1024, 1));
    const tracing = ['-f', '-qq', '-o', '/dev/null', '-P', path, ...HANG];
    const args = [...tracing, process.execPath, CLI, '--timeout=1'];
    const child = spawn('strace', [...args, trees.source, trees.destination], { env: tracedEnvironment() });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    const told = new RegExp(`nothing has moved for 1 s: waiting for \\w+ of "${path}"`);
    // strace cannot let go of a thread it holds back, and takes the process with it.
    const isTold = () => expect(stderr).toMatch(told);
    await vi.waitFor(isTold, { timeout: 30_000, interval: 50 }).finally(() => child.kill('SIGKILL'));
  });
});

type Side = 'source' | 'destination';

interface Hang {
  readonly side: Side;
  readonly operation: string;
  /** As a glob, from the root of the mount. */
  readonly path: string;
  /** What is to be said is waited for; `@` is the mount point. */
  readonly told: string;
  readonly args: readonly string[];
}

function hang(side: Side, call: string, told: string, ...args: string[]): Hang {
  const [operation = '', path = ''] = call.split(' ');
  return { side, operation, path, told, args };
}

const HANGS = [
  hang('source', 'opendir /', 'open of "@"'),
  hang('source', 'opendir /new', 'openat2 of "@/new"'),
  hang('source', 'readdir /new', 'getdents64 of "@/new"'),
  hang('source', 'lookup /new', 'of "@/new"'),
  hang('source', 'getattr /', 'statx of "@"'),
  hang('source', 'open /new/a', 'openat of "@/new/a"'),
  hang('source', 'read /new/a', 'of "@/new/a"'),
  hang('destination', 'opendir /', 'open of "@"'),
  hang('destination', 'lookup /old', 'of "@/old"'),
  hang('destination', 'create /.efs-sync-*/a', 'being written to "@" on "@" ("%"): "new/a"'),
  hang('destination', 'write /.efs-sync-*/a', 'being written to "@" on "@" ("%"): "new/a"'),
  hang('destination', 'write /.efs-sync-*', 'being written to "@" on "@" ("%"): "old"'),
  hang(
    'destination',
    'flush /.efs-sync-*/a',
    'waiting for close; being written to "@" on "@" ("%"): "new/a"',
  ),
  hang('destination', 'fsync /.efs-sync-*/a', 'being written to "@" on "@" ("%"): "new/a"', '--fsync'),
  hang('destination', 'mkdir /.efs-sync-*', 'mkdirat of "@/.efs-sync-'),
  hang('destination', 'utimens /new', 'futimens of "@/new"'),
  hang('destination', 'rename /old', 'renameat of "@/old"'),
  hang('destination', 'unlink /extra/x', 'unlinkat of "@/extra/x"', '--delete'),
  hang('destination', 'rmdir /extra', 'unlinkat of "@/extra"', '--delete'),
  hang('source', 'readdir /new', 'getdents64 of "@/new"', 'verify'),
  hang('destination', 'getattr /old', 'statx of "@/old"', 'verify'),
  hang('destination', 'read /old', 'pread of "@/old"', 'verify'),
  hang('source', 'readdir /new', 'getdents64 of "@/new"', 'preflight'),
  hang('destination', 'create /.efs-sync-*', 'openat of "@/.efs-sync-', 'preflight'),
];

/** Where there is something to compare, and to copy, replace and delete where not both are the same. */
async function writeTrees(trees: Trees, areSame: boolean): Promise<void> {
  resetTrees(trees);
  const tree = { new: dir({ a: file('a') }), old: file('after') };
  await writeTree(trees.source, tree);
  await writeTree(trees.destination, areSame ? tree : { old: file('before it'), extra: dir({ x: file() }) });
}

describeWith(['latfs'], 'a call that hangs in a server', () => {
  test.for(HANGS)(
    '$side $operation $path $args',
    async ({ side, operation, path, told, args }, { trees }) => {
      const isVerifying = args[0] === 'verify';
      await writeTrees(trees, isVerifying);
      const mountPoint = join(trees.directory, 'mounted');
      await withLatfs({ backing: trees[side], mountPoint }, [], async (latfs) => {
        latfs.ctl(`op=${operation}`, 'action=hang', `path_glob=${path}`);
        const mounted = { ...trees, [side]: mountPoint };
        const options = isVerifying ? ['--timeout=1'] : ['--timeout=1', '--verify=none'];
        const { status, stderr } = await runCli([...args, mounted.source, mounted.destination, ...options]);
        expect(stderr).toMatch(/^efs-sync: nothing has moved for 1 s: waiting for /m);
        expect(stderr).toContain(told.replaceAll('@', mountPoint).replaceAll('%', trees[side]));
        expect(stderr).toContain(`on "${mountPoint}" ("${trees[side]}")`);
        expect(status).toBe(30);
      });
    },
  );

  test('and the main thread with it, is told of by another', async ({ trees }) => {
    await writeTrees(trees, false);
    const mountPoint = join(trees.directory, 'mounted');
    await withLatfs({ backing: trees.source, mountPoint }, [], async (latfs) => {
      // The root is there, and hangs when its latency is measured.
      latfs.ctl('op=getattr', 'action=hang', 'path_glob=/', 'after=2');
      const { status, stderr } = await runCli([mountPoint, trees.destination, '--timeout=1']);
      const told = `efs-sync: nothing has moved for 2 s: waiting for statx of "${mountPoint}"`;
      expect(stderr).toBe(`${told} on "${mountPoint}" ("${trees.source}")\n`);
      expect(status).toBe(30);
    });
  });

  test('holds all threads of the pool, and the run ends even so', async ({ trees }) => {
    const many = Array.from({ length: 200 }, (_, index) => [`f${index}`, file('x')] as const);
    await writeTree(trees.source, { d: dir(many) });
    const mountPoint = join(trees.directory, 'mounted');
    await withLatfs({ backing: trees.source, mountPoint }, ['--latency', '1'], async (latfs) => {
      latfs.ctl('op=open', 'action=hang');
      const env = { UV_THREADPOOL_SIZE: '4' };
      const args = [mountPoint, trees.destination, '--timeout=1', '--concurrency=32'];
      const { status, stderr } = await runCli(args, { env });
      expect(stderr).toMatch(/waiting for openat of ".*\/d\/f\d+" on .* and \d+ more/);
      expect([status, latfs.stats().hung]).toEqual([30, 0]);
    });
  });

  test('without --timeout is warned of once, after half a minute, and may still come back', async ({
    trees,
  }) => {
    await writeTree(trees.source, { a: file('a') });
    const mountPoint = join(trees.directory, 'mounted');
    await withLatfs({ backing: trees.source, mountPoint }, [], async (latfs) => {
      latfs.ctl('op=read', 'action=hang');
      const ended = runCli([mountPoint, trees.destination, '--json'], {
        onStart: (child) => {
          child.stdout?.on('data', (text: Buffer) => {
            if (text.includes('"warning"')) setTimeout(() => latfs.ctl('unhang'), 1000);
          });
        },
      });
      const { status, stdout } = await ended;
      const warnings = jsonEvents(stdout).filter(({ event }) => event === 'warning');
      expect(warnings).toEqual([
        expect.objectContaining({
          message: expect.stringMatching(/^nothing has moved for 30 s: waiting for \w+ of ".*\/a" on /),
        }),
      ]);
      expect(status).toBe(0);
    });
  });
});
