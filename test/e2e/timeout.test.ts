/**
 * With --timeout a call that never returns ends the run, and is named with its file and mount, whichever call
 * it is.
 */
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

/** strace delays every call that can read the file for far longer than the test runs. */
const READS = 'copy_file_range,read,pread64';
const HANG = ['-e', `trace=${READS}`, '-e', `inject=${READS}:delay_enter=600000000`];

describeWith(['strace'], 'a call that hangs', () => {
  test('is named', async ({ trees }) => {
    const path = join(trees.source, 'large');
    writeFileSync(path, Buffer.alloc(1024 * 1024, 1));
    const tracing = ['-f', '-qq', '-o', '/dev/null', '-P', path, ...HANG];
    // Under strace on a busy machine, the earlier calls may take a second.
    const args = [...tracing, process.execPath, CLI, '--timeout=5'];
    const child = spawn('strace', [...args, trees.source, trees.destination], { env: tracedEnvironment() });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    const told = new RegExp(`no progress for 5 s: waiting for \\w+ of "${path}"`);
    // strace cannot detach from a thread that it delays, so kill both.
    const isTold = () => expect(stderr).toMatch(told);
    await vi.waitFor(isTold, { timeout: 30_000, interval: 50 }).finally(() => child.kill('SIGKILL'));
  });
});

type Side = 'source' | 'destination';

interface Hang {
  readonly side: Side;
  readonly operation: string;
  /** A glob from the root of the mount. */
  readonly path: string;
  /** Text that the message must contain; `@` stands for the mount point. */
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
  hang('destination', 'create /.efs-sync-*/a', 'writing to "@" on "@" ("%"): "new/a"'),
  hang('destination', 'write /.efs-sync-*/a', 'writing to "@" on "@" ("%"): "new/a"'),
  hang('destination', 'write /kept/.efs-sync-*', 'writing to "@" on "@" ("%"): "kept/f"'),
  hang('destination', 'flush /.efs-sync-*/a', 'waiting for close; writing to "@" on "@" ("%"): "new/a"'),
  hang('destination', 'fsync /.efs-sync-*/a', 'writing to "@" on "@" ("%"): "new/a"', '--fsync'),
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

/** Equal trees give verify something to compare. Different trees need copies, replacements and deletions. */
async function writeTrees(trees: Trees, areSame: boolean): Promise<void> {
  resetTrees(trees);
  const tree = { new: dir({ a: file('a') }), old: file('after'), kept: dir({ f: file('after') }) };
  await writeTree(trees.source, tree);
  const other = { old: file('before it'), kept: dir({ f: file('before it') }), extra: dir({ x: file() }) };
  await writeTree(trees.destination, areSame ? tree : other);
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
        // A worker may need a second to start on a busy machine.
        const options = isVerifying ? ['--timeout=3'] : ['--timeout=3', '--verify=none'];
        const { status, stderr } = await runCli([...args, mounted.source, mounted.destination, ...options]);
        expect(stderr).toMatch(/^efs-sync: no progress for 3 s: waiting for /m);
        expect(stderr).toContain(told.replaceAll('@', mountPoint).replaceAll('%', trees[side]));
        expect(stderr).toContain(`on "${mountPoint}" ("${trees[side]}")`);
        expect(status).toBe(30);
      });
    },
  );

  test('and blocks the main thread is reported by another thread', async ({ trees }) => {
    await writeTrees(trees, false);
    const mountPoint = join(trees.directory, 'mounted');
    await withLatfs({ backing: trees.source, mountPoint }, [], async (latfs) => {
      // The root answers at first, and hangs when its latency is measured.
      latfs.ctl('op=getattr', 'action=hang', 'path_glob=/', 'after=2');
      const { status, stderr } = await runCli([mountPoint, trees.destination, '--timeout=1']);
      const told = `efs-sync: no progress for 2 s: waiting for statx of "${mountPoint}"`;
      expect(stderr).toBe(`${told} on "${mountPoint}" ("${trees.source}")\n`);
      expect(status).toBe(30);
    });
  });

  test('and blocks the whole thread pool does not keep the run from ending', async ({ trees }) => {
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

  test('without --timeout causes one warning after half a minute, and may still return', async ({
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
          message: expect.stringMatching(/^no progress for 30 s: waiting for \w+ of ".*\/a" on /),
        }),
      ]);
      expect(status).toBe(0);
    });
  });
});
